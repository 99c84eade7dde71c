/* `latchkey org`: the organizations that there are, and a new one in an enterprise. */
#include "cli/client.h"
#include "cli/output.h"

struct arguments {
    struct cli common;
    struct cli_words words;
    const char *email;
    const char *administrator;
};

static const struct argp_option options[] = {
    {"email", 'E', "EMAIL", 0, "create: of its first administrator", 1},
    {"administrator", 'A', "ID", 0, "create: somebody of the enterprise who administers it", 1},
    {0},
};

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct arguments *a = state->input;
    switch (key) {
    case 'E': a->email = value; return 0;
    case 'A': a->administrator = value; return 0;
    default: return cli_parse_rest(key, value, state, &a->common, &a->words);
    }
}

static const struct argp parser = {.options = options, .parser = parse, .children = cli_common_children};

static const struct output_column list_columns[] = {
    {"ID", "id", NULL}, {"NAME", "name", NULL}, {"ENTERPRISE", "enterpriseId", NULL}};
static const struct output_column show_columns[] = {
    {"id", "id", NULL},
    {"name", "name", NULL},
    {"administrator", "email", NULL},
    {"enterprise", "enterpriseId", NULL},
    {"created", "createdAt", NULL},
};
static const struct output_column made_columns[] = {
    {"id", "OrganizationID", NULL},
    {"name", "OrganizationName", NULL},
    {"administrator", "OrganizationEmail", NULL},
    {"enterprise", "EnterpriseId", NULL},
};

static err list(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    struct client_answer answer;
    TRY(client_call(&a->common, "GET", "/v2/organizations", NULL, &answer, note));
    output_list(&a->common, answer.body, list_columns, 3);
    client_answer_drop(&answer);
    return DONE;
}

/* The one that was named, or the one in which the caller acts. */
static err show(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    char own[UUID_TEXT + 1];
    json_t *organization = NULL;
    const char *name = a->words.n > 1 ? a->words.list[1] : NULL;
    if (!name) TRY(client_find_own_organization(&a->common, own, note));
    TRY(client_find_organization(&a->common, name ? name : own, &organization, note));
    output_object(&a->common, organization, show_columns, 5);
    json_decref(organization);
    return DONE;
}

static err create(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    const char *name;
    struct client_answer answer;
    TRY(cli_word(&a->words, 0, "the organization's name", &name, note));
    if (!a->email) return note_fail(note, FAIL(USAGE), "--email EMAIL is missing: of its first administrator");
    json_t *body = json_pack("{s:s, s:s, s:s*}", "name", name, "email", a->email, "adminUserID", a->administrator);
    const err e = client_call(&a->common, "POST", "/v2/enterprises/organizations", body, &answer, note);
    json_decref(body);
    TRY(e);
    output_object(&a->common, answer.body, made_columns, 4);
    client_answer_drop(&answer);
    return DONE;
}

static const struct cli_verb verbs[] = {
    {"list", list, 0},
    {"show", show, 1},
    {"create", create, 1},
};

int cli_org(int argc, char **argv)
{
    struct arguments a = {0};
    cli_init_common(&a.common);
    cli_parse(&parser, "org", argc, argv, &a);
    return cli_run_verb("org", verbs, sizeof verbs / sizeof *verbs, &a.words, &a);
}
