/* A subcommand's options are known to its own file alone, until it hands them to cli_parse. So each is
 * called, and left at that point: nothing before it does more than fill in defaults. */
#include "cli/command_rows.h"

#include "base/check.h"
#include "cli/cli.h"

#include <setjmp.h>

static const struct {
    struct command_row row;
    int (*run)(int argc, char **argv);
} rows[] = {
#define COMMAND(name, run, arguments, help, example) {{name, arguments, help, example, NULL}, run},
#include "cli/command.def"
#undef COMMAND
};

enum { ROWS = sizeof rows / sizeof *rows };

static bool asking;
static jmp_buf back;
static const struct argp *told;

void command_rows_told(const struct argp *parser)
{
    if (!asking) return;
    asking = false;
    told = parser;
    longjmp(back, 1);
}

size_t command_rows_n(void)
{
    return ROWS;
}

static const struct argp *ask(size_t i)
{
    static char name[] = "latchkey";
    char *argv[] = {name, NULL};
    asking = true;
    told = NULL;
    if (setjmp(back) == 0) (void)rows[i].run(1, argv);
    CHECK(told);
    return told;
}

struct command_row command_rows_at(size_t i)
{
    struct command_row row = rows[i].row;
    row.parser = ask(i);
    return row;
}

/* Behind the next bar that stands between verbs, and not inside of brackets. */
static const char *next_verb(const char *text)
{
    unsigned depth = 0;
    for (; *text; text++) {
        if (*text == '[') depth++;
        if (*text == ']' && depth) depth--;
        if (*text == '|' && depth == 0) return text + 1;
    }
    return text;
}

bytes command_rows_verb(const char **arguments)
{
    const char *from = *arguments;
    const size_t n = strcspn(from, "| ");
    *arguments = next_verb(from + n);
    return bytes_of(from, n);
}

void command_rows_options(const struct argp *parser, void (*show)(void *owner, const struct argp_option *o, bool common),
                          void *owner)
{
    const bool common = parser == &cli_common_argp;
    for (const struct argp_option *o = parser->options; o && (o->name || o->key); o++) show(owner, o, common);
    for (const struct argp_child *c = parser->children; c && c->argp; c++) {
        command_rows_options(c->argp, show, owner);
    }
}
