/* `latchkey key`: the server keys' numbers, a copy of their file, a new key, and the end of an old one. */
#include "cli/cli.h"
#include "cli/client.h"
#include "cli/output.h"
#include "serve/offline.h"

#include "base/clock.h"

#include <stdio.h>
#include <string.h>

struct arguments {
    struct cli common;
    struct cli_words words;
    bool force;
};

static const struct argp_option options[] = {
    {"force", 'f', 0, 0, "retire: although tokens need the key; they are recognised no more", 1},
    {0},
};

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct arguments *a = state->input;
    switch (key) {
    case 'f': a->force = true; return 0;
    default: return cli_parse_rest(key, value, state, &a->common, &a->words);
    }
}

static const struct argp parser = {.options = options, .parser = parse, .children = cli_common_children};

static const struct output_column columns[] = {{"KEY", "id", NULL},
                                               {"CREATED", "createdAt", NULL},
                                               {"SIGNS NEW TOKENS", "newest", NULL},
                                               {"TOKENS", "tokens", NULL},
                                               {"DATABASES", "databases", NULL},
                                               {"PEOPLE", "people", NULL},
                                               {"EXPORTS", "exports", NULL}};

/* Without a daemon: what the file says, and nothing of who needs which. */
static err list_file(const struct arguments *a, struct note *note)
{
    struct offline_key keys[SERVER_KEYS_MAX];
    size_t n;
    TRY(offline_keys(a->common.data, keys, &n, note));
    json_t *out = json_array();
    for (size_t i = 0; i < n; i++) {
        char when[CLOCK_TEXT_SIZE];
        clock_write_utc(keys[i].created_ms * 1000000, 3, when);
        (void)json_array_append_new(out, json_pack("{s:i, s:s, s:b}", "id", (int)keys[i].id, "createdAt", when,
                                                   "newest", i + 1 == n));
    }
    output_list(&a->common, out, columns, 3);
    json_decref(out);
    return DONE;
}

static err list(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    struct client_answer answer;
    const err e = client_call(&a->common, "GET", "/v2/operator/keys", NULL, &answer, note);
    if (e.code == ERR_NO_DAEMON) return list_file(a, note);
    TRY(e);
    output_list(&a->common, answer.body, columns, 7);
    client_answer_drop(&answer);
    return DONE;
}

static err rotate(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    struct client_answer answer;
    TRY(client_call(&a->common, "POST", "/v2/operator/keys", NULL, &answer, note));
    output_object(&a->common, answer.body, columns, 3);
    client_answer_drop(&answer);
    fprintf(stderr, "Make a copy of the keys now (latchkey key backup): older copies lack this one.\n");
    return DONE;
}

static err retire(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    struct client_answer answer;
    const char *id;
    char path[96];
    TRY(cli_word(&a->words, 0, "the key's number", &id, note));
    if (!*id || strspn(id, "0123456789") != strlen(id) || strlen(id) > 5) {
        return note_fail(note, FAIL(BAD_INPUT), "\"%.32s\" is no number of a key; see latchkey key list", id);
    }
    (void)snprintf(path, sizeof path, "/v2/operator/keys/%.5s%s", id, a->force ? "?force=true" : "");
    TRY(client_call(&a->common, "DELETE", path, NULL, &answer, note));
    static const struct output_column gone[] = {{"retired key", "id", NULL},
                                                {"tokens recognised no more", "tokens", NULL}};
    output_object(&a->common, answer.body, gone, 2);
    client_answer_drop(&answer);
    return DONE;
}

static err backup(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    const char *copy;
    TRY(cli_word(&a->words, 0, "the file to write", &copy, note));
    TRY(offline_key_backup(a->common.data, copy, note));
    fprintf(stderr, "%s holds a copy of the server keys. Keep it apart from copies of the store.\n", copy);
    return DONE;
}

static const struct cli_verb verbs[] = {
    {"list", list, 0},
    {"backup", backup, 1},
    {"rotate", rotate, 0},
    {"retire", retire, 1},
};

int cli_key(int argc, char **argv)
{
    struct arguments a = {0};
    struct note note = {{0}};
    cli_init_common(&a.common);
    cli_parse(&parser, "key", argc, argv, &a);
    const err e = cli_local_only(&a.common, &note);
    if (!err_is_ok(e)) return cli_fail_note(e, &note);
    return cli_run_verb("key", verbs, sizeof verbs / sizeof *verbs, &a.words, &a);
}
