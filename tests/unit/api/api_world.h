/* The API over a real door: gate, index and store are the real ones (the store in memory), time is the
 * test's. Each test file includes it once. */
#pragma once

#include "unit.h"
#include "world.h"

#include "api/api.h"
#include "gate/gate.h"
#include "http/http_door.h"
#include "loop/work.h"
#include "net/listen.h"
#include "store/store.h"

#include <errno.h>
#include <jansson.h>
#include <sys/socket.h>
#include <unistd.h>
#include <urcu/urcu-memb.h>

static struct world world;
static struct gate *gate;
static struct store *store;
static struct loop *loop;
static struct work *work;
static struct http_door *door;
static struct api api;
static struct address at;
static struct token_new administrator; /* of the organization */
static int64_t now_ms = INT64_C(1800000000000);
static uint64_t later_ms; /* how far the loop's clock is ahead */
static unsigned commits;

/* --- the parts that serve plays --- */

static uint64_t api_world_mono(void *owner)
{
    (void)owner;
    return 1000000 + later_ms;
}

static int64_t api_world_utc(void *owner)
{
    (void)owner;
    return now_ms;
}

static const struct loop_clock api_world_clock = {NULL, api_world_mono, api_world_utc};

static void api_world_committed(void *owner, struct store_batch *batch)
{
    const struct change *changes = NULL;
    const size_t n = store_batch_changes(batch, &changes);
    (void)owner;
    if (!err_is_ok(index_apply(world.index, changes, n, NULL))) abort();
    __atomic_fetch_add(&commits, 1, __ATOMIC_SEQ_CST);
    store_batch_finish(batch, DONE);
}

/* --- beginning and end --- */

/* All but the door; `api` is filled with what every test needs. */
static inline void api_world_begin(void)
{
    const struct store_ports ports = {.committed = api_world_committed};
    urcu_memb_register_thread();
    world_init(&world);
    const struct gate_options g = {
        .index = world.index, .prefixes = {BYTES(TOKEN_PREFIX)}, .prefixes_n = 1};
    assert_ok(gate_new(&g, &gate));
    gate_set_keys(gate, &world.keys);
    administrator = world_token(&world, WORLD_ORG, false, &builtin_organization_administrator, 1,
                                CLOCK_NEVER_MS);
    assert_ok(store_memory_open(&ports, &store));
    assert_ok(loop_new(&api_world_clock, &loop));
    assert_ok(work_new(1, 100, &work));
    api = (struct api){.gate = gate, .index = world.index, .store = store, .work = work,
                       .loop = loop, .prefix = BYTES(TOKEN_PREFIX)};
}

static inline void api_world_open_door(struct http_door_options o)
{
    struct note note;
    int fd = -1;
    const struct address any = {.family = ADDRESS_V4, .ip = {127, 0, 0, 1}};
    assert_ok(listen_open(&any, false, &note, &fd));
    at = listen_address(fd);
    o.routes = api_routes();
    o.owner = &api;
    o.gate = gate;
    assert_ok(http_door_open(loop, &o, fd, &door));
}

/* After the door was freed, and what the test itself made. */
static inline void api_world_end(void)
{
    work_free(work);
    store_close(store);
    while (loop_turn(loop, 0) > 0) {
    }
    loop_free(loop);
    gate_free(gate);
    world_drop(&world);
    urcu_memb_unregister_thread();
}

/* --- asking --- */

static char answer[1 << 18];
static json_t *json;

/* `fields`: lines of the header, each with its end. */
static inline int start_asking(const char *fields, const char *method, const char *path, const char *body)
{
    struct sockaddr_storage to;
    char words[8192];
    const socklen_t to_n = address_to_sockaddr(&at, &to);
    const int n = snprintf(words, sizeof words,
                           "%s %s HTTP/1.1\r\nHost: x\r\n%sContent-Length: %zu\r\n"
                           "Connection: close\r\n\r\n%s",
                           method, path, fields, body ? strlen(body) : 0, body ? body : "");
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, to_n), 0);
    assert_int_equal(send(fd, words, (size_t)n, MSG_NOSIGNAL), n);
    return fd;
}

/* The status; the answer is in `answer`, its body in `json`. */
static inline unsigned hear(int fd)
{
    size_t got = 0;
    for (;;) {
        (void)loop_turn(loop, 0);
        const ssize_t r = recv(fd, answer + got, sizeof answer - 1 - got, MSG_DONTWAIT);
        if (r == 0 || (r < 0 && errno != EAGAIN)) break;
        if (r > 0) got += (size_t)r;
    }
    close(fd);
    answer[got] = 0;
    json_decref(json);
    const char *text = strstr(answer, "\r\n\r\n");
    assert_non_null(text);
    json = json_loads(text + 4, JSON_DECODE_ANY, NULL);
    return (unsigned)atoi(answer + 9);
}

/* NULL: nobody. */
static inline unsigned ask_by_token(const struct token_new *who, const char *method, const char *path,
                                    const char *body)
{
    char token[128] = "";
    char fields[256] = "";
    if (who) {
        (void)token_write(who, BYTES(TOKEN_PREFIX), token);
        (void)snprintf(fields, sizeof fields, "Authorization: Bearer %s\r\n", token);
    }
    return hear(start_asking(fields, method, path, body));
}

static inline const char *text_of(const char *key)
{
    const char *text = json_string_value(json_object_get(json, key));
    return text ? text : "";
}

static inline const json_t *first_error(void)
{
    return json_array_get(json_object_get(json, "errors"), 0);
}
