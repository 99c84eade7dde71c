/* `latchkey token`: create, list, show, delete and check application tokens. */
#include "cli/client.h"
#include "cli/output.h"

#include "base/clock.h"
#include "model/token.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LIST_MAX = 1000 }; /* that one page can have */

struct arguments {
    struct cli common;
    struct cli_words words;
    struct cli_words roles;
    const char *description;
    const char *expires;
    const char *created_by;
    const char *expires_before;
    const char *search;
    const char *status;
    const char *sort;
    const char *limit;
    bool all;
    bool total;
    bool made;
};

static const struct argp_option options[] = {
    {"role", 'r', "ROLE", 0, "create: a role's id or name; repeat for several. list: only tokens with it", 1},
    {"description", 'D', "TEXT", 0, "create: what it is for", 1},
    {"expires", 'e', "TIME|30d", 0, "create: when it ends", 1},
    {"all", 'a', 0, 0, "list: expired ones too, as --status any", 1},
    {"status", 's', "WORD", 0, "list: any, active (the default), expired, expiring within 30 days, unending, "
     "neverUsed, unused for 90 days", 1},
    {"sort", 'S', "KEY", 0, "list: by clientId, generatedOn, tokenExpiry, description, createdBy or lastUsedAt; "
     "--sort=-KEY: the other way round", 1},
    {"limit", 'n', "N", 0, "list: so many at most (all; sorted 1000, the most)", 1},
    {"total", 't', 0, 0, "list: only how many there are", 1},
    {"created-by", 'b', "NAME", 0, "list: only those made by this token, person or operator", 1},
    {"expires-before", 'x', "TIME|30d", 0, "list: only those that end before", 1},
    {"search", 'q', "TEXT", 0, "list: only those with this text in description, ids, creator or a role's name", 1},
    {"created-tokens", 'c', 0, 0, "delete: everything that they made, too", 1},
    {0},
};

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct arguments *a = state->input;
    switch (key) {
    case 'r': return cli_take_word(state, &a->roles, value);
    case 'D': a->description = value; return 0;
    case 'e': a->expires = value; return 0;
    case 'a': a->all = true; return 0;
    case 'b': a->created_by = value; return 0;
    case 'x': a->expires_before = value; return 0;
    case 'q': a->search = value; return 0;
    case 's': a->status = value; return 0;
    case 'S': a->sort = value; return 0;
    case 'n': a->limit = value; return 0;
    case 't': a->total = true; return 0;
    case 'c': a->made = true; return 0;
    default: return cli_parse_rest(key, value, state, &a->common, &a->words);
    }
}

static const struct argp parser = {.options = options, .parser = parse, .children = cli_common_children};

static err role_ids(const struct arguments *a, json_t *ids, struct note *note)
{
    for (size_t i = 0; i < a->roles.n; i++) {
        json_t *role = NULL;
        TRY(client_find_role(&a->common, a->roles.list[i], &role, note));
        (void)json_array_append(ids, json_object_get(role, "id"));
        json_decref(role);
    }
    return DONE;
}

static err create_body(const struct arguments *a, json_t *body, struct note *note)
{
    if (a->roles.n == 0) return note_fail(note, FAIL(USAGE), "--role is missing; `latchkey role list` shows them");
    json_t *ids = json_array();
    (void)json_object_set_new(body, "roles", ids);
    if (a->description) (void)json_object_set_new(body, "description", json_string(a->description));
    if (a->expires) {
        char when[CLOCK_TEXT_SIZE];
        TRY(cli_expiry(a->expires, when, sizeof when, note));
        (void)json_object_set_new(body, "tokenExpiry", json_string(when));
    }
    return role_ids(a, ids, note);
}

static const struct output_column created_columns[] = {
    {"client id", "clientId", NULL}, {"secret", "secret", NULL},         {"token", "token", NULL},
    {"roles", "roles", NULL},        {"expires", "tokenExpiry", NULL},
};

static err create(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    json_t *body = json_object();
    struct client_answer answer = {0};
    err e = create_body(a, body, note);
    if (err_is_ok(e)) e = client_call(&a->common, "POST", "/v2/tokens", body, &answer, note);
    json_decref(body);
    if (err_is_ok(e)) output_object(&a->common, answer.body, created_columns, 5);
    client_answer_drop(&answer);
    return e;
}

