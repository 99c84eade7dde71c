/* `latchkey db`: register, look at, check and remove clusters, and make a token for one. */
#include "cli/client.h"
#include "cli/output.h"

#include "base/clock.h"
#include "base/secret.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PAGE = 100, ROLE_MAX = 256 };

enum { WAIT_TRIES = 15, WAIT_PAUSE_MS = 200 };

struct arguments {
    struct cli common;
    struct cli_words words;
    const char *contact_points;
    const char *datacenter;
    const char *username;
    const char *password_file;
    const char *listen;
    const char *advertise;
    const char *expires;
};

enum {
    KEY_CONTACTS = 0x200,
    KEY_DATACENTER,
    KEY_USERNAME,
    KEY_PASSWORD,
    KEY_LISTEN,
    KEY_ADVERTISE
};

static const struct argp_option options[] = {
    {"contact-points", KEY_CONTACTS, "HOST:PORT,…", 0, "add: some of the cluster's nodes", 1},
    {"datacenter", KEY_DATACENTER, "DC", 0, "add: the datacenter whose nodes are used", 1},
    {"username", KEY_USERNAME, "U", 0, "add: the gateway's own role on the cluster", 1},
    {"password-file", KEY_PASSWORD, "FILE", 0, "add: its password", 1},
    {"listen", KEY_LISTEN, "ADDR:PORT", 0, "add: where drivers come in", 1},
    {"advertise", KEY_ADVERTISE, "ADDR:PORT", 0,
     "add: the address that drivers are told, when another", 1},
    {"expires", 'e', "TIME|30d", 0, "token: when it ends", 1},
    {0},
};

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct arguments *a = state->input;
    switch (key) {
    case KEY_CONTACTS:
        a->contact_points = value;
        return 0;
    case KEY_DATACENTER:
        a->datacenter = value;
        return 0;
    case KEY_USERNAME:
        a->username = value;
        return 0;
    case KEY_PASSWORD:
        a->password_file = value;
        return 0;
    case KEY_LISTEN:
        a->listen = value;
        return 0;
    case KEY_ADVERTISE:
        a->advertise = value;
        return 0;
    case 'e':
        a->expires = value;
        return 0;
    default: return cli_parse_rest(key, value, state, &a->common, &a->words);
    }
}

static const struct argp parser = {.options = options, .parser = parse, .children = cli_common_children};

static err read_password(const struct arguments *a, json_t *body, struct note *note)
{
    char *text;
    size_t n;
    TRY(cli_read_secret(a->password_file, "a password", SECRET_MAX, &text, &n, note));
    (void)json_object_set_new(body, "password", json_stringn(text, n));
    secret_wipe(text, n);
    free(text);
    return DONE;
}

static err add_body(const struct arguments *a, const char *name, json_t *body, struct note *note)
{
    const struct {
        const char *option;
        const char *key;
        const char *value;
        bool required;
    } rows[] = {
        {"NAME", "name", name, true},
        {"--contact-points", "contactPoints", a->contact_points, true},
        {"--datacenter", "datacenter", a->datacenter, true},
        {"--username", "username", a->username, true},
        {"--listen", "listen", a->listen, true},
        {"--advertise", "advertise", a->advertise, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].value) {
            (void)json_object_set_new(body, rows[i].key, json_string(rows[i].value));
        } else if (rows[i].required) {
            return note_fail(note, FAIL(USAGE), "%s is missing; see latchkey db --help",
                             rows[i].option);
        }
    }
    if (!a->password_file)
        return note_fail(note, FAIL(USAGE), "--password-file is missing; see latchkey db --help");
    return read_password(a, body, note);
}

/* What the service role needs on the cluster; printed for people, on standard error. */
static void print_grants(const char *name)
{
    char role[2 * ROLE_MAX + 1];
    size_t n = 0;
    for (size_t i = 0; name[i] && i < ROLE_MAX; i++) {
        if (name[i] == '"') role[n++] = '"';
        role[n++] = name[i];
    }
    role[n] = 0;
    fprintf(
        stderr,
        "The role \"%s\" must be no superuser. For every keyspace that applications use:\n"
        "  GRANT SELECT ON KEYSPACE <ks> TO \"%s\";\n  GRANT MODIFY ON KEYSPACE <ks> TO \"%s\";\n"
        "and where tokens may change the schema:\n"
        "  GRANT CREATE ON KEYSPACE <ks> TO \"%s\";\n  GRANT ALTER ON KEYSPACE <ks> TO \"%s\";\n"
        "  GRANT DROP ON KEYSPACE <ks> TO \"%s\";\n"
        "Where keyspaces are to be made through the API:\n  GRANT CREATE ON ALL KEYSPACES TO \"%s\";\n"
        "Grant nothing else on ALL KEYSPACES: that covers system_auth. `latchkey db check` names what is "
        "missing.\n",
        role, role, role, role, role, role, role);
}

