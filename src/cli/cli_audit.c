/* `latchkey audit`: the newest records, and whether a trail is whole. Reads the files; needs no daemon. */
#include "cli/cli.h"
#include "cli/output.h"
#include "serve/offline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TAIL_DEFAULT = 20, TAIL_MAX = 100000 };

struct arguments {
    struct cli common;
    struct cli_words words;
    const char *count;
    const char *head;
};

static const struct argp_option options[] = {
    {"lines", 'n', "N", 0, "tail: so many (20)", 1},
    {"head", 'H', "SEQ:HASH", 0, "verify: a record that was seen before and must be there", 1},
    {0},
};

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct arguments *a = state->input;
    switch (key) {
    case ARGP_KEY_INIT: state->child_inputs[0] = &a->common; return 0;
    case 'n': a->count = value; return 0;
    case 'H': a->head = value; return 0;
    case ARGP_KEY_ARG: return cli_take_word(state, &a->words, value);
    default: return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child children[] = {{&cli_common_argp, 0, NULL, 10}, {0}};
static const struct argp parser = {.options = options, .parser = parse, .children = children};

static bool print_line(void *owner, bytes line)
{
    (void)owner;
    (void)fwrite(line.p, 1, line.n, stdout);
    if (line.n == 0 || line.p[line.n - 1] != '\n') putchar('\n');
    return true;
}

static err tail(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    char *end = NULL;
    const long n = a->count ? strtol(a->count, &end, 10) : TAIL_DEFAULT;
    if ((end && (*end || end == a->count)) || n < 1 || n > TAIL_MAX) {
        return note_fail(note, FAIL(USAGE), "-n takes a number from 1 to %d", TAIL_MAX);
    }
    return offline_audit_tail(a->common.data, (size_t)n, print_line, NULL, note);
}

static err verify(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    struct offline_audit_report r;
    const char *path = a->words.n > 1 ? a->words.list[1] : NULL;
    if (a->words.n > 2) {
        return note_fail(note, FAIL(USAGE), "audit verify takes one file, or the folder that holds them all");
    }
    TRY(offline_audit_verify(a->common.data, path, a->head, &r, note));
    json_t *out = json_pack("{s:b, s:I, s:I, s:I, s:s, s:b}", "whole", 1, "records", (json_int_t)r.records,
                            "first", (json_int_t)r.first, "last", (json_int_t)r.last, "hash", r.hash,
                            "olderFilesMissing", r.begins_later);
    static const struct output_column columns[] = {
        {"whole", "whole", NULL}, {"records", "records", NULL}, {"first", "first", NULL},
        {"last", "last", NULL},   {"hash", "hash", NULL},       {"older files missing", "olderFilesMissing", NULL},
    };
    output_object(&a->common, out, columns, 6);
    json_decref(out);
    return DONE;
}

static const struct cli_verb verbs[] = {
    {"tail", tail, 0},
    {"verify", verify, CLI_WORDS_MAX},
};

int cli_audit(int argc, char **argv)
{
    struct arguments a = {0};
    struct note note = {{0}};
    cli_init_common(&a.common);
    cli_parse(&parser, "audit", argc, argv, &a);
    const err e = cli_local_only(&a.common, &note);
    if (!err_is_ok(e)) return cli_fail_note(e, &note);
    return cli_run_verb("audit", verbs, sizeof verbs / sizeof *verbs, &a.words, &a);
}
