/* The API over a real door, for tests of what it answers: gate, index and store are the real ones (the
 * store in memory); time is the test's. */
#pragma once

#include "unit.h"
#include "world.h"

#include "api/api.h"
#include "api/list_cache.h"
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
static int64_t now_ms = INT64_C(1800000000000);

/* --- the parts that serve plays --- */

static uint64_t mono(void *owner)
{
    (void)owner;
    return clock_mono_ms();
}

static int64_t utc(void *owner)
{
    (void)owner;
    return now_ms;
}

static const struct loop_clock test_clock = {NULL, mono, utc};

static void on_committed(void *owner, struct store_batch *batch)
{
    const struct change *changes = NULL;
    const size_t n = store_batch_changes(batch, &changes);
    (void)owner;
    if (!err_is_ok(index_apply(world.index, changes, n, NULL))) abort();
    store_batch_finish(batch, DONE);
}

static err may_register(void *owner, const struct principal *who, const struct record_database *d,
                        struct note *note)
{
    (void)owner;
    (void)d;
    if (who->kind == PRINCIPAL_OPERATOR) return DONE;
    return note_fail(note, FAIL(NOT_ALLOWED), "only the local operator");
}

static bool cluster(void *owner, const struct uuid *database, struct arena *a, struct api_cluster *out)
{
    static const bytes keyspaces[] = {BYTES("crm"), BYTES("shop")};
    (void)owner;
    (void)database;
    (void)a;
    *out = (struct api_cluster){.keyspaces = keyspaces, .keyspaces_n = 2, .nodes_known = 3};
    return true;
}

/* --- asking --- */

static char answer[1 << 18];
static json_t *json;

static inline unsigned ask(const struct token_new *who, const char *method, const char *path, const char *body)
{
    struct sockaddr_storage to;
    char token[128] = "";
    char words[8192];
    const socklen_t to_n = address_to_sockaddr(&at, &to);
    if (who) (void)token_write(who, BYTES(TOKEN_PREFIX), token);
    const int n = snprintf(words, sizeof words,
                           "%s %s HTTP/1.1\r\nHost: x\r\n%s%s%s\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s",
                           method, path, who ? "Authorization: Bearer " : "X-Nobody: ", token, "",
                           body ? strlen(body) : 0, body ? body : "");
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, to_n), 0);
    assert_int_equal(send(fd, words, (size_t)n, MSG_NOSIGNAL), n);
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

static inline const char *message(void)
{
    const json_t *first = json_array_get(json_object_get(json, "errors"), 0);
    const char *text = json_string_value(json_object_get(first, "message"));
    return text ? text : "";
}

#define assert_says(part) assert_non_null(strstr(message(), part))

static inline const char *text_of(const char *key)
{
    const char *text = json_string_value(json_object_get(json, key));
    return text ? text : "";
}

/* The token of the answer of a create. */
static inline struct token_new made_token(void)
{
    struct token_new t = {0};
    memcpy(t.client_id, text_of("clientId"), TOKEN_CLIENT_ID);
    memcpy(t.secret, text_of("secret"), TOKEN_SECRET);
    token_digest(bytes_of(t.secret, TOKEN_SECRET), t.digest);
    return t;
}

static inline const char *format(const char *pattern, const char *value)
{
    static char text[4096];
    snprintf(text, sizeof text, pattern, value);
    return text;
}

static inline const char *id_text(struct uuid id)
{
    static char text[UUID_TEXT + 1];
    uuid_text(&id, text);
    return text;
}

static struct token_new administrator;
static struct token_new enterprise;

static inline struct token_new token_with(struct uuid role)
{
    return world_token(&world, WORLD_ORG, false, &role, 1, CLOCK_NEVER_MS);
}

static inline void administrator_roles(const char *pattern, char *out, size_t size)
{
    snprintf(out, size, pattern, id_text(builtin_organization_administrator));
}

static inline int open_all(void **state)
{
    struct note note;
    int fd = -1;
    const struct address any = {.family = ADDRESS_V4, .ip = {127, 0, 0, 1}};
    const struct gate_options g = {.index = NULL, .prefixes = {BYTES(TOKEN_PREFIX)}, .prefixes_n = 1};
    const struct store_ports ports = {.committed = on_committed};
    struct gate_options with_index = g;
    (void)state;
    urcu_memb_register_thread();
    world_init(&world);
    with_index.index = world.index;
    assert_ok(gate_new(&with_index, &gate));
    gate_set_keys(gate, &world.keys);
    administrator = world_token(&world, WORLD_ORG, false, &builtin_organization_administrator, 1, CLOCK_NEVER_MS);
    enterprise = world_token(&world, WORLD_ENTERPRISE, true, &builtin_enterprise_administrator, 1, CLOCK_NEVER_MS);
    assert_ok(store_memory_open(&ports, &store));
    assert_ok(loop_new(&test_clock, &loop));
    assert_ok(work_new(1, 100, &work));
    api = (struct api){.gate = gate, .index = world.index, .store = store, .work = work,
                       .prefix = BYTES(TOKEN_PREFIX),
                       .ports = {.may_register = may_register, .cluster = cluster}};
    assert_ok(list_cache_new(&api.lists));
    assert_ok(listen_open(&any, false, &note, &fd));
    at = listen_address(fd);
    const struct http_door_options o = {
        .routes = api_routes(), .owner = &api, .gate = gate, .connections_max = 100};
    assert_ok(http_door_open(loop, &o, fd, &door));
    return 0;
}

static inline int close_all(void **state)
{
    (void)state;
    json_decref(json);
    http_door_free(door);
    list_cache_free(api.lists);
    work_free(work);
    store_close(store);
    loop_free(loop);
    gate_free(gate);
    world_drop(&world);
    urcu_memb_unregister_thread();
    return 0;
}