/* Whether the new door leads anywhere is known a moment later; that it does not is said at once. */
static void warn_of_new(const struct arguments *a, const char *name)
{
    const struct timespec pause = {.tv_nsec = WAIT_PAUSE_MS * 1000000L};
    for (int tries = 0; tries < WAIT_TRIES; tries++) {
        struct note note = {{0}};
        json_t *db;
        if (!err_is_ok(client_find_database(&a->common, name, &db, &note))) return;
        const char *status = json_string_value(json_object_get(db, "status"));
        const char *why = json_string_value(json_object_get(db, "message"));
        const bool waits = status && strcmp(status, "INITIALIZING") == 0;
        if (status && !waits && strcmp(status, "ACTIVE") != 0) {
            fprintf(stderr, "latchkey: warning: %s is registered, but its status is %s: %s\n", name,
                    status, why ? why : "the daemon's log says why");
        }
        json_decref(db);
        if (!waits) return;
        (void)nanosleep(&pause, NULL);
    }
}

static err add(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    const char *name;
    struct client_answer answer = {0};
    TRY(cli_word(&a->words, 0, "the database's name", &name, note));
    json_t *body = json_object();
    err e = add_body(a, name, body, note);
    if (err_is_ok(e)) e = client_call(&a->common, "POST", "/v2/databases", body, &answer, note);
    json_decref(body);
    TRY(e);
    json_t *out = json_pack("{s:s, s:s}", "id", answer.location, "name", name);
    static const struct output_column columns[] = {{"id", "id", NULL}, {"name", "name", NULL}};
    output_object(&a->common, out, columns, 2);
    json_decref(out);
    client_answer_drop(&answer);
    print_grants(a->username);
    warn_of_new(a, name);
    return DONE;
}

static const struct output_column list_columns[] = {
    {"ID", "id", NULL},
    {"NAME", "info.name", NULL},
    {"STATUS", "status", NULL},
    {"DATACENTER", "info.region", NULL},
    {"KEYSPACES", "info.keyspaces", NULL},
    {"CQL", "cqlAddress", NULL},
    {"WHY", "message", NULL}, /* shown of one database that is not well */
};

/* One page behind another into `all`. */
static err take_pages(const struct arguments *a, json_t *all, struct note *note)
{
    char path[128] = "/v2/databases?limit=100";
    for (;;) {
        struct client_answer answer;
        TRY(client_call(&a->common, "GET", path, NULL, &answer, note));
        const size_t n = json_array_size(answer.body);
        const char *last =
            n ? json_string_value(json_object_get(json_array_get(answer.body, n - 1), "id")) : NULL;
        if (last)
            (void)snprintf(path, sizeof path, "/v2/databases?limit=100&starting_after=%.64s", last);
        const bool bad = n && json_array_extend(all, answer.body) != 0;
        client_answer_drop(&answer);
        if (bad) return FAIL(NO_MEMORY);
        if (n < PAGE || !last) return DONE;
    }
}

static err list(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    json_t *all = json_array();
    const err e = take_pages(a, all, note);
    if (err_is_ok(e)) output_list(&a->common, all, list_columns, 6);
    json_decref(all);
    return e;
}

static err named(const struct arguments *a, json_t **db, struct note *note)
{
    const char *name;
    TRY(cli_word(&a->words, 0, "the database's name or id", &name, note));
    return client_find_database(&a->common, name, db, note);
}

static err show(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    json_t *db;
    TRY(named(a, &db, note));
    output_object(&a->common, db, list_columns, json_object_get(db, "message") ? 7 : 6);
    json_decref(db);
    return DONE;
}

static err keyspaces(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    json_t *db;
    TRY(named(a, &db, note));
    const json_t *names = output_dig(db, "info.keyspaces");
    size_t i;
    const json_t *name;
    if (a->common.json) {
        output_json(names);
    } else {
        json_array_foreach(names, i, name) output_line("", json_string_value(name));
    }
    json_decref(db);
    return DONE;
}

