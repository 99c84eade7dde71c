/* Raw bytes on an HTTP door: whatever they are, it closes or answers, and nothing is left behind. */
#include "base/check.h"
#include "gate/gate.h"
#include "http/body.h"
#include "http/http_door.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { TURNS_MAX = 50, BUSY_TURNS_MAX = 2000 };

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
    const json_t *o = NULL;
    bytes name;
    TRY(body_object(rq, &o));
    TRY(body_text(rq, o, &field_a, &name));
    wr_bytes(http_json(rq, 200), name);
    return DONE;
}

static err run_get(struct http_request *rq)
{
    wr_bytes(http_json(rq, 200), rq->params[0]);
    return DONE;
}

static const struct http_route rows[] = {
    {HTTP_GET, "/a/{b}", HTTP_ANYBODY, "", run_get, ""},
    {HTTP_POST, "/a", HTTP_CALLER, "", run_echo, ""},
};
static const struct http_routes routes = {rows, sizeof rows / sizeof *rows};

static void open_door(void)
{
    const sa_family_t family = AF_UNIX;
    const struct http_door_options o = {
        .routes = &routes, .connections_max = 100, .socket = true, .socket_uid = getuid()};
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    CHECK(err_is_ok(loop_new(&still_clock, &loop)));
    CHECK(bind(fd, (const struct sockaddr *)&family, sizeof family) == 0 && listen(fd, 10) == 0);
    CHECK(getsockname(fd, (struct sockaddr *)&at, &at_n) == 0);
    CHECK(err_is_ok(http_door_open(loop, &o, fd, &door)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    char answer[4096];
    if (!door) open_door();
    const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    CHECK(fd >= 0 && connect(fd, (const struct sockaddr *)&at, at_n) == 0);
    (void)send(fd, data, n, MSG_NOSIGNAL | MSG_DONTWAIT);
    (void)shutdown(fd, SHUT_WR);
    for (int i = 0; i < TURNS_MAX; i++) {
        (void)loop_turn(loop, 0);
        if (recv(fd, answer, sizeof answer, MSG_DONTWAIT) == 0) break;
    }
    (void)close(fd);
    now_ms += HTTP_DOOR_KEEP_MS + 1;
    for (int i = 0; http_door_busy(door) && i < BUSY_TURNS_MAX; i++) (void)loop_turn(loop, 0);
    CHECK(http_door_busy(door) == 0);
    return 0;
}
