/* `latchkey store`: is it sound, a copy of it while it is in use, a copy put back in its place,
 * and all of it in another folder. */
#include "cli/cli.h"
#include "cli/output.h"
#include "serve/offline.h"
#include "serve/restore.h"
#include "serve/store_copy.h"

#include <stdio.h>
#include <string.h>

struct arguments {
    struct cli common;
    struct cli_words words;
    const char *audit;
    bool without_audit;
    bool force;
};

enum { KEY_AUDIT = 0x200, KEY_NO_AUDIT };

static const struct argp_option options[] = {
    {"audit", KEY_AUDIT, "FILE|FOLDER", 0, "restore: the trail whose deletions are done again; default: that of the data folder", 1},
    {"no-audit", KEY_NO_AUDIT, 0, 0, "restore: nothing is deleted again, revoked tokens live again", 1},
    {"force", 'f', 0, 0, "restore: a store that is there is moved aside", 1},
    {0},
};

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct arguments *a = state->input;
    switch (key) {
    case KEY_AUDIT: a->audit = value; return 0;
    case KEY_NO_AUDIT: a->without_audit = true; return 0;
    case 'f': a->force = true; return 0;
    default: return cli_parse_rest(key, value, state, &a->common, &a->words);
    }
}

static const struct argp parser = {.options = options, .parser = parse, .children = cli_common_children};

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
    fprintf(stderr, "%s is a copy of the store. The server key is not in it: see latchkey key backup. Nor is what"
                    " tokens were used for (usage.db), which is no part of the store.\n", copy);
    return DONE;
}

static json_t *changed_roles(const struct restore_result *r)
{
    json_t *list = json_array();
    for (size_t i = 0; i < r->changed_n && i < RESTORE_ROLES_SHOWN; i++) {
        char id[UUID_TEXT + 1];
        uuid_text(&r->changed[i], id);
        (void)json_array_append_new(list, json_string(id));
    }
    return list;
}

static void warn(const struct restore_result *r, bool without_audit)
{
    if (r->changed_n) {
        fprintf(stderr, "%zu roles were changed after the backup and are as in it: look at them before you start the"
                        " daemon's doors.\n", r->changed_n);
    }
    if (r->exports) {
        fprintf(stderr, "%zu audit exports were ended, for the trail says that they were ended or changed after the"
                        " backup: set up what is meant (latchkey audit export).\n", r->exports);
    }
    if (without_audit) fprintf(stderr, "Tokens that were revoked after the backup live again.\n");
    if (r->moved_aside) fprintf(stderr, "The former store is latchkey.db.before in the data folder.\n");
}

static err restore(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    struct restore_wish wish = {.data = a->common.data, .audit = a->audit,
                                .without_audit = a->without_audit, .force = a->force};
    struct restore_result r;
    TRY(cli_word(&a->words, 0, "the backup to restore", &wish.backup, note));
    if (a->audit && a->without_audit) {
        return note_fail(note, FAIL(USAGE), "--audit and --no-audit exclude one another");
    }
    TRY(restore_run(&wish, &r, note));
    json_t *out = json_pack("{s:b, s:I, s:I, s:I, s:I, s:I, s:o}", "restored", 1, "tokensDeletedAgain",
                            (json_int_t)r.tokens, "rolesDeletedAgain", (json_int_t)r.roles,
                            "databasesRemovedAgain", (json_int_t)r.databases, "membersRemovedAgain",
                            (json_int_t)r.members, "auditExportsEnded", (json_int_t)r.exports, "rolesChangedLater",
                            changed_roles(&r));
    static const struct output_column columns[] = {
        {"restored", "restored", NULL},
        {"tokens deleted again", "tokensDeletedAgain", NULL},
        {"roles deleted again", "rolesDeletedAgain", NULL},
        {"databases removed again", "databasesRemovedAgain", NULL},
        {"members removed again", "membersRemovedAgain", NULL},
        {"audit exports ended", "auditExportsEnded", NULL},
        {"roles changed later", "rolesChangedLater", NULL},
    };
    output_object(&a->common, out, columns, 7);
    json_decref(out);
    warn(&r, a->without_audit);
    return DONE;
}

static err copy(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    const char *from;
    const char *to;
    struct store_copy_result r;
    TRY(cli_word(&a->words, 0, "the data folder to copy", &from, note));
    TRY(cli_word(&a->words, 1, "the new data folder", &to, note));
    if (a->common.data_given) return note_fail(note, FAIL(USAGE), "store copy FROM TO names both folders: no --data");
    TRY(store_copy_run(from, to, &r, note));
    json_t *out = json_pack("{s:b, s:I, s:I, s:I}", "copied", 1, "sequence", (json_int_t)r.numbers.sequence, "tokens",
                            (json_int_t)r.numbers.records[RECORD_TOKEN], "auditRecords", (json_int_t)r.audit_records);
    static const struct output_column columns[] = {
        {"copied", "copied", NULL},
        {"sequence", "sequence", NULL},
        {"tokens", "tokens", NULL},
        {"audit records", "auditRecords", NULL},
    };
    output_object(&a->common, out, columns, 4);
    json_decref(out);
    fprintf(stderr, "%s and %s are one installation now: serve one of them only.\n", from, to);
    return DONE;
}

static const struct cli_verb verbs[] = {
    {"check", check, 0},
    {"backup", backup, 1},
    {"restore", restore, 1},
    {"copy", copy, 2},
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