/* Calls METHOD /v2/[prefix]databases/ID/[suffix]; the answer is the caller's. */
static err call_named(const struct arguments *a, const char *method, const char *prefix,
                      const char *suffix, const json_t *body, struct client_answer *answer,
                      struct note *note)
{
    json_t *db;
    char path[256];
    TRY(named(a, &db, note));
    (void)snprintf(path, sizeof path, "/v2/%sdatabases/%.64s/%s", prefix,
                   json_string_value(json_object_get(db, "id")), suffix);
    json_decref(db);
    return client_call(&a->common, method, path, body, answer, note);
}

static err remove_one(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    struct client_answer answer;
    TRY(call_named(a, "POST", "", "terminate", NULL, &answer, note));
    client_answer_drop(&answer);
    return DONE;
}

static const struct output_column token_columns[] = {
    {"client id", "clientId", NULL},
    {"secret", "secret", NULL},
    {"token", "token", NULL},
    {"expires", "tokenExpiry", NULL},
};

static err make_token(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    struct client_answer answer = {0};
    json_t *body = json_object();
    err e = DONE;
    if (a->expires) {
        char when[CLOCK_TEXT_SIZE];
        e = cli_expiry(a->expires, when, sizeof when, note);
        (void)json_object_set_new(body, "tokenExpiry", json_string(when));
    }
    if (err_is_ok(e)) e = call_named(a, "POST", "", "token", body, &answer, note);
    json_decref(body);
    TRY(e);
    output_object(&a->common, answer.body, token_columns, 4);
    client_answer_drop(&answer);
    return DONE;
}

/* A cluster that was registered a moment ago gets the time to answer. */
static err ask_check(const struct arguments *a, struct client_answer *answer, struct note *note)
{
    const struct timespec pause = {.tv_nsec = WAIT_PAUSE_MS * 1000000L};
    for (int tries = 1;; tries++) {
        TRY(call_named(a, "GET", "operator/", "check", NULL, answer, note));
        const bool waits = !json_is_true(json_object_get(answer->body, "read")) ||
                           json_is_true(json_object_get(answer->body, "connecting"));
        if (!waits || tries == WAIT_TRIES) return DONE;
        client_answer_drop(answer);
        (void)nanosleep(&pause, NULL);
    }
}

static const struct output_column keyspace_columns[] = {
    {"KEYSPACE", "name", NULL},
    {"GRANTED", "held", NULL},
    {"MISSING", "missing", NULL},
    {"NO SCHEMA CHANGES", "withoutSchemaChanges", NULL},
};

static void print_check(const struct arguments *a, const json_t *answer)
{
    const json_t *all = json_object_get(answer, "keyspaces");
    const json_t *lines = json_object_get(answer, "grants");
    const json_t *item;
    size_t i;
    json_array_foreach(json_object_get(answer, "findings"), i, item)
    {
        char level[16];
        (void)snprintf(level, sizeof level, "%-5s ",
                       json_string_value(json_object_get(item, "level")));
        output_line(level, json_string_value(json_object_get(item, "text")));
    }
    if (json_array_size(all)) {
        putchar('\n');
        output_list(&a->common, all, keyspace_columns, 4);
    }
    if (json_array_size(lines)) puts("\nto be run by an administrator of the cluster:");
    json_array_foreach(lines, i, item) output_line("  ", json_string_value(item));
}

static err check(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    struct client_answer answer;
    TRY(ask_check(a, &answer, note));
    const bool ok = json_is_true(json_object_get(answer.body, "ok"));
    if (a->common.json) {
        output_json(answer.body);
    } else {
        print_check(a, answer.body);
    }
    client_answer_drop(&answer);
    return ok ? DONE : note_fail(note, FAIL(CONFLICT), "the check found something to mend");
}

static const struct cli_verb verbs[] = {
    {"add", add, 1},           {"list", list, 0},   {"show", show, 1},
    {"remove", remove_one, 1}, {"check", check, 1}, {"keyspaces", keyspaces, 1},
    {"token", make_token, 1},
};

int cli_db(int argc, char **argv)
{
    struct arguments a = {0};
    cli_init_common(&a.common);
    cli_parse(&parser, "db", argc, argv, &a);
    return cli_run_verb("db", verbs, sizeof verbs / sizeof *verbs, &a.words, &a);
}
