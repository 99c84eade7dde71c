/* `latchkey store`: is it sound, and a copy of it while it is in use. */
#include "cli/cli.h"
#include "cli/output.h"
#include "serve/offline.h"

#include <stdio.h>
#include <string.h>

struct arguments {
    struct cli common;
    struct cli_words words;
};

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct arguments *a = state->input;
    switch (key) {
    case ARGP_KEY_INIT: state->child_inputs[0] = &a->common; return 0;
    case ARGP_KEY_ARG: return cli_take_word(state, &a->words, value);
    default: return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child children[] = {{&cli_common_argp, 0, NULL, 10}, {0}};
static const struct argp parser = {.parser = parse, .children = children};

static err check(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    struct store_numbers n;
    TRY(offline_store_check(a->common.data, &n, note));
    json_t *out = json_pack("{s:b, s:I, s:I}", "sound", 1, "sequence", (json_int_t)n.sequence, "bytes",
                            (json_int_t)n.bytes);
    json_t *records = json_object();
    for (unsigned kind = 1; kind < RECORD_KINDS_END; kind++) {
        if (!record_kind_is_known(kind)) continue;
        (void)json_object_set_new(records, record_kind_name((enum record_kind)kind),
                                  json_integer((json_int_t)n.records[kind]));
    }
    (void)json_object_set_new(out, "records", records);
    static const struct output_column columns[] = {
        {"sound", "sound", NULL},          {"sequence", "sequence", NULL},
        {"bytes", "bytes", NULL},          {"organizations", "records.organization", NULL},
        {"databases", "records.database", NULL}, {"roles", "records.role", NULL},
        {"tokens", "records.token", NULL},
    };
    output_object(&a->common, out, columns, 7);
    json_decref(out);
    return DONE;
}

static err backup(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    const char *copy;
    TRY(cli_word(&a->words, 0, "the file to write", &copy, note));
    TRY(offline_store_backup(a->common.data, copy, note));
    fprintf(stderr, "%s is a copy of the store. The server key is not in it: see latchkey key backup.\n", copy);
    return DONE;
}

static const struct cli_verb verbs[] = {
    {"check", check, 0},
    {"backup", backup, 1},
};

int cli_store(int argc, char **argv)
{
    struct arguments a = {0};
    struct note note = {{0}};
    cli_init_common(&a.common);
    cli_parse(&parser, "store", argc, argv, &a);
    const err e = cli_local_only(&a.common, &note);
    if (!err_is_ok(e)) return cli_fail_note(e, &note);
    return cli_run_verb("store", verbs, sizeof verbs / sizeof *verbs, &a.words, &a);
}
