/* Raw bytes on an HTTP door: whatever they are, it closes or answers, and nothing is left behind. */
#include "base/check.h"
#include "gate/gate.h"
#include "http/body.h"
#include "http/http_door.h"
#include "net/listen.h"

#include <sys/socket.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { TURNS_MAX = 50, BUSY_TURNS_MAX = 2000 };

static uint64_t now_ms;
static struct loop *loop;
static struct http_door *door;
static struct address at;

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

static err run_echo(struct http_request *rq)
{
    const json_t *o = NULL;
    bytes name;
    TRY(body_object(rq, &o));
    TRY(body_text(rq, o, "a", BODY_OPTIONAL, 10, &name));
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
    struct note note;
    int fd = -1;
    const struct address any = {.family = ADDRESS_V4, .ip = {127, 0, 0, 1}};
    const struct http_door_options o = {.routes = &routes, .connections_max = 100};
    CHECK(err_is_ok(loop_new(&still_clock, &loop)));
    CHECK(err_is_ok(listen_open(&any, false, &note, &fd)));
    at = listen_address(fd);
    CHECK(err_is_ok(http_door_open(loop, &o, fd, &door)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct sockaddr_storage to;
    char answer[4096];
    if (!door) open_door();
    const socklen_t to_n = address_to_sockaddr(&at, &to);
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || n > 60000) return fd < 0 ? 0 : close(fd);
    CHECK(connect(fd, (const struct sockaddr *)&to, to_n) == 0);
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
