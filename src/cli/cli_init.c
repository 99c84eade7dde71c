/* `latchkey init`: makes the data folder and prints what was made as one JSON object. */
#include "cli/cli.h"
#include "cli/output.h"
#include "config/config.h"
#include "serve/founding.h"
#include "serve/setup_link.h"

#include "base/clock.h"
#include "base/secret.h"
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { NAME_MAX_POINTS = 128, EMAIL_MAX = 254 };

struct arguments {
    struct cli common;
    const char *organization;
    const char *administrator;
    const char *enterprise;
    const char *token_file;
    const char *expires;
    const char *config_file;
    bool no_token;
};

enum { KEY_ORG = 0x200, KEY_ADMIN, KEY_ENTERPRISE, KEY_TOKEN_FILE, KEY_NO_TOKEN, KEY_EXPIRES };

static const struct argp_option options[] = {
    {"data", 'd', "DIR", 0, "data folder to make", 1},
    {"config", 'c', "FILE", 0, "settings: public-url or http say where the set-up link leads", 1},
    {"organization", KEY_ORG, "NAME", 0, "its first organization", 1},
    {"administrator", KEY_ADMIN, "EMAIL", 0, "who administers it", 1},
    {"enterprise", KEY_ENTERPRISE, "NAME", 0, "an enterprise around it", 1},
    {"token-file", KEY_TOKEN_FILE, "FILE", 0, "write the first token there (0600) instead of printing it", 1},
    {"no-token", KEY_NO_TOKEN, 0, 0, "make no token", 1},
    {"token-expires", KEY_EXPIRES, "TIME|90d", 0, "when the first token ends", 1},
    {0},
};

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct arguments *a = state->input;
    switch (key) {
    case 'd': a->common.data = value; return 0;
    case 'c': a->config_file = value; return 0;
    case KEY_ORG: a->organization = value; return 0;
    case KEY_ADMIN: a->administrator = value; return 0;
    case KEY_ENTERPRISE: a->enterprise = value; return 0;
    case KEY_TOKEN_FILE: a->token_file = value; return 0;
    case KEY_NO_TOKEN: a->no_token = true; return 0;
    case KEY_EXPIRES: a->expires = value; return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp parser = {.options = options, .parser = parse};

static err check_name(const char *option, const char *name, struct note *note)
{
    if (!name) return note_fail(note, FAIL(USAGE), "%s is missing; see latchkey init --help", option);
    if (*name && utf8_is_plain(bytes_of_text(name), NAME_MAX_POINTS)) return DONE;
    return note_fail(note, FAIL(BAD_INPUT), "%s must be 1 to %d characters without control characters",
                     option, NAME_MAX_POINTS);
}

static err check_email(const char *email, struct note *note)
{
    TRY(check_name("--administrator", email, note));
    const char *at = strchr(email, '@');
    if (at && at != email && at[1] && !strchr(at + 1, '@') && !strchr(email, ' ') && strlen(email) <= EMAIL_MAX) {
        return DONE;
    }
    return note_fail(note, FAIL(BAD_INPUT), "\"%.254s\" is not an e-mail address", email);
}

/* Before anything is made: a token that cannot be written down would be lost. */
static err check_token_file(const char *path, struct note *note)
{
    TRY(cli_write_secret_file(path, "", note));
    (void)unlink(path);
    return DONE;
}

static err wish_of(const struct arguments *a, struct founding_wish *wish, struct note *note)
{
    TRY(check_name("--organization", a->organization, note));
    TRY(check_email(a->administrator, note));
    if (a->enterprise) TRY(check_name("--enterprise", a->enterprise, note));
    if (a->no_token && (a->token_file || a->expires)) {
        return note_fail(note, FAIL(USAGE), "--no-token goes with neither --token-file nor --token-expires");
    }
    *wish = (struct founding_wish){.data = a->common.data, .organization = a->organization,
        .administrator = a->administrator, .enterprise = a->enterprise, .token = !a->no_token,
        .token_expires_ms = CLOCK_NEVER_MS};
    if (a->token_file) TRY(check_token_file(a->token_file, note));
    if (!a->expires) return DONE;
    char when[CLOCK_TEXT_SIZE];
    int64_t ns = 0;
    TRY(cli_expiry(a->expires, when, sizeof when, note));
    TRY(clock_read_utc(bytes_of_text(when), &ns));
    if (ns <= clock_utc_ns()) return note_fail(note, FAIL(BAD_INPUT), "--token-expires is in the past");
    wish->token_expires_ms = ns / 1000000;
    return DONE;
}

static json_t *uuid_json(const struct uuid *u)
{
    char text[UUID_TEXT + 1];
    if (uuid_is_zero(u)) return json_null();
    uuid_text(u, text);
    return json_string(text);
}

static err put_token(const struct arguments *a, const struct founding_result *made, json_t *out,
                     struct note *note)
{
    char text[TOKEN_PREFIX_MAX + TOKEN_CLIENT_ID + 1 + TOKEN_DIGEST_TEXT + 1];
    const size_t n = token_write(&made->token, BYTES(TOKEN_PREFIX), text);
    (void)json_object_set_new(out, "clientId", json_stringn(made->token.client_id, TOKEN_CLIENT_ID));
    err e = DONE;
    if (a->token_file) {
        text[n] = '\n';
        text[n + 1] = 0;
        e = cli_write_secret_file(a->token_file, text, note);
        (void)json_object_set_new(out, "tokenFile", json_string(a->token_file));
    } else {
        (void)json_object_set_new(out, "secret", json_stringn(made->token.secret, TOKEN_SECRET));
        (void)json_object_set_new(out, "token", json_stringn(text, n));
    }
    secret_wipe(text, sizeof text);
    return e;
}

static err found(const struct arguments *a, const struct config *c, const struct founding_wish *wish,
                 struct founding_result *made, char link_path[FOLDER_PATH_MAX], struct note *note)
{
    TRY(founding_run(wish, made, note));
    const err e = setup_link_write_for(a->common.data, c, &made->link, link_path, note);
    secret_wipe(&made->link, sizeof made->link);
    return e;
}

static err run(const struct arguments *a, struct config *c, struct note *note)
{
    struct founding_wish wish;
    struct founding_result made;
    char link_path[FOLDER_PATH_MAX];
    if (a->config_file) TRY(config_read(c, a->config_file, note));
    TRY(setup_link_check(c, note));
    TRY(wish_of(a, &wish, note));
    TRY(found(a, c, &wish, &made, link_path, note));
    json_t *out = json_pack("{s:o, s:o, s:s, s:s}", "organizationId", uuid_json(&made.organization),
                            "enterpriseId", uuid_json(&made.enterprise), "administrator",
                            a->administrator, "setupLinkFile", link_path);
    const err e = wish.token ? put_token(a, &made, out, note) : DONE;
    secret_wipe(&made.token, sizeof made.token);
    output_json(out);
    json_decref(out);
    return e;
}

int cli_init(int argc, char **argv)
{
    struct arguments a = {0};
    struct note note = {{0}};
    cli_init_common(&a.common);
    cli_parse(&parser, "init", argc, argv, &a);
    struct config c;
    config_init(&c);
    const err e = run(&a, &c, &note);
    config_drop(&c);
    return err_is_ok(e) ? 0 : cli_fail_note(e, &note);
}
