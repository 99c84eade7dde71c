/* `latchkey user`: members of an organization or enterprise, and, for the local operator, their
 * accounts. */
#include "cli/client.h"
#include "cli/output.h"

#include "base/secret.h"
#include "base/wr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PASSWORD_FILE_MAX = 4096, PATH_MAX_HERE = 1024 };

struct arguments {
    struct cli common;
    struct cli_words words;
    struct cli_words roles;
};

static const struct argp_option options[] = {
    {"role", 'r', "ROLE", 0, "invite, set-roles: a role's id or name; repeat for several", 1},
    {0},
};

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct arguments *a = state->input;
    switch (key) {
    case 'r': return cli_take_word(state, &a->roles, value);
    default: return cli_parse_rest(key, value, state, &a->common, &a->words);
    }
}

static const struct argp parser = {.options = options, .parser = parse, .children = cli_common_children};

static void show_roles(const json_t *value, char *out, size_t size)
{
    struct wr w = wr_fixed(out, size - 1);
    for (size_t i = 0; i < json_array_size(value); i++) {
        const json_t *role = json_array_get(value, i);
        const char *name = json_string_value(json_object_get(role, "Name"));
        const char *id = json_string_value(json_object_get(role, "ID"));
        wr_format(&w, "%s%s", i ? ", " : "", name && *name ? name : id ? id : "?");
    }
    out[w.n] = 0;
}

static const struct output_column list_columns[] = {
    {"EMAIL", "Email", NULL}, {"STATUS", "Status", NULL}, {"ROLES", "Roles", show_roles}, {"ID", "UserID", NULL}};
static const struct output_column show_columns[] = {
    {"email", "Email", NULL}, {"id", "UserID", NULL},
    {"status", "Status", NULL}, {"roles", "Roles", show_roles},
    {"invitation link", "invitationLink", NULL}, {"link ends", "invitationExpires", NULL},
};

/* --- members --- */

static err role_ids(const struct arguments *a, json_t *ids, struct note *note)
{
    if (a->roles.n == 0) return note_fail(note, FAIL(USAGE), "--role is missing; `latchkey role list` shows them");
    for (size_t i = 0; i < a->roles.n; i++) {
        json_t *role = NULL;
        TRY(client_find_role(&a->common, a->roles.list[i], &role, note));
        (void)json_array_append(ids, json_object_get(role, "id"));
        json_decref(role);
    }
    return DONE;
}

/* Takes `ids`. */
static err put_invitation(const struct arguments *a, const char *email, json_t *ids, struct note *note)
{
    struct client_answer answer;
    json_t *body = json_pack("{s:s, s:o}", "email", email, "roles", ids);
    if (!body) return note_fail(note, FAIL(BAD_INPUT), "\"%.254s\" is no e-mail address", email);
    const err e = client_call(&a->common, "PUT", "/v2/organizations/users", body, &answer, note);
    json_decref(body);
    TRY(e);
    const bool linked = json_object_get(answer.body, "invitationLink") != NULL;
    output_object(&a->common, answer.body, show_columns, linked ? 6 : 4);
    client_answer_drop(&answer);
    return DONE;
}

static err invite(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    const char *email;
    json_t *ids = json_array();
    err e = cli_word(&a->words, 0, "the e-mail address", &email, note);
    if (err_is_ok(e)) e = role_ids(a, ids, note);
    if (err_is_ok(e)) return put_invitation(a, email, ids, note);
    json_decref(ids);
    return e;
}

static err named(const struct arguments *a, json_t **user, struct note *note)
{
    const char *name;
    TRY(cli_word(&a->words, 0, "the e-mail address or id", &name, note));
    return client_find_user(&a->common, name, user, note);
}

/* The same roles again, for a link that was lost; the former one is void. */
static err invite_link(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    json_t *user;
    json_t *role;
    size_t i;
    TRY(named(a, &user, note));
    const char *email = json_string_value(json_object_get(user, "Email"));
    const char *status = json_string_value(json_object_get(user, "Status"));
    err e = DONE;
    if (!status || strcmp(status, "invited") != 0) {
        e = note_fail(note, FAIL(CONFLICT), "%s has accepted already; `latchkey user set-up` makes a link for a new password",
                      email ? email : "this member");
    } else {
        json_t *ids = json_array();
        json_array_foreach(json_object_get(user, "Roles"), i, role) {
            (void)json_array_append(ids, json_object_get(role, "ID"));
        }
        e = put_invitation(a, email, ids, note);
    }
    json_decref(user);
    return e;
}

static err list(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    struct client_answer answer;
    TRY(client_call(&a->common, "GET", "/v2/organizations/users", NULL, &answer, note));
    output_list(&a->common, json_object_get(answer.body, "Users"), list_columns, 4);
    client_answer_drop(&answer);
    return DONE;
}

