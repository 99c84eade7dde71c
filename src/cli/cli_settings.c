/* `latchkey settings`: how long an organization's tokens may live, and the ceiling. What is not said
 * stays as it is. */
#include "cli/client.h"
#include "cli/output.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct arguments {
    struct cli common;
    struct cli_words words;
    const char *standard;
    const char *maximum;
    const char *inherit;
    const char *ceiling;
    bool yes;
};

static const struct argp_option options[] = {
    {"default", 'D', "30d|never", 0, "set: how long tokens live that were made without a stated end", 1},
    {"maximum", 'M', "365d|never", 0, "set: how long any token may live, those that there are too", 1},
    {"inherit-expiry", 'I', "yes|no", 0, "set: tokens end no later than the token that makes them", 1},
    {"ceiling", 'C', "yes|no", 0, "set: nobody hands out more than they hold", 1},
    {"yes", 'y', 0, 0, "set: lower the maximum whatever it ends", 1},
    {0},
};

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct arguments *a = state->input;
    switch (key) {
    case 'D': a->standard = value; return 0;
    case 'M': a->maximum = value; return 0;
    case 'I': a->inherit = value; return 0;
    case 'C': a->ceiling = value; return 0;
    case 'y': a->yes = true; return 0;
    default: return cli_parse_rest(key, value, state, &a->common, &a->words);
    }
}

static const struct argp parser = {.options = options, .parser = parse, .children = cli_common_children};

static void show_lifetime(const json_t *value, char *out, size_t size)
{
    const long long s = (long long)json_integer_value(value);
    if (!json_is_integer(value)) {
        (void)snprintf(out, size, "never");
    } else if (s % 86400 == 0) {
        (void)snprintf(out, size, "%lldd", s / 86400);
    } else {
        (void)snprintf(out, size, "%llds", s);
    }
}

static const struct output_column columns[] = {
    {"default lifetime", "defaultLifetimeSeconds", show_lifetime},
    {"maximum lifetime", "maximumLifetimeSeconds", show_lifetime},
    {"inherit expiry", "inheritExpiry", NULL},
    {"ceiling", "ceiling", NULL},
};

static err get(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    struct client_answer answer;
    TRY(client_call(&a->common, "GET", "/v2/organizations/settings", NULL, &answer, note));
    output_object(&a->common, answer.body, columns, 4);
    client_answer_drop(&answer);
    return DONE;
}

static err read_lifetime(const char *text, const char *key, json_t *body, struct note *note)
{
    static const char units[] = "smhdw";
    static const long long seconds[] = {1, 60, 3600, 86400, 7 * 86400};
    char *end = NULL;
    if (!text) return DONE;
    if (strcmp(text, "never") == 0) {
        (void)json_object_set_new(body, key, json_null());
        return DONE;
    }
    errno = 0;
    const long long n = strtoll(text, &end, 10);
    const char *unit = *end && !end[1] ? strchr(units, *end) : NULL;
    if (errno || end == text || !unit || n < 1 || n > 1000000) {
        return note_fail(note, FAIL(BAD_INPUT), "\"%s\" is no lifetime such as 30d or 12h, or never", text);
    }
    (void)json_object_set_new(body, key, json_integer(n * seconds[unit - units]));
    return DONE;
}

static err read_truth(const char *text, const char *key, json_t *body, struct note *note)
{
    if (!text) return DONE;
    const bool yes = strcmp(text, "yes") == 0;
    if (!yes && strcmp(text, "no") != 0) {
        return note_fail(note, FAIL(BAD_INPUT), "\"%s\" is neither yes nor no", text);
    }
    (void)json_object_set_new(body, key, json_boolean(yes));
    return DONE;
}

static err change_body(const struct arguments *a, json_t *body, struct note *note)
{
    TRY(read_lifetime(a->standard, "defaultLifetimeSeconds", body, note));
    TRY(read_lifetime(a->maximum, "maximumLifetimeSeconds", body, note));
    TRY(read_truth(a->inherit, "inheritExpiry", body, note));
    return read_truth(a->ceiling, "ceiling", body, note);
}

static bool lowers(const json_t *before, const json_t *after)
{
    const json_t *was = json_object_get(before, "maximumLifetimeSeconds");
    const json_t *now = json_object_get(after, "maximumLifetimeSeconds");
    return json_is_integer(now) &&
           (!json_is_integer(was) || json_integer_value(now) < json_integer_value(was));
}

/* What a lower maximum would end is said, and done only with --yes where it is anything. */
static err preview(const struct arguments *a, json_t *body, struct note *note)
{
    struct client_answer answer;
    TRY(client_call(&a->common, "POST", "/v2/organizations/settings/preview", body, &answer, note));
    const long long now = (long long)json_integer_value(json_object_get(answer.body, "endingNow"));
    const long long soon = (long long)json_integer_value(json_object_get(answer.body, "endingWithin7Days"));
    (void)json_object_set(body, "preview", json_object_get(answer.body, "preview"));
    client_answer_drop(&answer);
    if (a->yes || (now == 0 && soon == 0)) return DONE;
    return note_fail(note, FAIL(CONFLICT), "this maximum ends %lld tokens now and %lld within 7 days; say --yes to set it",
                     now, soon);
}

static err set(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    struct client_answer answer;
    if (!a->standard && !a->maximum && !a->inherit && !a->ceiling) {
        return note_fail(note, FAIL(USAGE), "nothing to set; see latchkey settings --help");
    }
    TRY(client_call(&a->common, "GET", "/v2/organizations/settings", NULL, &answer, note));
    json_t *body = json_copy(answer.body);
    err e = change_body(a, body, note);
    if (err_is_ok(e) && lowers(answer.body, body)) e = preview(a, body, note);
    client_answer_drop(&answer);
    if (err_is_ok(e)) e = client_call(&a->common, "PUT", "/v2/organizations/settings", body, &answer, note);
    json_decref(body);
    TRY(e);
    output_object(&a->common, answer.body, columns, 4);
    client_answer_drop(&answer);
    return DONE;
}

static const struct cli_verb verbs[] = {
    {"get", get, 0},
    {"set", set, 0},
};

int cli_settings(int argc, char **argv)
{
    struct arguments a = {0};
    cli_init_common(&a.common);
    cli_parse(&parser, "settings", argc, argv, &a);
    return cli_run_verb("settings", verbs, sizeof verbs / sizeof *verbs, &a.words, &a);
}
