/* `latchkey session`: who is signed in, and the end of it. */
#include "cli/client.h"
#include "cli/output.h"
#include "model/uuid.h"

#include <stdio.h>

struct arguments {
    struct cli common;
    struct cli_words words;
    const char *user;
};

static const struct argp_option options[] = {
    {"user", 'u', "EMAIL|ID", 0, "end: all sessions of this member", 1},
    {0},
};

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct arguments *a = state->input;
    switch (key) {
    case 'u': a->user = value; return 0;
    default: return cli_parse_rest(key, value, state, &a->common, &a->words);
    }
}

static const struct argp parser = {.options = options, .parser = parse, .children = cli_common_children};

static const struct output_column columns[] = {
    {"ID", "id", NULL},         {"EMAIL", "email", NULL},     {"SIGNED IN", "createdOn", NULL},
    {"SEEN", "seenOn", NULL}, {"ADDRESS", "address", NULL}, {"BROWSER", "userAgent", NULL},
};

/* "/v2/sessions", of one member where one is named. */
static err path_for(const struct arguments *a, const char *user, char *path, size_t size, struct note *note)
{
    json_t *found = NULL;
    (void)snprintf(path, size, "/v2/sessions");
    if (!user) return DONE;
    TRY(client_find_user(&a->common, user, &found, note));
    (void)snprintf(path, size, "/v2/sessions?userId=%.64s", json_string_value(json_object_get(found, "UserID")));
    json_decref(found);
    return DONE;
}

static err list(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    char path[128];
    struct client_answer answer;
    TRY(path_for(a, a->words.n > 1 ? a->words.list[1] : a->user, path, sizeof path, note));
    TRY(client_call(&a->common, "GET", path, NULL, &answer, note));
    output_list(&a->common, json_object_get(answer.body, "sessions"), columns, 6);
    client_answer_drop(&answer);
    return DONE;
}

static err end(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    char path[128];
    const char *id = NULL;
    struct client_answer answer;
    if (a->user) {
        TRY(cli_no_more_words(&a->words, 0, note));
        TRY(path_for(a, a->user, path, sizeof path, note));
    } else {
        TRY(cli_word(&a->words, 0, "the session's id, or --user", &id, note));
        struct uuid is_one;
        if (!uuid_read(bytes_of_text(id), &is_one)) {
            return note_fail(note, FAIL(BAD_INPUT), "\"%.64s\" is no id of a session; see latchkey session list", id);
        }
        (void)snprintf(path, sizeof path, "/v2/sessions/%.64s", id);
    }
    TRY(client_call(&a->common, "DELETE", path, NULL, &answer, note));
    client_answer_drop(&answer);
    return DONE;
}

static const struct cli_verb verbs[] = {
    {"list", list, 1},
    {"end", end, 1},
};

int cli_session(int argc, char **argv)
{
    struct arguments a = {0};
    cli_init_common(&a.common);
    cli_parse(&parser, "session", argc, argv, &a);
    return cli_run_verb("session", verbs, sizeof verbs / sizeof *verbs, &a.words, &a);
}
