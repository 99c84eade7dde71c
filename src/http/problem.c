/* Errors as clients can read them: which shape goes where was measured on the clients themselves.
 */
#include "http/problem.h"

#include "base/mask.h"
#include "http/inside.h"
#include "http/json_out.h"

#include <inttypes.h>

enum {
    PROBLEM_TOKEN_MALFORMED = 340012,
    PROBLEM_TOKEN_UNKNOWN = 340018,
    PROBLEM_PROOF_NEEDED = 351001, /* the page asks for the password and tries again */
    PROBLEM_CROSS_SITE = 351002,
    PROBLEM_SESSION_ENDED = 351003, /* the page goes to its sign-in */
    PROBLEM_SIGN_IN_FAILED = 351004
};

static bool path_starts(const struct target *t, const char *second, const char *third)
{
    if (t->segments_n < 2 || !bytes_eq_text(t->segments[0], "v2")) return false;
    if (!bytes_eq_text(t->segments[1], second)) return false;
    return !third || (t->segments_n >= 3 && bytes_eq_text(t->segments[2], third));
}

/* On these paths clients explain 401 as a missing permission. */
bool problem_is_database_path(const struct target *t)
{
    return path_starts(t, "databases", NULL) || path_starts(t, "availableRegions", NULL) ||
           path_starts(t, "regions", NULL);
}

static unsigned status_of(const struct http_request *rq, err e)
{
    const unsigned status = err_row(e)->http;
    const bool missing = e.code == ERR_NOT_ALLOWED || e.code == ERR_ABOVE_CEILING;
    /* A page would take 401 for the end of its session. */
    const bool person = rq->call.who.kind == PRINCIPAL_PERSON;
    return missing && !person && problem_is_database_path(&rq->target) ? 401 : status;
}

/* Of database access lists the published description has text for what a POST and a missing list say. */
static bool is_access_list_text(const struct target *t, enum http_method method, unsigned status)
{
    if (!path_starts(t, "databases", NULL) || t->segments_n != 4) return false;
    if (!bytes_eq_text(t->segments[3], "access-list") || status == 401) return false;
    return method == HTTP_POST || (method == HTTP_GET && status == 404);
}

/* Under this prefix the Go client decodes JSON errors as strings, and prints text as it is; the
 * refusal of the list it decodes as an object. */
bool problem_is_text(const struct target *t, enum http_method method, unsigned status)
{
    const bool list = t->segments_n == 3 && method == HTTP_GET;
    const bool role = path_starts(t, "organizations", "roles") && status != 401;
    return (role && !(list && status == 403)) || is_access_list_text(t, method, status);
}

int problem_id(err e)
{
    if (e.code == ERR_TOKEN_MALFORMED) return PROBLEM_TOKEN_MALFORMED;
    if (e.code == ERR_TOKEN_UNKNOWN) return PROBLEM_TOKEN_UNKNOWN;
    if (e.code == ERR_PROOF_NEEDED) return PROBLEM_PROOF_NEEDED;
    if (e.code == ERR_CROSS_SITE) return PROBLEM_CROSS_SITE;
    if (e.code == ERR_SESSION_ENDED) return PROBLEM_SESSION_ENDED;
    if (e.code == ERR_SIGN_IN_FAILED) return PROBLEM_SIGN_IN_FAILED;
    return PROBLEM_OURS + err_row(e)->http;
}

static bool note_is_for_peer(err e)
{
    switch (err_row(e)->class) {
    case ERR_CLASS_INVALID:
    case ERR_CLASS_FORBIDDEN:
    case ERR_CLASS_NOT_FOUND:
    case ERR_CLASS_CONFLICT:
        return true;
    case ERR_CLASS_NONE:
    case ERR_CLASS_UNAUTHENTICATED:
    case ERR_CLASS_LIMIT:
    case ERR_CLASS_RETRY:
    case ERR_CLASS_INTERNAL:
        return false;
    }
    return false;
}

static const char *message_of(const struct http_request *rq, err e)
{
    const bool told = rq->tell_note || note_is_for_peer(e);
    return told && rq->call.note.text[0] ? rq->call.note.text : err_text(e);
}

/* In whole seconds, rounded up; at least one. */
static void say_when(struct http_request *rq)
{
    const uint64_t wait_ms = rq->inside ? rq->inside->wait_ms : 0;
    const uint64_t seconds = wait_ms / 1000 + (wait_ms % 1000 || wait_ms == 0);
    const char *text = arena_format(&rq->call.arena, "%" PRIu64, seconds);
    if (text) http_add_header(rq, "Retry-After", text);
}

void problem_answer(struct http_request *rq, err e)
{
    const unsigned status = status_of(rq, e);
    const bool text = problem_is_text(&rq->target, rq->method, status);
    char message[sizeof rq->call.note.text];
    struct wr *w = http_text(rq, status, text ? PROBLEM_TYPE_TEXT : PROBLEM_TYPE_JSON);
    struct json_out j = json_out_to(w);
    json_out_object(&j);
    json_out_key(&j, "errors");
    json_out_array(&j);
    json_out_object(&j);
    json_out_key(&j, "ID");
    json_out_int(&j, problem_id(e));
    mask_words(bytes_of_text(message_of(rq, e)), message, sizeof message);
    json_out_pair(&j, "message", bytes_of_text(message));
    json_out_end(&j);
    json_out_end(&j);
    json_out_end(&j);
    if (status == 401) http_add_header(rq, "WWW-Authenticate", "Bearer realm=\"latchkey\"");
    if (status == 429 || status == 503) say_when(rq);
}