/* What the daemon ignores would show everything. */
static err list_limit(const struct arguments *a, const char **out, struct note *note)
{
    char *end = NULL;
    const long n = a->limit ? strtol(a->limit, &end, 10) : 1;
    if ((end && (*end || end == a->limit)) || n < 1 || n > LIST_MAX) {
        return note_fail(note, FAIL(USAGE), "--limit takes a number from 1 to %d", LIST_MAX);
    }
    *out = a->total ? "1" : a->limit ? a->limit : a->sort ? "1000" : NULL;
    return DONE;
}

static err list_path(const struct arguments *a, char *path, size_t size, struct note *note)
{
    char when[CLOCK_TEXT_SIZE];
    char role_id[64] = "";
    const char *limit = NULL;
    const char *status = a->status ? a->status : a->all ? NULL : "active";
    if (a->all && a->status) return note_fail(note, FAIL(USAGE), "--all and --status do not go together");
    TRY(list_limit(a, &limit, note));
    if (a->roles.n > 1) return note_fail(note, FAIL(USAGE), "list takes one --role");
    if (a->roles.n == 1) {
        json_t *role = NULL;
        TRY(client_find_role(&a->common, a->roles.list[0], &role, note));
        (void)snprintf(role_id, sizeof role_id, "%.60s", json_string_value(json_object_get(role, "id")));
        json_decref(role);
    }
    if (a->expires_before) TRY(cli_expiry(a->expires_before, when, sizeof when, note));
    (void)snprintf(path, size, "/v2/tokens");
    const bool fits = client_add_argument(path, size, "status", status) &&
                      client_add_argument(path, size, "sort", a->sort) &&
                      client_add_argument(path, size, "limit", limit) &&
                      client_add_argument(path, size, "role", role_id[0] ? role_id : NULL) &&
                      client_add_argument(path, size, "createdBy", a->created_by) &&
                      client_add_argument(path, size, "expiresBefore", a->expires_before ? when : NULL) &&
                      client_add_argument(path, size, "q", a->search);
    return fits ? DONE : note_fail(note, FAIL(USAGE), "the filters are too long");
}

static const struct output_column list_columns[] = {
    {"CLIENT ID", "clientId", NULL},
    {"DESCRIPTION", "description", NULL},
    {"ROLES", "roles", NULL},
    {"GENERATED", "generatedOn", NULL},
    {"EXPIRES", "tokenExpiry", NULL},
};

static void show_list(const struct arguments *a, const struct client_answer *answer)
{
    const json_t *shown = json_object_get(answer->body, "clients");
    output_list(&a->common, shown, list_columns, 5);
    if (*answer->total && strtoull(answer->total, NULL, 10) > json_array_size(shown)) {
        fprintf(stderr, "these are %zu of %s\n", json_array_size(shown), answer->total);
    }
}

static err list(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    struct client_answer answer;
    char path[2048];
    TRY(list_path(a, path, sizeof path, note));
    TRY(client_call(&a->common, "GET", path, NULL, &answer, note));
    if (a->total) {
        puts(answer.total);
    } else {
        show_list(a, &answer);
    }
    client_answer_drop(&answer);
    return DONE;
}

static const struct output_column show_columns[] = {
    {"client id", "clientId", NULL},   {"status", "status", NULL},
    {"description", "description", NULL}, {"roles", "roles", NULL},
    {"generated", "generatedOn", NULL}, {"expires", "tokenExpiry", NULL},
    {"created by", "createdBy", NULL},
};

static err path_of(const char *client_id, char *path, size_t size, struct note *note)
{
    if (!token_is_client_id(bytes_of_text(client_id))) {
        return note_fail(note, FAIL(BAD_INPUT), "a client id has 24 letters; \"%.64s\" is not one", client_id);
    }
    (void)snprintf(path, size, "/v2/tokens/%s", client_id);
    return DONE;
}

static err say_missing(err e, const char *client_id, struct note *note)
{
    if (err_row(e)->class != ERR_CLASS_NOT_FOUND) return e;
    return note_fail(note, e, "no token has the client id %s; `latchkey token list --all` shows them",
                     client_id);
}

static err show(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    const char *id;
    char path[64];
    struct client_answer answer;
    TRY(cli_word(&a->words, 0, "the client id", &id, note));
    TRY(path_of(id, path, sizeof path, note));
    const err e = client_call(&a->common, "GET", path, NULL, &answer, note);
    if (!err_is_ok(e)) return say_missing(e, id, note);
    output_object(&a->common, answer.body, show_columns, 7);
    client_answer_drop(&answer);
    return DONE;
}

