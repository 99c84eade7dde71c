/* Raw bytes on an HTTP door: whatever they are, it closes or answers in the shape of all answers,
 * never with a 5xx, and nothing is left behind. */
#include "base/check.h"
#include "gate/gate.h"
#include "http/body.h"
#include "http/etag.h"
#include "http/http_door.h"
#include "http/json_out.h"
#include "http/once.h"
#include "http/page.h"
#include "http/rate_limit.h"
#include "http/repeat.h"
#include "http_answers.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { SILENT_TURNS = 8, TURNS_MAX = 20000, SAID_MAX = 4 << 20 };

static uint64_t now_ms;
static struct loop *loop;
static struct http_door *door;
static struct sockaddr_un at;
static socklen_t at_n = sizeof at;

/* The gate is played. */
err gate_identify(struct gate *g, struct call *call, const struct credential *cred)
{
    (void)g;
    call->who.kind = PRINCIPAL_TOKEN;
    call->who.name[0] = 'a';
    if (cred->kind == CREDENTIAL_PAIR) return cred->secret.n == 1 ? DONE : FAIL(TOKEN_UNKNOWN);
    return cred->token.n == 1 ? DONE : FAIL(TOKEN_UNKNOWN);
}

static uint64_t mono(void *owner)
{
    (void)owner;
    return now_ms;
}

static int64_t utc(void *owner)
{
    (void)owner;
    return (int64_t)now_ms;
}

static const struct loop_clock still_clock = {NULL, mono, utc};

static const struct field field_a = {.name = "a", .need = FIELD_OPTIONAL, .most = 10};

static err run_echo(struct http_request *rq)
{
    const struct json_in *o = NULL;
    bytes name;
    bytes made;
    if (repeat_is_one(rq, &made)) {
        repeat_answer(rq);
        return DONE;
    }
    TRY(body_object_or_nothing(rq, &o));
    TRY(body_text(rq, o, &field_a, &name));
    repeat_makes(rq, name);
    struct json_out j = json_out_to(http_json(rq, 200));
    json_out_text(&j, name);
    return DONE;
}

static err run_get(struct http_request *rq)
{
    const struct page p = page_read(rq, 10);
    struct json_out j = json_out_to(http_json(rq, 200));
    json_out_text(&j, rq->params[0]);
    etag_set(rq, BYTES("1"));
    page_link(rq, &p, rq->params[0]);
    return DONE;
}

static err run_change(struct http_request *rq)
{
    TRY(etag_check(rq, BYTES("1")));
    http_empty(rq, 204);
    return DONE;
}

struct row_of_ones {
    struct http_stream stream;
    unsigned left;
};

static err next_ones(struct http_stream *s, struct http_request *rq, struct wr *w)
{
    struct row_of_ones *ones = LOOP_OF(s, struct row_of_ones, stream);
    (void)rq;
    if (ones->left == 0) return DONE;
    for (unsigned i = 0; i < 100; i++) wr_text(w, ones->left == 3 && i == 0 ? "[1" : ",1");
    if (--ones->left == 0) wr_text(w, "]");
    return DONE;
}

static err run_stream(struct http_request *rq)
{
    struct row_of_ones *ones = arena_take(&rq->call.arena, sizeof *ones);
    if (!ones) return FAIL(NO_MEMORY);
    ones->stream.next = next_ones;
    ones->left = 3;
    http_stream(rq, 200, "application/json; charset=UTF-8", &ones->stream);
    return DONE;
}

static const struct http_route rows[] = {
    {HTTP_GET, "/a/{b}", HTTP_ANYBODY, "", run_get, ""},
    {HTTP_PUT, "/a/{b}", HTTP_CALLER_BASIC, "", run_change, ""},
    {HTTP_POST, "/a", HTTP_CALLER_ONCE, "", run_echo, ""},
    {HTTP_GET, "/s", HTTP_CALLER, "", run_stream, ""},
};
static const struct http_routes routes = {rows, sizeof rows / sizeof *rows};

static void open_door(void)
{
    const sa_family_t family = AF_UNIX;
    struct http_door_options o = {.routes = &routes, .connections_max = 100, .socket = true,
                                  .socket_uid = getuid(), .origins = {BYTES("https://a.test")},
                                  .origins_n = 1};
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    CHECK(err_is_ok(once_new(NULL, &o.once)) && err_is_ok(rate_limit_new(1000, 1000, &o.rate)));
    CHECK(err_is_ok(loop_new(&still_clock, &loop)));
    CHECK(bind(fd, (const struct sockaddr *)&family, sizeof family) == 0 && listen(fd, 10) == 0);
    CHECK(getsockname(fd, (struct sockaddr *)&at, &at_n) == 0);
    CHECK(err_is_ok(http_door_open(loop, &o, fd, &door)));
}

/* All that the door says until it closes; when it says nothing, time passes. */
static size_t listen_to(int fd, uint8_t *said)
{
    size_t n = 0;
    int silent = 0;
    for (int i = 0; i < TURNS_MAX; i++) {
        (void)loop_turn(loop, 0);
        const ssize_t r = recv(fd, said + n, SAID_MAX - n, MSG_DONTWAIT);
        if (r == 0 || (r < 0 && errno != EAGAIN)) return n;
        if (r > 0) n += (size_t)r;
        silent = r > 0 ? 0 : silent + 1;
        if (silent > SILENT_TURNS) now_ms += HTTP_DOOR_READ_MS + 1;
    }
    CHECK(!"the door neither speaks nor closes");
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static uint8_t said[SAID_MAX];
    if (!door) open_door();
    const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    CHECK(fd >= 0 && connect(fd, (const struct sockaddr *)&at, at_n) == 0);
    (void)send(fd, data, n, MSG_NOSIGNAL | MSG_DONTWAIT);
    (void)shutdown(fd, SHUT_WR);
    http_answers_check(bytes_of(said, listen_to(fd, said)));
    (void)close(fd);
    for (int i = 0; i < SILENT_TURNS && http_door_busy(door); i++) (void)loop_turn(loop, 0);
    CHECK(http_door_busy(door) == 0);
    return 0;
}
