/* A door for tests: the clock is ours, the gate is played, clients are sockets on loopback. Each
 * test file includes it once. */
#pragma once

#include "unit.h"

#include "base/clock.h"
#include "gate/gate.h"
#include "http/body.h"
#include "http/http_door.h"
#include "net/listen.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static struct loop *loop;
static uint64_t later_ms; /* how far the test's clock is ahead */
static struct http_door *door;
static uint16_t port;

/* "good", or "good" and anything of two characters, is a token of that name; the pair "id:good" is
 * the same caller as the token "good". */
err gate_identify(struct gate *g, struct call *call, const struct credential *cred)
{
    (void)g;
    call->who.kind = PRINCIPAL_TOKEN;
    if (cred->kind == CREDENTIAL_UID) {
        call->who.kind = PRINCIPAL_OPERATOR;
        return DONE;
    }
    if (cred->kind == CREDENTIAL_PAIR) {
        if (!bytes_eq_text(cred->client_id, "id") || !bytes_eq_text(cred->secret, "good"))
            return FAIL(TOKEN_UNKNOWN);
        (void)snprintf(call->who.name, sizeof call->who.name, "good");
        return DONE;
    }
    if (!bytes_has_prefix(cred->token, BYTES("good")) || cred->token.n > 6)
        return cred->token.n == 3 ? FAIL(TOKEN_UNKNOWN) : FAIL(TOKEN_MALFORMED);
    (void)snprintf(call->who.name, sizeof call->who.name, "%.*s", BYTES_FMT(cred->token));
    return DONE;
}

static uint64_t world_mono(void *owner)
{
    (void)owner;
    return 1000000 + later_ms;
}

static int64_t world_utc(void *owner)
{
    (void)owner;
    return clock_utc_ms();
}

static const struct loop_clock world_clock = {NULL, world_mono, world_utc};

static inline void world_open(const struct http_door_options *o)
{
    struct note note;
    int fd = -1;
    const struct address a = {.family = ADDRESS_V4, .ip = {127, 0, 0, 1}};
    if (!loop) assert_ok(loop_new(&world_clock, &loop));
    assert_ok(listen_open(&a, false, &note, &fd));
    port = listen_address(fd).port;
    assert_ok(http_door_open(loop, o, fd, &door));
}

/* Another door in front, with settings of its own, until it is closed again. */
static struct http_door *first_door;
static uint16_t first_port;

static inline void world_open_other(const struct http_door_options *o)
{
    first_door = door;
    first_port = port;
    world_open(o);
}

static inline void world_close_other(void)
{
    http_door_free(door);
    door = first_door;
    port = first_port;
}

/* Another door in front, on a UNIX socket for the operator; gives a client's end of it. */
static struct sockaddr_un world_socket;

static inline int world_open_socket(struct http_door_options o)
{
    struct note note;
    char folder[] = "/tmp/door-XXXXXX";
    int fd = -1;
    assert_non_null(mkdtemp(folder));
    world_socket.sun_family = AF_UNIX;
    (void)snprintf(world_socket.sun_path, sizeof world_socket.sun_path, "%s/sock", folder);
    assert_ok(listen_open_unix(world_socket.sun_path, &note, &fd));
    o.socket = true;
    o.socket_uid = getuid();
    first_door = door;
    first_port = port;
    assert_ok(http_door_open(loop, &o, fd, &door));
    const int client = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(connect(client, (struct sockaddr *)&world_socket, sizeof world_socket), 0);
    return client;
}

static inline void world_close_socket(void)
{
    world_close_other();
    unlink(world_socket.sun_path);
    *strrchr(world_socket.sun_path, '/') = 0;
    rmdir(world_socket.sun_path);
}

static inline void world_close(void)
{
    http_door_free(door);
    loop_free(loop);
    door = NULL;
    loop = NULL;
}

/* The same as the end of a group. */
static inline int world_close_all(void **state)
{
    (void)state;
    world_close();
    return 0;
}

static inline int dial_door(void)
{
    struct sockaddr_storage to;
    const struct address a = {.family = ADDRESS_V4, .ip = {127, 0, 0, 1}, .port = port};
    const socklen_t n = address_to_sockaddr(&a, &to);
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, n), 0);
    return fd;
}

static inline void say(int fd, const char *words)
{
    assert_int_equal(send(fd, words, strlen(words), MSG_NOSIGNAL), strlen(words));
}

/* Turns until the other side has said everything and closed, or `enough` is there. Bytes on loopback
 * have arrived when send returns, so a door that says nothing for long is waiting for time to pass. */
static inline char *collect(int fd, const char *enough)
{
    static char got[4 << 20];
    size_t n = 0;
    got[0] = 0;
    for (int silent = 0;; silent++) {
        (void)loop_turn(loop, 0);
        const ssize_t r = recv(fd, got + n, sizeof got - 1 - n, MSG_DONTWAIT);
        if (r == 0 || (r < 0 && errno != EAGAIN)) return got;
        if (r > 0) n += (size_t)r;
        if (r > 0) silent = 0;
        if (silent % 200 == 199) later_ms += HTTP_DOOR_READ_MS + 1000;
        got[n] = 0;
        if (enough && strstr(got, enough)) return got;
    }
}

static inline char *ask(const char *words)
{
    const int fd = dial_door();
    say(fd, words);
    shutdown(fd, SHUT_WR);
    char *got = collect(fd, NULL);
    close(fd);
    return got;
}

#define assert_has(text, part) assert_non_null(strstr(text, part))
#define assert_lacks(text, part) assert_null(strstr(text, part))
#define assert_status(text, code) assert_memory_equal(text, "HTTP/1.1 " #code " ", 13)
#define GOOD "Host: x\r\nAuthorization: Bearer good\r\n"
