/* `latchkey role`: list, show, create, update and delete roles. */
#include "cli/client.h"
#include "cli/output.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POLICY_FILE_MAX = 1 << 20 };

struct arguments {
    struct cli common;
    struct cli_words words;
    const char *policy;
};

static const struct argp_option options[] = {
    {"policy", 'p', "FILE", 0, "create, update: JSON with effect, actions, resources, description (-: standard input)", 1},
    {0},
};

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct arguments *a = state->input;
    switch (key) {
    case 'p': a->policy = value; return 0;
    default: return cli_parse_rest(key, value, state, &a->common, &a->words);
    }
}

static const struct argp parser = {.options = options, .parser = parse, .children = cli_common_children};

static const struct output_column list_columns[] = {
    {"ID", "id", NULL}, {"NAME", "name", NULL}, {"EFFECT", "policy.effect", NULL}, {"ACTIONS", "policy.actions", NULL}};
static const struct output_column show_columns[] = {
    {"id", "id", NULL},
    {"name", "name", NULL},
    {"description", "policy.description", NULL},
    {"effect", "policy.effect", NULL},
    {"actions", "policy.actions", NULL},
    {"resources", "policy.resources", NULL},
    {"changed", "last_update_date_time", NULL},
};

static err list(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    struct client_answer answer;
    TRY(client_call(&a->common, "GET", "/v2/organizations/roles", NULL, &answer, note));
    output_list(&a->common, answer.body, list_columns, 4);
    client_answer_drop(&answer);
    return DONE;
}

static err named(const struct arguments *a, json_t **role, char *path, size_t size, struct note *note)
{
    const char *name;
    TRY(cli_word(&a->words, 0, "the role's id or name", &name, note));
    TRY(client_find_role(&a->common, name, role, note));
    (void)snprintf(path, size, "/v2/organizations/roles/%.64s",
                   json_string_value(json_object_get(*role, "id")));
    return DONE;
}

static err show(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    json_t *role;
    char path[128];
    TRY(named(a, &role, path, sizeof path, note));
    output_object(&a->common, role, show_columns, 7);
    json_decref(role);
    return DONE;
}

static err read_policy(const struct arguments *a, const char *name, json_t **body, struct note *note)
{
    char *text;
    size_t n;
    json_error_t error;
    if (!a->policy) return note_fail(note, FAIL(USAGE), "--policy FILE is missing");
    TRY(cli_read_file(a->policy, POLICY_FILE_MAX, &text, &n, note));
    json_t *policy = json_loadb(text, n, JSON_REJECT_DUPLICATES, &error);
    free(text);
    if (!policy) return note_fail(note, FAIL(BAD_INPUT), "%s:%d: %s", a->policy, error.line, error.text);
    if (!json_object_get(policy, "description")) {
        (void)json_object_set_new(policy, "description", json_string(name));
    }
    if (!json_object_get(policy, "effect")) (void)json_object_set_new(policy, "effect", json_string("allow"));
    *body = json_pack("{s:s, s:o}", "name", name, "policy", policy);
    return *body ? DONE : note_fail(note, FAIL(BAD_INPUT), "%s: not a policy", a->policy);
}

static err create(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    const char *name;
    json_t *body;
    struct client_answer answer;
    TRY(cli_word(&a->words, 0, "the role's name", &name, note));
    TRY(read_policy(a, name, &body, note));
    const err e = client_call(&a->common, "POST", "/v2/organizations/roles", body, &answer, note);
    json_decref(body);
    TRY(e);
    output_object(&a->common, answer.body, show_columns, 7);
    client_answer_drop(&answer);
    return DONE;
}

static err update(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    json_t *role;
    json_t *body;
    char path[128];
    struct client_answer answer;
    TRY(named(a, &role, path, sizeof path, note));
    err e = read_policy(a, json_string_value(json_object_get(role, "name")), &body, note);
    json_decref(role);
    TRY(e);
    e = client_call(&a->common, "PUT", path, body, &answer, note);
    json_decref(body);
    client_answer_drop(&answer);
    return e;
}

static err delete(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    json_t *role;
    char path[128];
    struct client_answer answer;
    TRY(named(a, &role, path, sizeof path, note));
    json_decref(role);
    TRY(client_call(&a->common, "DELETE", path, NULL, &answer, note));
    client_answer_drop(&answer);
    return DONE;
}

static const struct cli_verb verbs[] = {
    {"list", list, 0},
    {"show", show, 1},
    {"create", create, 1},
    {"update", update, 1},
    {"delete", delete, 1},
};

int cli_role(int argc, char **argv)
{
    struct arguments a = {0};
    cli_init_common(&a.common);
    cli_parse(&parser, "role", argc, argv, &a);
    return cli_run_verb("role", verbs, sizeof verbs / sizeof *verbs, &a.words, &a);
}
