/* `latchkey config`: the settings in force, and whether a file of them is right. */
#include "cli/cli.h"
#include "config/config.h"

#include <stdio.h>
#include <string.h>

struct arguments {
    struct cli_words words;
};

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct arguments *a = state->input;
    if (key != ARGP_KEY_ARG) return ARGP_ERR_UNKNOWN;
    return cli_take_word(state, &a->words, value);
}

static const struct argp parser = {.parser = parse};

static err run(const struct arguments *a, struct note *note)
{
    struct config c;
    const char *verb = cli_verb(&a->words);
    const bool show = strcmp(verb, "show") == 0;
    if (!show && strcmp(verb, "check") != 0) {
        return note_fail(note, FAIL(USAGE), "config show or check? See latchkey config --help");
    }
    TRY(cli_no_more_words(&a->words, 1, note));
    config_init(&c);
    err e = DONE;
    if (a->words.n > 1) {
        e = config_read(&c, a->words.list[1], note);
        if (err_is_ok(e) && !show) e = config_check_files(&c, note);
    } else if (!show) {
        e = note_fail(note, FAIL(USAGE), "config check FILE: the file is missing");
    }
    if (err_is_ok(e) && show) {
        struct wr w = wr_growing(1 << 20);
        config_write(&c, &w);
        (void)fwrite(w.p, 1, w.n, stdout);
        wr_drop(&w);
    }
    config_drop(&c);
    return e;
}

int cli_config(int argc, char **argv)
{
    struct arguments a = {0};
    struct note note = {{0}};
    cli_parse(&parser, "config", argc, argv, &a);
    const err e = run(&a, &note);
    return err_is_ok(e) ? 0 : cli_fail_note(e, &note);
}