static err show(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    json_t *user;
    TRY(named(a, &user, note));
    output_object(&a->common, user, show_columns, 4);
    json_decref(user);
    return DONE;
}

static err member_path(const struct arguments *a, const char *more, char *path, size_t size, struct note *note)
{
    json_t *user;
    TRY(named(a, &user, note));
    (void)snprintf(path, size, "/v2/organizations/users/%.64s%s",
                   json_string_value(json_object_get(user, "UserID")), more);
    json_decref(user);
    return DONE;
}

static err set_roles(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    char path[PATH_MAX_HERE];
    struct client_answer answer = {0};
    json_t *ids = json_array();
    json_t *body = json_pack("{s:o}", "roles", ids);
    err e = role_ids(a, ids, note);
    if (err_is_ok(e)) e = member_path(a, "/roles", path, sizeof path, note);
    if (err_is_ok(e)) e = client_call(&a->common, "PUT", path, body, &answer, note);
    json_decref(body);
    client_answer_drop(&answer);
    return e;
}

static err remove_member(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    char path[PATH_MAX_HERE];
    struct client_answer answer;
    TRY(member_path(a, "", path, sizeof path, note));
    TRY(client_call(&a->common, "DELETE", path, NULL, &answer, note));
    if (answer.tokens_made[0] && strcmp(answer.tokens_made, "0") != 0) {
        fprintf(stderr, "%s tokens that this member made stay: %s\n", answer.tokens_made, answer.token_ids);
    }
    client_answer_drop(&answer);
    return DONE;
}

/* --- accounts; the local operator's --- */

static err account_path(const struct arguments *a, const char *more, char *path, size_t size, struct note *note)
{
    const char *name;
    struct wr w = wr_fixed(path, size - 1);
    TRY(cli_word(&a->words, 0, "the e-mail address or id", &name, note));
    wr_text(&w, "/v2/operator/people/");
    for (const uint8_t *p = (const uint8_t *)name; *p; p++) wr_format(&w, "%%%02X", *p);
    wr_text(&w, more);
    if (w.bad) return note_fail(note, FAIL(BAD_INPUT), "\"%.64s…\" is too long for an address", name);
    path[w.n] = 0;
    return DONE;
}

/* What an account's answer is, shown. */
static err ask_account(const struct arguments *a, const char *method, const char *more,
                       const struct output_column *columns, size_t n, struct note *note)
{
    char path[PATH_MAX_HERE];
    struct client_answer answer;
    TRY(account_path(a, more, path, sizeof path, note));
    TRY(client_call(&a->common, method, path, NULL, &answer, note));
    output_object(&a->common, answer.body, columns, n);
    client_answer_drop(&answer);
    return DONE;
}

static const struct output_column link_columns[] = {
    {"email", "email", NULL}, {"set-up link", "setupLink", NULL}, {"ends", "expiresOn", NULL}};

static err set_up(const void *arguments, struct note *note)
{
    return ask_account(arguments, "POST", "/set-up", link_columns, 3, note);
}

static err read_password(json_t **body, struct note *note)
{
    char *text;
    size_t n;
    TRY(cli_read_file("-", PASSWORD_FILE_MAX, &text, &n, note));
    while (n > 0 && (text[n - 1] == '\n' || text[n - 1] == '\r')) n--;
    json_t *word = json_stringn(text, n);
    secret_wipe(text, n);
    free(text);
    *body = word ? json_pack("{s:o}", "password", word) : NULL;
    return *body ? DONE : note_fail(note, FAIL(BAD_INPUT), "standard input: the password is not UTF-8");
}

static err set_password(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    char path[PATH_MAX_HERE];
    json_t *body;
    struct client_answer answer;
    TRY(cli_local_only(&a->common, note));
    TRY(account_path(a, "/password", path, sizeof path, note));
    TRY(read_password(&body, note));
    const err e = client_call(&a->common, "PUT", path, body, &answer, note);
    json_decref(body);
    client_answer_drop(&answer);
    return e;
}

static const struct output_column reset_columns[] = {
    {"email", "email", NULL}, {"password removed", "passwordRemoved", NULL}};

static err reset_totp(const void *arguments, struct note *note)
{
    return ask_account(arguments, "DELETE", "/totp", reset_columns, 2, note);
}

static const struct cli_verb verbs[] = {
    {"invite", invite, 1},
    {"list", list, 0},
    {"show", show, 1},
    {"set-roles", set_roles, 1},
    {"remove", remove_member, 1},
    {"invite-link", invite_link, 1},
    {"set-up", set_up, 1},
    {"set-password", set_password, 1},
    {"reset-totp", reset_totp, 1},
};

int cli_user(int argc, char **argv)
{
    struct arguments a = {0};
    cli_init_common(&a.common);
    cli_parse(&parser, "user", argc, argv, &a);
    return cli_run_verb("user", verbs, sizeof verbs / sizeof *verbs, &a.words, &a);
}
