/* `latchkey audit`: the newest records, records that are looked for, whether a trail is whole, and where it is sent
 * on to. Only search and export need a daemon. */
#include "cli/cli_audit_export.h"
#include "cli/client.h"
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
    const char *from;
    const char *to;
    const char *actor;
    const char *subject;
    const char *event;
    const char *outcome;
    bool every_scope;
    struct cli_audit_export export; /* its options, the rest is in here */
};

enum { KEY_TOKEN = 0x200, KEY_AFTER, KEY_INDEX, KEY_SOURCE, KEY_SOURCETYPE };

static const struct argp_option options[] = {
    {"lines", 'n', "N", 0, "tail: so many (20); search: so many (100, at most 1000)", 1},
    {"from", 'f', "TIME", 0, "search: that happened then or later", 1},
    {"to", 't', "TIME", 0, "search: that happened before", 1},
    {"actor", 'a', "NAME", 0, "search: who did it", 1},
    {"subject", 's', "ID", 0, "search: what it was done to", 1},
    {"event", 'e', "NAME", 0, "search: its name, such as token.create, or token. for all of them", 1},
    {"outcome", 'o', "WORD", 0, "search: done, refused or failed", 1},
    {"every-scope", 'S', 0, 0, "search, export: of every organization and enterprise, and the daemon's own", 1},
    {"head", 'H', "SEQ:HASH", 0, "verify: a record that was seen before and must be there", 1},
    {"collector-token-file", KEY_TOKEN, "FILE", 0, "export: the token that goes with the records; - is standard input", 2},
    {"after", KEY_AFTER, "SEQ", 0, "export: from the record after this one on, 0: all; else those to come", 2},
    {"index", KEY_INDEX, "NAME", 0, "export splunk: the index, when not the token's", 2},
    {"source", KEY_SOURCE, "NAME", 0, "export splunk: the source, when not latchkey", 2},
    {"sourcetype", KEY_SOURCETYPE, "NAME", 0, "export splunk: the source type, when not _json", 2},
    {0},
};

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct arguments *a = state->input;
    switch (key) {
    case 'n': a->count = value; return 0;
    case 'H': a->head = value; return 0;
    case 'f': a->from = value; return 0;
    case 't': a->to = value; return 0;
    case 'a': a->actor = value; return 0;
    case 's': a->subject = value; return 0;
    case 'e': a->event = value; return 0;
    case 'o': a->outcome = value; return 0;
    case 'S': a->every_scope = true; return 0;
    case KEY_TOKEN: a->export.token_file = value; return 0;
    case KEY_AFTER: a->export.after = value; return 0;
    case KEY_INDEX: a->export.index = value; return 0;
    case KEY_SOURCE: a->export.source = value; return 0;
    case KEY_SOURCETYPE: a->export.sourcetype = value; return 0;
    default: return cli_parse_rest(key, value, state, &a->common, &a->words);
    }
}

static const struct argp parser = {.options = options, .parser = parse, .children = cli_common_children};

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
    TRY(cli_local_only(&a->common, note));
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
    TRY(cli_local_only(&a->common, note));
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

static const struct output_column found_columns[] = {
    {"TIME", "event.at", NULL},       {"EVENT", "event.name", NULL},   {"OUTCOME", "event.outcome", NULL},
    {"WHO", "event.who.name", NULL},  {"SUBJECT", "event.subject", NULL}, {"FROM", "event.peer", NULL},
};

static err search(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    char path[4096] = "/v2/audit";
    struct client_answer answer;
    const struct {
        const char *name;
        const char *value;
    } query[] = {{"limit", a->count},     {"from", a->from},       {"to", a->to},
                 {"actor", a->actor},     {"subject", a->subject}, {"event", a->event},
                 {"outcome", a->outcome}, {"all", a->every_scope ? "true" : NULL},
                 {"q", a->words.n > 1 ? a->words.list[1] : NULL}};
    for (size_t i = 0; i < sizeof query / sizeof *query; i++) {
        if (client_add_argument(path, sizeof path, query[i].name, query[i].value)) continue;
        return note_fail(note, FAIL(USAGE), "that is too much to ask at once");
    }
    TRY(client_call(&a->common, "GET", path, NULL, &answer, note));
    output_list(&a->common, json_object_get(answer.body, "records"), found_columns, 6);
    client_answer_drop(&answer);
    return DONE;
}

static err export(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    struct cli_audit_export x = a->export;
    x.common = &a->common;
    x.words = &a->words;
    x.every_scope = a->every_scope;
    return cli_audit_export(&x, note);
}

static const struct cli_verb verbs[] = {
    {"tail", tail, 0},
    {"search", search, 1},
    {"verify", verify, CLI_WORDS_MAX},
    {"export", export, CLI_WORDS_MAX},
};

int cli_audit(int argc, char **argv)
{
    struct arguments a = {0};
    cli_init_common(&a.common);
    cli_parse(&parser, "audit", argc, argv, &a);
    return cli_run_verb("audit", verbs, sizeof verbs / sizeof *verbs, &a.words, &a);
}
