/* `latchkey audit export`: where audit records are sent to, how that stands, and, once it is set up, whether they
 * arrive there. */
#include "cli/cli_audit_export.h"

#include "base/clock.h"
#include "base/secret.h"
#include "cli/client.h"
#include "cli/output.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WAIT_MS = 10000, WAIT_PAUSE_MS = 200 }; /* for the first delivery */
enum { SEQUENCE_DIGITS = 18, PATH_SIZE = 128, LINE_SIZE = 1024 };

#define EVERYTHING "/v2/operator/audit/export"

/* --- what it is told --- */

static err path_of(const struct cli_audit_export *x, char path[PATH_SIZE], struct note *note)
{
    char id[UUID_TEXT + 1];
    (void)snprintf(path, PATH_SIZE, EVERYTHING);
    if (x->every_scope && (x->common->organization || x->common->enterprise)) {
        return note_fail(note, FAIL(USAGE), "--every-scope is all that there is: leave out --org and --enterprise");
    }
    if (x->every_scope) return cli_local_only(x->common, note);
    if (x->common->enterprise) {
        return note_fail(note, FAIL(USAGE), "an organization's records are sent on (--org), or, with --every-scope, all");
    }
    TRY(client_find_own_organization(x->common, id, note));
    (void)snprintf(path, PATH_SIZE, "/v2/organizations/%s/telemetry/auditLogs", id);
    return DONE;
}

static const char *which(const struct cli_audit_export *x)
{
    return x->words->n > 1 ? x->words->list[1] : "";
}

/* What would be without effect is a slip. */
static err check_options(const struct cli_audit_export *x, struct note *note)
{
    const bool splunk = strcmp(which(x), "splunk") == 0;
    const bool sets = splunk || (*which(x) && strcmp(which(x), "end") != 0);
    const struct {
        const char *name;
        const char *value;
        bool fits;
    } rows[] = {
        {"collector-token-file", x->token_file, sets}, {"after", x->after, sets},
        {"index", x->index, splunk}, {"source", x->source, splunk}, {"sourcetype", x->sourcetype, splunk},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!rows[i].value || rows[i].fits) continue;
        return note_fail(note, FAIL(USAGE), "--%s goes with audit export %s URL", rows[i].name,
                         i < 2 ? "webhook or splunk" : "splunk");
    }
    return DONE;
}

static err put_text(json_t *o, const char *key, const char *value, struct note *note)
{
    if (!value || json_object_set_new(o, key, json_string(value)) == 0) return DONE;
    return note_fail(note, FAIL(BAD_INPUT), "%s: what was given is not UTF-8", key);
}

static err put_after(json_t *body, const char *text, struct note *note)
{
    if (!text) return DONE;
    const size_t n = strspn(text, "0123456789");
    if (n == 0 || n > SEQUENCE_DIGITS || text[n]) {
        return note_fail(note, FAIL(USAGE), "--after takes a record's number (seq), 0 for all that there are");
    }
    (void)json_object_set_new(body, "after", json_integer(strtoll(text, NULL, 10)));
    return DONE;
}

static err put_token(json_t *o, const char *file, struct note *note)
{
    char *text;
    size_t n;
    if (!file) return DONE;
    TRY(cli_read_secret(file, "a token", SECRET_MAX, &text, &n, note));
    const int put = json_object_set_new(o, "token", json_stringn(text, n));
    secret_wipe(text, n);
    free(text);
    return put == 0 ? DONE : note_fail(note, FAIL(BAD_INPUT), "the collector's token is not UTF-8");
}

/* `to`: the destination's own part of the body. */
static err fill(const struct cli_audit_export *x, json_t *body, json_t *to, struct note *note)
{
    if (x->words->n < 3) {
        return note_fail(note, FAIL(USAGE), "where to? latchkey audit export %s URL", which(x));
    }
    if (strcmp(which(x), "splunk") == 0 && !x->token_file) {
        return note_fail(note, FAIL(USAGE), "--collector-token-file FILE is missing: Splunk takes nothing without a token"
                                            " (- is standard input)");
    }
    TRY(put_after(body, x->after, note));
    TRY(put_text(to, "endpoint", x->words->list[2], note));
    TRY(put_text(to, "index", x->index, note));
    TRY(put_text(to, "source", x->source, note));
    TRY(put_text(to, "sourcetype", x->sourcetype, note));
    return put_token(to, x->token_file, note);
}

/* --- how it stands --- */

static const struct output_column columns[] = {
    {"destination", "destination", NULL},
    {"endpoint", "webhook.endpoint", NULL},
    {"endpoint", "splunk.endpoint", NULL},
    {"with a token", "webhook.hasToken", NULL},
    {"with a token", "splunk.hasToken", NULL},
    {"index", "splunk.index", NULL},
    {"source", "splunk.source", NULL},
    {"sourcetype", "splunk.sourcetype", NULL},
    {"state", "delivery.state", NULL},
    {"arrived up to", "delivery.sequence", NULL},
    {"behind", "delivery.behind", NULL},
    {"sent since start", "delivery.sent", NULL},
    {"last success", "delivery.lastSuccess", NULL},
    {"last failure", "delivery.lastFailure", NULL},
    {"tried again", "delivery.nextTry", NULL},
    {"problem", "delivery.problem", NULL},
    {"set up", "updatedOn", NULL},
    {"by", "updatedBy", NULL},
    {"by the operator", "byOperator", NULL},
};