static err delete(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    const char *id;
    TRY(cli_word(&a->words, 0, "the client id", &id, note));
    for (size_t i = 0; i + 1 < a->words.n; i++) {
        char path[64];
        struct client_answer answer;
        TRY(path_of(a->words.list[i + 1], path, sizeof path, note));
        (void)client_add_argument(path, sizeof path, "createdTokens", a->made ? "true" : NULL);
        const err e = client_call(&a->common, "DELETE", path, NULL, &answer, note);
        if (!err_is_ok(e)) return say_missing(e, a->words.list[i + 1], note);
        client_answer_drop(&answer);
        fprintf(stderr, "deleted %s\n", a->words.list[i + 1]);
    }
    return DONE;
}

static const struct output_column check_columns[] = {
    {"well formed", "wellFormed", NULL}, {"client id", "clientId", NULL},
    {"checksum", "checksum", NULL},      {"status", "status", NULL},
    {"roles", "roles", NULL},            {"expires", "tokenExpiry", NULL},
};

/* Whether the daemon lets it in: asked with the token itself, for its secret has to be right too. */
static const char *ask_status(const struct arguments *a, const char *token)
{
    struct client_answer answer;
    struct note unheard = {{0}};
    struct cli as_token = a->common;
    as_token.token = token;
    const err e = client_call(&as_token, "GET", "/v2/currentOrg", NULL, &answer, &unheard);
    client_answer_drop(&answer);
    switch (err_row(e)->class) {
    case ERR_CLASS_UNAUTHENTICATED: return "not recognised";
    case ERR_CLASS_RETRY:
    case ERR_CLASS_LIMIT:
    case ERR_CLASS_INTERNAL: return "no daemon asked";
    case ERR_CLASS_NONE:
    case ERR_CLASS_INVALID:
    case ERR_CLASS_FORBIDDEN:
    case ERR_CLASS_NOT_FOUND:
    case ERR_CLASS_CONFLICT: break;
    }
    return "active";
}

/* What the daemon says of it, where one answers. */
static err check_online(const struct arguments *a, const char *token, bytes client_id, json_t *out)
{
    static const char *const keys[] = {"roles", "tokenExpiry"};
    char path[64];
    struct client_answer answer;
    struct note unheard = {{0}};
    const char *status = ask_status(a, token);
    (void)json_object_set_new(out, "status", json_string(status));
    if (strcmp(status, "not recognised") == 0) return FAIL(TOKEN_UNKNOWN);
    (void)snprintf(path, sizeof path, "/v2/tokens/%.*s", BYTES_FMT(client_id));
    if (!err_is_ok(client_call(&a->common, "GET", path, NULL, &answer, &unheard))) return DONE;
    for (size_t i = 0; i < 2; i++) {
        (void)json_object_set(out, keys[i], json_object_get(answer.body, keys[i]));
    }
    client_answer_drop(&answer);
    return DONE;
}

static err check(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    char *text;
    size_t n;
    struct token_parts parts = {0};
    TRY(cli_read_file("-", 4096, &text, &n, note));
    while (n > 0 && (text[n - 1] == '\n' || text[n - 1] == '\r' || text[n - 1] == ' ')) n--;
    text[n] = 0;
    err e = token_read(bytes_of(text, n), BYTES(TOKEN_PREFIX), &parts);
    const bool well_formed = err_is_ok(e);
    json_t *out = json_object();
    (void)json_object_set_new(out, "wellFormed", json_boolean(well_formed));
    if (well_formed) {
        (void)json_object_set_new(out, "clientId",
                                  json_stringn((const char *)parts.client_id.p, parts.client_id.n));
        (void)json_object_set_new(out, "checksum", json_boolean(token_has_checksum(parts.client_id)));
        e = check_online(a, text, parts.client_id, out);
    }
    secret_wipe(text, n);
    free(text);
    output_object(&a->common, out, check_columns, 6);
    json_decref(out);
    if (err_is_ok(e)) return DONE;
    if (well_formed) {
        return note_fail(note, e, "the daemon does not recognise this token: deleted, expired, or its secret is wrong");
    }
    return note_fail(note, FAIL(BAD_INPUT),
                     "not a token: AstraCS: then 24 letters, a colon and 64 hexadecimal digits");
}

static const struct cli_verb verbs[] = {
    {"create", create, 0},
    {"list", list, 0},
    {"show", show, 1},
    {"delete", delete, CLI_WORDS_MAX},
    {"check", check, 0},
};

int cli_token(int argc, char **argv)
{
    struct arguments a = {0};
    cli_init_common(&a.common);
    cli_parse(&parser, "token", argc, argv, &a);
    return cli_run_verb("token", verbs, sizeof verbs / sizeof *verbs, &a.words, &a);
}
