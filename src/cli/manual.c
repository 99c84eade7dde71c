/* The manual page latchkey(1): a section of commands from command.def and their parsers, exit codes from
 * err.def. */
#include "cli/manual.h"

#include "cli/cli.h"
#include "cli/command_rows.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* The day on which the words of this file changed last. */
#define MANUAL_DATE "2026-11-28"

enum { LINE = 60 }; /* columns of a line, where its words allow it */

/* A character beyond ASCII by its number, as groff and mandoc take it. Gives its last byte. */
static const char *put_point(const char *text)
{
    const unsigned char first = (unsigned char)*text;
    const int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
    unsigned point = first & (0x3fu >> more);
    for (int i = 0; i < more && text[1]; i++) point = point << 6 | ((unsigned char)*++text & 0x3fu);
    printf("\\[u%04X]", point);
    return text;
}

/* Text as roff takes it: no line begins with a control character, hyphens stay hyphens. */
static void put(const char *text)
{
    bool begins = true;
    for (; *text; text++) {
        if ((unsigned char)*text >= 0x80) {
            text = put_point(text);
            begins = false;
            continue;
        }
        if (begins && (*text == '.' || *text == '\'')) fputs("\\&", stdout);
        begins = *text == '\n';
        if (*text == '-') fputs("\\-", stdout);
        else if (*text == '\\') fputs("\\e", stdout);
        else if (*text == '\'') fputs("\\(aq", stdout);
        else if (*text == '`') fputs("\\(ga", stdout);
        else putchar(*text);
    }
}

/* Prose, in lines. */
static void put_prose(const char *text)
{
    while (strlen(text) > LINE) {
        char line[LINE + 1];
        int n = LINE;
        while (n > 0 && text[n] != ' ') n--;
        if (n == 0) break;
        (void)snprintf(line, sizeof line, "%.*s", n, text);
        put(line);
        putchar('\n');
        text += n + 1;
    }
    put(text);
}

static void put_option(void *owner, const struct argp_option *o, bool common)
{
    const bool want_common = *(const bool *)owner;
    if (common != want_common || !o->name) return;
    fputs(".TP\n.B ", stdout);
    if (o->key > 0 && o->key < 128 && isprint(o->key)) printf("\\-%c, ", o->key);
    put("--");
    put(o->name);
    if (o->arg) {
        fputs("\\fR=\\fI", stdout);
        put(o->arg);
        fputs("\\fR", stdout);
    }
    putchar('\n');
    put_prose(o->doc);
    putchar('\n');
}

static void put_command(const struct command_row *row)
{
    bool common = false;
    fputs(".SS latchkey ", stdout);
    put(row->name);
    if (*row->arguments) {
        putchar(' ');
        put(row->arguments);
    }
    putchar('\n');
    put_prose(row->help);
    fputs(".\n", stdout);
    command_rows_options(row->parser, put_option, &common);
    fputs(".PP\n.EX\n", stdout);
    put(row->example);
    fputs("\n.EE\n", stdout);
}

static void put_exit_codes(void)
{
    static const struct {
        int code;
        const char *says;
    } codes[] = {
        {0, "done"},
        {2, "the call makes no sense; see \\-\\-help"},
        {3, "invalid input"},
        {4, "not authenticated"},
        {5, "not permitted"},
        {6, "try again: the daemon is not there, busy or not ready"},
        {7, "not found"},
        {8, "conflict with what is there, or a check that found something"},
        {9, "internal error"},
    };
    fputs(".SH EXIT STATUS\n", stdout);
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        printf(".TP\n.B %d\n%s\n", codes[i].code, codes[i].says);
    }
}

void manual_print(void)
{
    bool common = true;
    printf(".TH LATCHKEY 1 " MANUAL_DATE " \"latchkey " LATCHKEY_VERSION "\" \"User Commands\"\n"
           ".SH NAME\nlatchkey \\- application tokens for Apache Cassandra\n"
           ".SH SYNOPSIS\n.B latchkey\n.I COMMAND\n.RI [ OPTIONS ]\n"
           ".SH DESCRIPTION\n"
           "A token authority and CQL gateway for self\\-run Apache Cassandra clusters.\n"
           "Most commands talk to the running daemon over the UNIX socket in its data\n"
           "folder, where the caller\\(aqs uid is its credential, or to a remote one with\n"
           ".B \\-\\-url\nand a token.\n"
           "Lists and objects are tables on a terminal and JSON elsewhere.\n"
           "A role is named by its id or its name, a database likewise.\n"
           ".SH COMMANDS\n");
    for (size_t i = 0; i < command_rows_n(); i++) {
        const struct command_row row = command_rows_at(i);
        put_command(&row);
    }
    fputs(".SH COMMON OPTIONS\nOf every command that talks to a daemon.\n", stdout);
    command_rows_options(&cli_common_argp, put_option, &common);
    fputs(".TP\n.B \\-\\-help\nwhat a command does, its options and an example\n", stdout);
    put_exit_codes();
    fputs(".SH ENVIRONMENT\n.TP\n.B LATCHKEY_TOKEN\nthe token for\n.BR \\-\\-url ;\nnever given as an argument, for "
          "arguments are visible to others\n.TP\n.B XDG_DATA_HOME\nthe data folder is\n.I latchkey\nin it, otherwise\n"
          ".I ~/.local/share/latchkey\n"
          ".SH FILES\nIn the data folder:\n.TP\n.I latchkey.sock\nthe socket of the local operator\n.TP\n"
          ".I server.key\nthe server keys; back them up apart from the store\n", stdout);
}