static void print(const struct cli *c, const json_t *state)
{
    struct output_column there[sizeof columns / sizeof *columns];
    size_t n = 0;
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        if (output_dig(state, columns[i].key)) there[n++] = columns[i];
    }
    if (!c->json && !json_is_true(json_object_get(state, "enabled"))) {
        puts("audit records are sent nowhere; they stay in the trail");
        return;
    }
    output_object(c, state, there, n);
}

static err show(const struct cli_audit_export *x, struct note *note)
{
    char path[PATH_SIZE];
    struct client_answer answer;
    TRY(path_of(x, path, note));
    TRY(client_call(x->common, "GET", path, NULL, &answer, note));
    print(x->common, answer.body);
    client_answer_drop(&answer);
    return DONE;
}

/* --- whether they arrive --- */

static const char *text_at(const json_t *state, const char *key)
{
    const char *text = json_string_value(output_dig(state, key));
    return text ? text : "";
}

/* Times of the daemon's own, all written alike. */
static bool is_since_set_up(const json_t *state, const char *key)
{
    return strcmp(text_at(state, key), text_at(state, "updatedOn")) >= 0;
}

static bool has_failed(const json_t *state)
{
    return strcmp(text_at(state, "delivery.state"), "failing") == 0 && is_since_set_up(state, "delivery.lastFailure");
}

static bool has_arrived(const json_t *state)
{
    return *text_at(state, "delivery.lastSuccess") && is_since_set_up(state, "delivery.lastSuccess");
}

static bool is_known(const json_t *state)
{
    return !json_is_true(json_object_get(state, "enabled")) || has_failed(state) || has_arrived(state);
}

static void tell(const struct cli *c, const json_t *state)
{
    char line[LINE_SIZE];
    if (c->json || !json_is_true(json_object_get(state, "enabled"))) {
        print(c, state);
    } else if (has_failed(state)) {
        (void)snprintf(line, sizeof line, "set up, but records do not arrive: %s; they are sent again until they do",
                       text_at(state, "delivery.problem"));
        output_line("", line);
    } else if (has_arrived(state)) {
        output_line("set up, and records arrive", "");
    } else if (json_integer_value(output_dig(state, "delivery.behind")) > 0) {
        printf("set up; there is no answer within %d s; `latchkey audit export` tells how it stands\n", WAIT_MS / 1000);
    } else {
        printf("set up; there was nothing to send within %d s\n", WAIT_MS / 1000);
    }
}

static err await(const struct cli_audit_export *x, const char *path, struct note *note)
{
    const struct timespec pause = {.tv_nsec = WAIT_PAUSE_MS * 1000000L};
    const uint64_t end_ms = clock_mono_ms() + WAIT_MS;
    for (;;) {
        struct client_answer answer;
        struct note why = {{0}};
        const err e = client_call(x->common, "GET", path, NULL, &answer, &why);
        if (!err_is_ok(e)) {
            return note_fail(note, e, "it is set up, but how it stands cannot be asked: %s",
                             why.text[0] ? why.text : err_text(e));
        }
        const bool over = is_known(answer.body) || clock_mono_ms() >= end_ms;
        if (over) tell(x->common, answer.body);
        client_answer_drop(&answer);
        if (over) return DONE;
        (void)nanosleep(&pause, NULL);
    }
}

/* --- changing it --- */

static err call_and_forget(const struct cli *c, const char *method, const char *path, const json_t *body, struct note *note)
{
    struct client_answer answer;
    TRY(client_call(c, method, path, body, &answer, note));
    client_answer_drop(&answer);
    return DONE;
}

static err set(const struct cli_audit_export *x, struct note *note)
{
    char path[PATH_SIZE];
    json_t *body = json_object();
    json_t *to = json_object();
    (void)json_object_set_new(body, which(x), to);
    err e = fill(x, body, to, note);
    if (err_is_ok(e)) e = path_of(x, path, note);
    if (err_is_ok(e)) e = call_and_forget(x->common, "POST", path, body, note);
    json_decref(body);
    return err_is_ok(e) ? await(x, path, note) : e;
}

static err end(const struct cli_audit_export *x, struct note *note)
{
    char path[PATH_SIZE];
    TRY(path_of(x, path, note));
    return call_and_forget(x->common, "DELETE", path, NULL, note);
}

/* Why it is no destination at all, the daemon says of Pulsar. */
static const struct {
    const char *name;
    err (*run)(const struct cli_audit_export *x, struct note *note);
    size_t most;    /* words from "export" on, without it */
} ways[] = {{"", show, 0}, {"end", end, 1}, {"webhook", set, 2}, {"splunk", set, 2}, {"pulsar", set, 2}};

err cli_audit_export(const struct cli_audit_export *x, struct note *note)
{
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        if (strcmp(which(x), ways[i].name) != 0) continue;
        TRY(cli_no_more_words(x->words, ways[i].most, note));
        TRY(check_options(x, note));
        return ways[i].run(x, note);
    }
    return note_fail(note, FAIL(USAGE), "audit export webhook URL, splunk URL or end? See latchkey audit --help");
}
