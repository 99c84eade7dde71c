/* Tables of permissions: what a preview of 5,000 rows with 64 roles takes, what the map of a thousand
 * groups takes, and for how long they keep the HTTP loop from everything else.
 *
 *   policies
 *
 * Gate, index, HTTP door and work thread are the real ones, in one process; the schema is made up. Beside
 * both stands a request that does nothing (/livez), measured in the same round. Medians, and the most
 * processor time of a single turn of the loop. */
#include "world.h"

#include "api/api.h"
#include "gate/gate.h"
#include "http/http_door.h"
#include "loop/work.h"
#include "net/listen.h"
#include "store/store.h"

#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <urcu/urcu-memb.h>

enum { ROUNDS = 15, KEYSPACES = 50, TABLES = 5000, ROLES = 64, LINES = 64, GROUPS = 1000 };

static struct world world;
static struct loop *loop;
static struct address at;
static struct api api;
static char answer[8 << 20];
static uint64_t longest_ns;

static _Noreturn void fail(const char *what)
{
    (void)fprintf(stderr, "bench policies: %s\n", what);
    exit(1);
}

static void must(err e, const char *what)
{
    if (!err_is_ok(e)) fail(what);
}

static uint64_t now_ns(clockid_t clock)
{
    struct timespec t;
    (void)clock_gettime(clock, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* --- the world --- */

static bool schema(void *owner, const struct uuid *database, bool system, size_t tables, struct arena *a,
                   struct api_schema *out)
{
    struct api_keyspace *list = arena_take_array(a, KEYSPACES, sizeof *list);
    (void)owner;
    (void)database;
    (void)system;
    (void)tables;
    for (int k = 0; list && k < KEYSPACES; k++) {
        struct api_table *of = arena_take_array(a, TABLES / KEYSPACES, sizeof *of);
        if (!of) return false;
        for (int i = 0; i < TABLES / KEYSPACES; i++) {
            of[i].name = bytes_of_text(arena_format(a, "table_%d", i));
        }
        list[k] = (struct api_keyspace){.name = bytes_of_text(arena_format(a, "keyspace_%d", k)),
                                        .tables = of, .tables_n = TABLES / KEYSPACES};
    }
    *out = (struct api_schema){.keyspaces = list, .keyspaces_n = KEYSPACES};
    return list != NULL;
}

static void committed(void *owner, struct store_batch *batch)
{
    const struct change *changes = NULL;
    const size_t n = store_batch_changes(batch, &changes);
    (void)owner;
    must(index_apply(world.index, changes, n, NULL), "index");
    store_batch_finish(batch, DONE);
}

/* Every action of an organization, on lines of all levels. */
static void add_role(uint8_t kind, uint8_t number, unsigned lines)
{
    static enum action actions[ACTIONS];
    struct resource *list = arena_take_array(&world.arena, lines + 1, sizeof *list);
    size_t n = 0;
    for (unsigned a = 0; a < ACTIONS; a++) {
        if (action_level((enum action)a) != LEVEL_ENTERPRISE) actions[n++] = (enum action)a;
    }
    const struct uuid org = WORLD_ORG;
    const struct uuid db = WORLD_DB;
    list[0] = resource_any_database(&org);
    for (unsigned i = 1; i < lines; i++) {
        const bytes keyspace =
            bytes_of_text(arena_format(&world.arena, "keyspace_%u", world_below(KEYSPACES)));
        list[i] = resource_table(&org, &db, keyspace,
                                 bytes_of_text(arena_format(&world.arena, "table_%u", world_below(100))));
        list[i].table_any = world_below(16) == 0;
    }
    const struct role r = {.id = world_id(kind, number), .scope = WORLD_ORG, .name = BYTES("role"),
                           .policy = {.actions = actions, .actions_n = n, .resources = list, .resources_n = lines}};
    world_put_role(&world, &r, NULL);
}

/* --- one request --- */

/* The loop's own time: what the machine gave to others is not the turn's fault. */
static uint64_t turn(void)
{
    const uint64_t from = now_ns(CLOCK_THREAD_CPUTIME_ID);
    (void)loop_turn(loop, 0);
    return now_ns(CLOCK_THREAD_CPUTIME_ID) - from;
}

static uint64_t ask(const char *words)
{
    struct sockaddr_storage to;
    const socklen_t to_n = address_to_sockaddr(&at, &to);
    const uint64_t from = now_ns(CLOCK_MONOTONIC);
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(fd, (struct sockaddr *)&to, to_n) || send(fd, words, strlen(words), MSG_NOSIGNAL) < 0) fail("connect");
    size_t got = 0;
    for (;;) {
        const uint64_t took = turn();
        if (took > longest_ns) longest_ns = took;
        const ssize_t r = recv(fd, answer + got, sizeof answer - 1 - got, MSG_DONTWAIT);
        if (r == 0) break;
        if (r > 0) got += (size_t)r;
        if (got == sizeof answer - 1) fail("the answer is too long");
    }
    close(fd);
    answer[got] = 0;
    if (memcmp(answer + 9, "200", 3) != 0) fail(answer);
    return now_ns(CLOCK_MONOTONIC) - from;
}

static int by_size(const void *a, const void *b)
{
    const uint64_t *x = a;
    const uint64_t *y = b;
    return (*x > *y) - (*x < *y);
}

static void measure(const char *what, const char *words)
{
    uint64_t times[ROUNDS];
    longest_ns = 0;
    for (int i = 0; i < ROUNDS; i++) times[i] = ask(words);
    qsort(times, ROUNDS, sizeof *times, by_size);
    printf("%-44s %8.2f ms  longest turn %6.2f ms  answer %5zu KB\n", what, (double)times[ROUNDS / 2] / 1e6,
           (double)longest_ns / 1e6, strlen(answer) / 1000);
}

static void request(char *out, size_t size, const char *method, const char *path, const struct token_new *who)
{
    char token[128];
    (void)token_write(who, BYTES(TOKEN_PREFIX), token);
    (void)snprintf(out, size, "%s %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: 0\r\n"
                   "Connection: close\r\n\r\n", method, path, token);
}

/* Members with two roles each, no two of them with the same. */
static void add_groups(const struct uuid roles[ROLES])
{
    for (unsigned i = 0, n = 0; n < GROUPS; i++) {
        struct uuid person = world_id(0x0f, (uint8_t)i);
        if (i / ROLES >= i % ROLES) continue;
        person.b[2] = (uint8_t)(i >> 8);
        world_member(&world, person, WORLD_ORG, false,
                     (const struct uuid[]){roles[i / ROLES], roles[i % ROLES]}, 2, false);
        n++;
    }
}

static void measure_all(void)
{
    struct uuid roles[ROLES];
    char words[512];
    for (uint8_t i = 0; i < ROLES; i++) {
        add_role(0x21, i, LINES);
        roles[i] = world_id(0x21, i);
    }
    const struct token_new broad = world_token(&world, WORLD_ORG, false, roles, ROLES, CLOCK_NEVER_MS);
    const struct token_new admin = world_token(&world, WORLD_ORG, false, &builtin_organization_administrator, 1, CLOCK_NEVER_MS);
    request(words, sizeof words, "GET", "/livez", &admin);
    measure("nothing (/livez)", words);
    request(words, sizeof words, "POST", "/v2/policies/preview", &broad);
    measure("preview, 5,000 rows, 64 roles of 64 lines", words);
    request(words, sizeof words, "POST", "/v2/policies/preview", &admin);
    measure("preview, 5,000 rows, a built-in role", words);
    add_groups(roles);
    request(words, sizeof words, "GET", "/v2/access-map", &admin);
    measure("map, all that it shows", words);
    request(words, sizeof words, "GET", "/v2/access-map?action=db-table-drop", &admin);
    measure("map, who may drop a table", words);
}

int main(void)
{
    struct note note;
    int fd = -1;
    struct gate *gate = NULL;
    struct http_door *door = NULL;
    const struct address any = {.family = ADDRESS_V4, .ip = {127, 0, 0, 1}};
    const struct store_ports ports = {.committed = committed};
    urcu_memb_register_thread();
    world_init(&world);
    must(gate_new(&(struct gate_options){.index = world.index, .prefixes = {BYTES(TOKEN_PREFIX)}, .prefixes_n = 1}, &gate), "gate");
    gate_set_keys(gate, &world.keys);
    must(store_memory_open(&ports, &api.store), "store");
    must(loop_new(NULL, &loop), "loop");
    must(work_new(1, 100, &api.work), "work");
    api.gate = gate;
    api.index = world.index;
    api.prefix = BYTES(TOKEN_PREFIX);
    api.ports.schema = schema;
    must(listen_open(&any, false, &note, &fd), "listen");
    at = listen_address(fd);
    must(http_door_open(loop, &(struct http_door_options){.routes = api_routes(), .owner = &api, .gate = gate,
                                                          .connections_max = 100}, fd, &door), "door");
    measure_all();
    http_door_free(door);
    work_free(api.work);
    store_close(api.store);
    loop_free(loop);
    gate_free(gate);
    world_drop(&world);
    urcu_memb_unregister_thread();
    return 0;
}
