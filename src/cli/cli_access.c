/* `latchkey access-list`: from where a database's CQL door, or the API itself, may be used. */
#include "cli/client.h"
#include "cli/output.h"

#include "base/ip.h"

#include <stdio.h>
#include <string.h>

enum { PATH_MAX_BYTES = 16384 };

struct arguments {
    struct cli common;
    struct cli_words words;
    const char *database;
    const char *description;
    bool api;
    bool force;
};

enum { KEY_DB = 0x300, KEY_API, KEY_DESCRIPTION, KEY_FORCE };

static const struct argp_option options[] = {
    {"db", KEY_DB, "NAME", 0, "the list of this database (name or id)", 1},
    {"api", KEY_API, NULL, 0, "the list of the organization's API", 1},
    {"description", KEY_DESCRIPTION, "TEXT", 0, "add: what the addresses are, for people", 1},
    {"force", KEY_FORCE, NULL, 0, "with --api: even if it shuts out the caller", 1},
    {0},
};

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct arguments *a = state->input;
    switch (key) {
    case KEY_DB: a->database = value; return 0;
    case KEY_API: a->api = true; return 0;
    case KEY_DESCRIPTION: a->description = value; return 0;
    case KEY_FORCE: a->force = true; return 0;
    default: return cli_parse_rest(key, value, state, &a->common, &a->words);
    }
}

static const struct argp parser = {.options = options, .parser = parse, .children = cli_common_children};

/* --- which list --- */

static err database_path(const struct arguments *a, char *path, size_t size, struct note *note)
{
    json_t *db;
    TRY(client_find_database(&a->common, a->database, &db, note));
    (void)snprintf(path, size, "/v2/databases/%.64s/access-list",
                   json_string_value(json_object_get(db, "id")));
    json_decref(db);
    return DONE;
}

static err api_path(const struct arguments *a, char *path, size_t size, struct note *note)
{
    char id[UUID_TEXT + 1];
    TRY(client_find_own_organization(&a->common, id, note));
    (void)snprintf(path, size, "/v2/organizations/%s/devops-acl", id);
    return DONE;
}

static err path_of(const struct arguments *a, char *path, size_t size, struct note *note)
{
    if (a->api == (a->database != NULL)) {
        return note_fail(note, FAIL(USAGE), "say which list: --db NAME, or --api");
    }
    return a->api ? api_path(a, path, size, note) : database_path(a, path, size, note);
}

static const char *force_of(const struct arguments *a)
{
    return a->api && a->force ? "?force=true" : "";
}

/* --- looking --- */

static const struct output_column columns[] = {
    {"ADDRESS", "address", NULL},
    {"ENABLED", "enabled", NULL},
    {"DESCRIPTION", "description", NULL},
    {"CHANGED", "lastUpdateDateTime", NULL},
};

static bool is_enabled(const json_t *list)
{
    return json_is_true(output_dig(list, "configurations.accessListEnabled"));
}

static void say_state(const json_t *list)
{
    const bool empty = json_array_size(json_object_get(list, "addresses")) == 0;
    puts(!is_enabled(list) ? "not enabled: open to every address"
         : empty           ? "enabled and empty: closed to every address"
                           : "enabled: open to these addresses only");
}

static err show(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    char path[256];
    struct client_answer answer;
    TRY(path_of(a, path, sizeof path, note));
    TRY(client_call(&a->common, "GET", path, NULL, &answer, note));
    if (a->common.json) {
        output_json(answer.body);
    } else {
        say_state(answer.body);
        output_list(&a->common, json_object_get(answer.body, "addresses"), columns, 4);
    }
    client_answer_drop(&answer);
    return DONE;
}

/* --- changing --- */

static err patch(const struct arguments *a, const char *path, json_t *body, struct note *note)
{
    char whole[320];
    struct client_answer answer = {0};
    (void)snprintf(whole, sizeof whole, "%s%s", path, force_of(a));
    const err e = client_call(&a->common, "PATCH", whole, body, &answer, note);
    json_decref(body);
    TRY(e);
    client_answer_drop(&answer);
    return DONE;
}

static err set_enabled(const void *arguments, bool enabled, struct note *note)
{
    const struct arguments *a = arguments;
    char path[256];
    TRY(path_of(a, path, sizeof path, note));
    return patch(a, path, json_pack("{s:{s:b}}", "configurations", "accessListEnabled", enabled), note);
}

