/* `latchkey explain`: the verdict on a question or a statement, and the rule that made it. */
#include "cli/client.h"
#include "cli/output.h"

#include <stdio.h>
#include <string.h>

struct arguments {
    struct cli common;
    const char *token_id;
    const char *role;
    const char *action;
    const char *resource;
    const char *database;
    const char *keyspace;
    const char *cql;
};

enum { KEY_TOKEN = 0x200, KEY_ROLE, KEY_ACTION, KEY_RESOURCE, KEY_DATABASE, KEY_KEYSPACE, KEY_CQL };

static const struct argp_option options[] = {
    {"token-id", KEY_TOKEN, "CLIENT_ID", 0, "ask about this token", 1},
    {"role", KEY_ROLE, "ROLE", 0, "ask about this role", 1},
    {"action", KEY_ACTION, "ACTION", 0, "may it do this", 2},
    {"resource", KEY_RESOURCE, "DRN", 0, "to this", 2},
    {"db", KEY_DATABASE, "NAME", 0, "with --cql: on which database (default: the only one)", 3},
    {"keyspace", KEY_KEYSPACE, "KS", 0, "with --cql: the keyspace in use", 3},
    {"cql", KEY_CQL, "TEXT", 0, "may it run this statement", 3},
    {0},
};

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct arguments *a = state->input;
    switch (key) {
    case ARGP_KEY_INIT: state->child_inputs[0] = &a->common; return 0;
    case KEY_TOKEN: a->token_id = value; return 0;
    case KEY_ROLE: a->role = value; return 0;
    case KEY_ACTION: a->action = value; return 0;
    case KEY_RESOURCE: a->resource = value; return 0;
    case KEY_DATABASE: a->database = value; return 0;
    case KEY_KEYSPACE: a->keyspace = value; return 0;
    case KEY_CQL: a->cql = value; return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp parser = {.options = options, .parser = parse, .children = cli_common_children};

static err set_who(const struct arguments *a, json_t *body, struct note *note)
{
    if ((a->token_id != NULL) == (a->role != NULL)) {
        return note_fail(note, FAIL(USAGE), "give either --token-id or --role");
    }
    if (a->token_id) {
        (void)json_object_set_new(body, "clientId", json_string(a->token_id));
        return DONE;
    }
    json_t *role;
    TRY(client_find_role(&a->common, a->role, &role, note));
    (void)json_object_set(body, "roleId", json_object_get(role, "id"));
    json_decref(role);
    return DONE;
}

static err only_database(const struct arguments *a, json_t **db, struct note *note)
{
    struct client_answer answer;
    if (a->database) return client_find_database(&a->common, a->database, db, note);
    TRY(client_call(&a->common, "GET", "/v2/databases?limit=2", NULL, &answer, note));
    const bool one = json_array_size(answer.body) == 1;
    if (one) *db = json_incref(json_array_get(answer.body, 0));
    client_answer_drop(&answer);
    return one ? DONE : note_fail(note, FAIL(USAGE), "there is not exactly one database; give --db NAME");
}

static err set_question(const struct arguments *a, json_t *body, struct note *note)
{
    if (!a->cql) {
        if (!a->action || !a->resource) {
            return note_fail(note, FAIL(USAGE), "give --action and --resource, or --cql");
        }
        (void)json_object_set_new(body, "action", json_string(a->action));
        (void)json_object_set_new(body, "resource", json_string(a->resource));
        return DONE;
    }
    json_t *db;
    TRY(only_database(a, &db, note));
    (void)json_object_set(body, "databaseId", json_object_get(db, "id"));
    (void)json_object_set_new(body, "cql", json_string(a->cql));
    if (a->keyspace) (void)json_object_set_new(body, "keyspace", json_string(a->keyspace));
    json_decref(db);
    return DONE;
}

static err ask(const struct arguments *a, struct note *note)
{
    struct client_answer answer = {0};
    json_t *body = json_object();
    err e = set_who(a, body, note);
    if (err_is_ok(e)) e = set_question(a, body, note);
    if (err_is_ok(e)) e = client_call(&a->common, "POST", "/v2/explain", body, &answer, note);
    json_decref(body);
    TRY(e);
    if (a->common.json) {
        output_json(answer.body);
    } else {
        const char *text = json_string_value(json_object_get(answer.body, "text"));
        const char *change = json_string_value(json_object_get(answer.body, "change"));
        printf("%s\n", text ? text : "");
        if (change) printf("To change that: %s\n", change);
    }
    client_answer_drop(&answer);
    return DONE;
}

int cli_explain(int argc, char **argv)
{
    struct arguments a = {0};
    struct note note = {{0}};
    cli_init_common(&a.common);
    cli_parse(&parser, "explain", argc, argv, &a);
    const err e = ask(&a, &note);
    return err_is_ok(e) ? 0 : cli_fail_note(e, &note);
}
