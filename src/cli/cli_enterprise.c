/* `latchkey enterprise`: its name, and the organizations in it. */
#include "cli/client.h"
#include "cli/output.h"

#include <stdio.h>

struct arguments {
    struct cli common;
    struct cli_words words;
    bool standalone;
};

static const struct argp_option options[] = {
    {"standalone", 's', 0, 0, "remove-org: it leaves with all it has, instead of being deleted", 1},
    {0},
};

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct arguments *a = state->input;
    switch (key) {
    case 's': a->standalone = true; return 0;
    default: return cli_parse_rest(key, value, state, &a->common, &a->words);
    }
}

static const struct argp parser = {.options = options, .parser = parse, .children = cli_common_children};

static const struct output_column columns[] = {
    {"id", "id", NULL}, {"name", "name", NULL}, {"created", "createdAt", NULL}};

/* The only enterprise that the caller sees. */
static err own(const struct arguments *a, json_t **out, struct note *note)
{
    struct client_answer answer;
    TRY(client_call(&a->common, "GET", "/v2/enterprises", NULL, &answer, note));
    const size_t n = json_array_size(answer.body);
    *out = n == 1 ? json_incref(json_array_get(answer.body, 0)) : NULL;
    client_answer_drop(&answer);
    if (n == 1) return DONE;
    if (n == 0) return note_fail(note, FAIL(NOT_FOUND), "there is no enterprise; `latchkey init --enterprise` makes one");
    return note_fail(note, FAIL(BAD_INPUT), "there are %zu enterprises; use a token of one with --url", n);
}

static void path_of(const json_t *enterprise, const json_t *organization, const char *query, char *out,
                    size_t size)
{
    const char *id = json_string_value(json_object_get(enterprise, "id"));
    const char *org = json_string_value(json_object_get(organization, "id"));
    (void)snprintf(out, size, "/v2/enterprises/%.36s%s%.36s%s", id ? id : "",
                   org ? "/organizations/" : "", org ? org : "", query);
}

static err show(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    json_t *enterprise = NULL;
    TRY(own(a, &enterprise, note));
    output_object(&a->common, enterprise, columns, 3);
    json_decref(enterprise);
    return DONE;
}

static err rename_it(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    const char *name;
    char path[160];
    json_t *enterprise = NULL;
    struct client_answer answer;
    TRY(cli_word(&a->words, 0, "the new name", &name, note));
    TRY(own(a, &enterprise, note));
    path_of(enterprise, NULL, "", path, sizeof path);
    json_decref(enterprise);
    json_t *body = json_pack("{s:s}", "name", name);
    const err e = client_call(&a->common, "PUT", path, body, &answer, note);
    json_decref(body);
    TRY(e);
    output_object(&a->common, answer.body, columns, 3);
    client_answer_drop(&answer);
    return DONE;
}

static err change_member(const struct arguments *a, const char *method, const char *query,
                         struct note *note)
{
    const char *name;
    char path[160];
    json_t *enterprise = NULL;
    json_t *organization = NULL;
    struct client_answer answer;
    TRY(cli_word(&a->words, 0, "the organization's id or name", &name, note));
    TRY(own(a, &enterprise, note));
    const err e = client_find_organization(&a->common, name, &organization, note);
    path_of(enterprise, organization, query, path, sizeof path);
    json_decref(enterprise);
    json_decref(organization);
    TRY(e);
    TRY(client_call(&a->common, method, path, NULL, &answer, note));
    client_answer_drop(&answer);
    return DONE;
}

static err add_org(const void *arguments, struct note *note)
{
    return change_member(arguments, "PUT", "", note);
}

static err remove_org(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    return change_member(a, "DELETE", a->standalone ? "?standalone=true" : "", note);
}

static const struct cli_verb verbs[] = {
    {"show", show, 0},
    {"rename", rename_it, 1},
    {"add-org", add_org, 1},
    {"remove-org", remove_org, 1},
};

int cli_enterprise(int argc, char **argv)
{
    struct arguments a = {0};
    cli_init_common(&a.common);
    cli_parse(&parser, "enterprise", argc, argv, &a);
    return cli_run_verb("enterprise", verbs, sizeof verbs / sizeof *verbs, &a.words, &a);
}