static err enable(const void *arguments, struct note *note)
{
    return set_enabled(arguments, true, note);
}

static err disable(const void *arguments, struct note *note)
{
    return set_enabled(arguments, false, note);
}

static json_t *entries_of(const struct arguments *a)
{
    json_t *list = json_array();
    for (size_t i = 1; i < a->words.n; i++) {
        json_t *entry = json_pack("{s:s}", "address", a->words.list[i]);
        if (a->description) {
            (void)json_object_set_new(entry, "description", json_string(a->description));
        }
        (void)json_array_append_new(list, entry);
    }
    return list;
}

/* Adding alone never puts a list in force: `enable` does. */
static err add(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    const char *first;
    char path[256];
    struct client_answer answer;
    TRY(cli_word(&a->words, 0, "an address or a range", &first, note));
    TRY(path_of(a, path, sizeof path, note));
    TRY(client_call(&a->common, "GET", path, NULL, &answer, note));
    json_t *body = json_pack("{s:o, s:{s:b}}", "addresses", entries_of(a), "configurations",
                             "accessListEnabled", is_enabled(answer.body));
    client_answer_drop(&answer);
    return patch(a, path, body, note);
}

/* What ip_prefix_read takes needs no escaping in a query. */
static err add_to_query(const char *word, char *path, struct note *note)
{
    const size_t n = strlen(path);
    const int more = snprintf(path + n, PATH_MAX_BYTES - n, "%caddresses=%s",
                              strchr(path, '?') ? '&' : '?', word);
    if (more < 0 || (size_t)more >= PATH_MAX_BYTES - n) return note_fail(note, FAIL(USAGE), "too many addresses at once");
    return DONE;
}

static bool is_listed(const json_t *list, const struct ip_prefix *range)
{
    size_t i;
    const json_t *entry;
    json_array_foreach(json_object_get(list, "addresses"), i, entry) {
        const char *address = json_string_value(json_object_get(entry, "address"));
        struct ip_prefix at;
        if (address && err_is_ok(ip_prefix_read(bytes_of_text(address), &at)) && ip_prefix_eq(&at, range)) return true;
    }
    return false;
}

/* The API takes out what is there and says nothing of the rest; a slip of the hand should be heard of. */
static err check_listed(const struct arguments *a, const char *path, struct note *note)
{
    struct client_answer answer;
    err e = DONE;
    TRY(client_call(&a->common, "GET", path, NULL, &answer, note));
    for (size_t i = 1; i < a->words.n && err_is_ok(e); i++) {
        const char *word = a->words.list[i];
        struct ip_prefix range;
        e = ip_prefix_read(bytes_of_text(word), &range);
        if (!err_is_ok(e)) {
            e = note_fail(note, e, "\"%.64s\" is not an address or a range", word);
        } else if (!is_listed(answer.body, &range)) {
            e = note_fail(note, FAIL(NOT_FOUND), "%.64s is not in the list; nothing was taken out", word);
        }
    }
    client_answer_drop(&answer);
    return e;
}

static err remove_some(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    const char *first;
    char path[PATH_MAX_BYTES];
    struct client_answer answer;
    TRY(cli_word(&a->words, 0, "an address or a range", &first, note));
    TRY(path_of(a, path, 256, note));
    TRY(check_listed(a, path, note));
    (void)strcat(path, force_of(a));
    for (size_t i = 1; i < a->words.n; i++) TRY(add_to_query(a->words.list[i], path, note));
    TRY(client_call(&a->common, "DELETE", path, NULL, &answer, note));
    client_answer_drop(&answer);
    return DONE;
}

static const struct cli_verb verbs[] = {
    {"show", show, 0},
    {"add", add, CLI_WORDS_MAX},
    {"remove", remove_some, CLI_WORDS_MAX},
    {"enable", enable, 0},
    {"disable", disable, 0},
};

int cli_access(int argc, char **argv)
{
    struct arguments a = {0};
    cli_init_common(&a.common);
    cli_parse(&parser, "access-list", argc, argv, &a);
    return cli_run_verb("access-list", verbs, sizeof verbs / sizeof *verbs, &a.words, &a);
}
