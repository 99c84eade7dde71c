/* A cluster's control connection, against a node that the test plays: it answers from rows and can
 * be told to change, to fall silent, to disagree and to go away. */
#include "picture_of.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#include <urcu/urcu-memb.h>

#include "cluster/cluster.h"
#include "cql/request.h"
#include "statement/schema.h"

enum { SPIN_MAX = 3000000, TABLE_ROWS = 4, WAITERS = 32 };

struct scene {
    struct loop *loop;
    struct upstream_shared *shared;
    struct upstream_credentials credentials;
    struct cluster *cluster;
    struct cluster_listener ear;
    uint64_t now_ms;
    int listener;
    int node;
    struct wr in;
    struct wr out;
    const char *tables[TABLE_ROWS]; /* of keyspace app */
    unsigned readings;
    unsigned registered;
    unsigned logins;
    unsigned polls;
    bool silent;
    bool disagrees;
    bool refuses;
    unsigned pictures;
    unsigned events;
    uint64_t version;
    uint64_t event_version;
    char event_name[32];
    unsigned removed;
    struct cluster_waiter waiters[WAITERS];
    unsigned asked;
    unsigned done;
    err result;
    unsigned renewed;
};
static struct scene s;

static uint64_t mono(void *owner)
{
    (void)owner;
    return s.now_ms;
}
static int64_t utc(void *owner)
{
    (void)owner;
    return (int64_t)s.now_ms;
}

/* --- the node --- */

static void write_rows(struct wr *w, struct response_to to, const struct response_spec *spec,
                       const struct picture_of_row *rows, size_t rows_n)
{
    struct response_rows_writer writer = response_begin_rows(w, to, spec);
    for (size_t i = 0; i < rows_n; i++) {
        response_add_row(&writer);
        for (size_t c = 0; c < spec->columns_n; c++)
            response_add_cell(w, rows[i].cells[c]);
    }
    response_end_rows(w, &writer);
}

#define ID BYTES("\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10")
#define OTHER_ID BYTES("\x91\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10")

static void answer_local(struct response_to to)
{
    const struct response_column columns[] = {{.name = BYTES("key"), .type = TEXT_TYPE},
                                              {.name = BYTES("data_center"), .type = TEXT_TYPE},
                                              {.name = BYTES("host_id"), .type = UUID_TYPE},
                                              {.name = BYTES("release_version"), .type = TEXT_TYPE},
                                              {.name = BYTES("schema_version"), .type = UUID_TYPE}};
    const struct picture_of_row row = {{BYTES("local"), BYTES("dc1"), ID, BYTES("5.0.9"), ID}};
    const struct response_spec spec = {
        .keyspace = BYTES("system"), .table = BYTES("local"), .columns = columns, .columns_n = 5};
    s.readings++;
    write_rows(&s.out, to, &spec, &row, 1);
}

static void answer_tables(struct response_to to, bool columns_too)
{
    const struct response_column columns[] = {{.name = BYTES("keyspace_name"), .type = TEXT_TYPE},
                                              {.name = BYTES("table_name"), .type = TEXT_TYPE}};
    const struct response_spec spec = {.keyspace = BYTES("system_schema"),
                                       .table = BYTES("tables"),
                                       .columns = columns,
                                       .columns_n = columns_too ? 2 : 1};
    struct picture_of_row rows[TABLE_ROWS] = {{{{0}}}};
    size_t n = 0;
    for (; n < TABLE_ROWS && s.tables[n]; n++) {
        rows[n] = (struct picture_of_row){{BYTES("app"), bytes_of_text(s.tables[n])}};
    }
    write_rows(&s.out, to, &spec, rows, n);
}

static void answer_versions(struct response_to to, bool peers)
{
    const struct response_column columns[] = {{.name = BYTES("peer"), .type = INET_TYPE},
                                              {.name = BYTES("rpc_address"), .type = INET_TYPE},
                                              {.name = BYTES("schema_version"), .type = UUID_TYPE}};
    const struct response_spec spec = {.keyspace = BYTES("system"),
                                       .table = BYTES("peers"),
                                       .columns = peers ? columns : columns + 2,
                                       .columns_n = peers ? 3 : 1};
    const struct picture_of_row peer = {
        {BYTES("\x0a\0\0\2"), BYTES("\x0a\0\0\2"), s.disagrees ? OTHER_ID : ID}};
    const struct picture_of_row local = {{ID}};
    s.polls += peers;
    write_rows(&s.out, to, &spec, peers ? &peer : &local, 1);
}

static void answer_query(struct response_to to, bytes text)
{
    if (bytes_eq_text(text, "SELECT * FROM system.local")) {
        answer_local(to);
    } else if (bytes_eq_text(text, "SELECT * FROM system_schema.tables")) {
        answer_tables(to, true);
    } else if (bytes_eq_text(text, "SELECT * FROM system_schema.keyspaces") ||
               bytes_eq_text(text, "SELECT * FROM system_schema.columns")) {
        const char *former = s.tables[0];
        s.tables[0] = NULL;
        answer_tables(to, false);
        s.tables[0] = former;
    } else if (bytes_eq_text(text, "SELECT schema_version FROM system.local")) {
        answer_versions(to, false);
    } else if (bytes_has_prefix(text, BYTES("SELECT peer"))) {
        answer_versions(to, true);
    } else if (bytes_has_prefix(text, BYTES("LIST"))) {
        response_write_void(&s.out, to);
    } else {
        response_write_plain_error(&s.out, to, RESPONSE_INVALID, BYTES("unconfigured table"));
    }
}

static void answer(const struct frame_header *h, bytes body)
{
    const struct response_to to = {4, h->stream};
    struct request_query q;
    switch (h->opcode) {
    case OPCODE_STARTUP:
        response_write_authenticate(&s.out, to, BYTES("x"));
        break;
    case OPCODE_AUTH_RESPONSE:
        s.logins++;
        if (s.refuses) {
            response_write_plain_error(&s.out, to, RESPONSE_BAD_CREDENTIALS, BYTES("no"));
        } else {
            response_write_auth_success(&s.out, to);
        }
        break;
    case OPCODE_OPTIONS:
        response_write_supported(&s.out, to, NULL, 0);
        break;
    case OPCODE_REGISTER:
        s.registered++;
        response_write_ready(&s.out, to);
        break;
    case OPCODE_QUERY:
        assert_ok(request_read_query(4, body, &q));
        answer_query(to, q.text);
        break;
    default:
        fail();
    }
}

static void node_close(void)
{
    if (s.node >= 0) (void)close(s.node);
    s.node = -1;
    s.in.n = 0;
    s.out.n = 0;
}

static void node_turn(void)
{
    uint8_t room[4096];
    struct frame_header h;
    if (s.node < 0) {
        const int on = 1;
        s.node = accept4(s.listener, NULL, NULL, SOCK_NONBLOCK);
        if (s.node < 0) return;
        (void)setsockopt(s.node, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    const ssize_t n = recv(s.node, room, sizeof room, 0);
    if (n == 0) {
        node_close();
        return;
    }
    if (n > 0) wr_bytes(&s.in, bytes_of(room, (size_t)n));
    while (!s.silent && err_is_ok(frame_read_header(wr_view(&s.in), 1 << 20, &h)) &&
           s.in.n >= FRAME_HEADER_SIZE + h.body_len) {
        answer(&h, bytes_part(wr_view(&s.in), FRAME_HEADER_SIZE, h.body_len));
        wr_consume(&s.in, FRAME_HEADER_SIZE + h.body_len);
    }
    const ssize_t sent = s.out.n ? send(s.node, s.out.p, s.out.n, MSG_NOSIGNAL) : 0;
    if (sent > 0) wr_consume(&s.out, (size_t)sent);
}

static void turn(void)
{
    (void)loop_turn(s.loop, 0);
    node_turn();
}

static void turns(unsigned n)
{
    while (n--)
        turn();
}

#define UNTIL(condition)                              \
    for (unsigned spin_ = 0; !(condition); spin_++) { \
        assert_true(spin_ < SPIN_MAX);                \
        turn();                                       \
    }

/* --- those who listen and wait --- */

static void on_picture(struct cluster_listener *l, uint64_t version)
{
    (void)l;
    s.pictures++;
    s.version = version;
}
static void on_event(struct cluster_listener *l, const struct cluster_event *e)
{
    (void)l;
    s.events++;
    s.event_version = e->picture_version;
    (void)snprintf(s.event_name, sizeof s.event_name, "%.*s", BYTES_FMT(e->event.schema.name));
    assert_true(s.version >= e->picture_version); /* the picture came first */
}
static void on_removed(struct cluster_listener *l)
{
    (void)l;
    s.removed++;
}
static void on_done(struct cluster_waiter *w, err e)
{
    (void)w;
    s.done++;
    s.result = e;
}
/* One more who waits: for cluster_reload or cluster_agree. */
static void ask(void (*what)(struct cluster *c, struct cluster_waiter *w))
{
    assert_true(s.asked < WAITERS);
    struct cluster_waiter *w = &s.waiters[s.asked++];
    *w = (struct cluster_waiter){.loop = s.loop, .done = on_done};
    what(s.cluster, w);
}
static void renew(struct cluster *c)
{
    assert_ptr_equal(c, s.cluster);
    s.renewed++;
}

static int setup(void **state)
{
    (void)state;
    static const struct loop_clock clock = {.mono_ms = mono, .utc_ms = utc};
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t n = sizeof in;
    memset(&s, 0, sizeof s);
    s.now_ms = 1000;
    s.node = -1;
    s.tables[0] = "t1";
    s.in = wr_growing(1 << 20);
    s.out = wr_growing(1 << 20);
    s.listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    assert_int_equal(bind(s.listener, (struct sockaddr *)&in, n), 0);
    assert_int_equal(listen(s.listener, 4), 0);
    assert_int_equal(getsockname(s.listener, (struct sockaddr *)&in, &n), 0);
    assert_true(secret_set(&s.credentials.user, BYTES("ser\"vice")));
    assert_true(secret_set(&s.credentials.password, BYTES("word")));
    assert_ok(loop_new(&clock, &s.loop));
    assert_ok(upstream_shared_new(&s.shared));
    struct cluster_options o = {.loop = s.loop,
                                .shared = s.shared,
                                .name = "demo",
                                .contacts_n = 1,
                                .credentials = &s.credentials,
                                .renew_credentials = renew};
    (void)snprintf(o.contacts[0].host, sizeof o.contacts[0].host, "127.0.0.1");
    o.contacts[0].port = ntohs(in.sin_port);
    assert_ok(cluster_new(&o, &s.cluster));
    s.ear = (struct cluster_listener){
        .loop = s.loop, .on_picture = on_picture, .on_event = on_event, .on_removed = on_removed};
    cluster_listen(s.cluster, &s.ear);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    cluster_unlisten(s.cluster, &s.ear);
    UNTIL(s.removed == 1);
    cluster_close(s.cluster);
    turn();
    turn();
    urcu_memb_barrier();
    node_close();
    (void)close(s.listener);
    loop_free(s.loop);
    upstream_shared_free(s.shared);
    wr_drop(&s.in);
    wr_drop(&s.out);
    return 0;
}

/* With its first picture, and somebody who has heard of it. */
static int setup_connected(void **state)
{
    setup(state);
    UNTIL(s.pictures == 1);
    return 0;
}

static void announce(const char *change, const char *table)
{
    const struct response_event e = {
        .type = RESPONSE_EVENT_SCHEMA,
        .schema = {
            bytes_of_text(change), RESPONSE_TARGET_TABLE, BYTES("app"), bytes_of_text(table), {0}}};
    response_write_event(&s.out, 4, &e);
}

static bool has_table(const char *name)
{
    return schema_find(cluster_picture(s.cluster)->schema, SCHEMA_TABLE, BYTES("app"),
                       bytes_of_text(name));
}

static void it_connects_registers_and_reads(void **state)
{
    (void)state;
    assert_null(cluster_picture(s.cluster));
    assert_false(cluster_is_connected(s.cluster));
    UNTIL(s.pictures == 1);
    assert_true(cluster_is_connected(s.cluster));
    assert_int_equal(s.registered, 1);
    assert_true(has_table("t1"));
    assert_int_equal(cluster_picture(s.cluster)->nodes_n, 1);
}

static void an_event_comes_after_the_picture_that_shows_it(void **state)
{
    (void)state;
    const uint64_t first = s.version;
    s.tables[1] = "t2";
    announce("CREATED", "t2");
    turns(100);
    assert_int_equal(s.events, 0); /* changes are gathered first */
    s.now_ms += CLUSTER_DEBOUNCE_MS;
    UNTIL(s.events == 1);
    assert_int_equal(s.pictures, 2);
    assert_true(s.version > first);
    assert_true(s.event_version == s.version);
    assert_string_equal(s.event_name, "t2");
    assert_true(has_table("t2"));
    assert_int_equal(s.readings, 2);
}

static void a_reading_that_shows_nothing_new_keeps_the_version(void **state)
{
    (void)state;
    const struct picture *before = cluster_picture(s.cluster);
    ask(cluster_reload);
    UNTIL(s.done == 1);
    assert_ok(s.result);
    assert_int_equal(s.pictures, 1);
    assert_ptr_equal(cluster_picture(s.cluster), before);
}

static void those_who_wait_share_a_reading_that_began_after_they_asked(void **state)
{
    (void)state;
    s.silent = true;
    for (unsigned i = 0; i < 20; i++) {
        ask(cluster_reload);
        if (i < 2) UNTIL(s.in.n > 0);
        turns(10);
    }
    s.tables[1] = "t2";
    s.silent = false;
    UNTIL(s.done == 1);
    UNTIL(s.done == 20);
    assert_ok(s.result);
    assert_int_equal(s.readings, 3); /* the first, one for the first waiter, one for all others */
    assert_true(has_table("t2"));
}

static void a_lost_connection_is_told_and_made_again(void **state)
{
    (void)state;
    s.silent = true;
    ask(cluster_reload);
    UNTIL(s.in.n > 0);
    node_close();
    UNTIL(s.done == 1);
    assert_err(s.result, PEER_GONE);
    assert_false(cluster_is_connected(s.cluster));
    assert_true(has_table("t1")); /* the last picture stays */
    ask(cluster_reload);
    UNTIL(s.done == 2);
    assert_err(s.result, PEER_GONE);
    s.silent = false;
    s.tables[0] = "t9";
    s.now_ms += 10000;
    UNTIL(s.pictures == 2);
    assert_true(has_table("t9"));
    assert_int_equal(s.registered, 2);
}

static void an_event_before_the_loss_is_told_after_it(void **state)
{
    (void)state;
    s.tables[1] = "t2";
    announce("CREATED", "t2");
    turns(100);
    node_close();
    turns(100);
    s.now_ms += 10000;
    UNTIL(s.events == 1);
    assert_string_equal(s.event_name, "t2");
}

static void a_silent_node_is_left(void **state)
{
    (void)state;
    s.silent = true;
    ask(cluster_reload);
    UNTIL(s.in.n > 0);
    s.now_ms += CLUSTER_RELOAD_MS;
    UNTIL(s.done == 1);
    UNTIL(!cluster_is_connected(s.cluster));
    struct note why;
    cluster_explain(s.cluster, &why);
    assert_true(why.text[0] != 0);
}

static void agreement_is_waited_for(void **state)
{
    (void)state;
    s.disagrees = true;
    ask(cluster_agree);
    for (unsigned i = 1; i < 20; i++) {
        UNTIL(s.polls == i);
        turns(10);
        assert_int_equal(s.done, 0);
        s.now_ms += CLUSTER_AGREEMENT_STEP_MS;
    }
    s.tables[1] = "t2";
    s.disagrees = false;
    s.now_ms += CLUSTER_AGREEMENT_STEP_MS;
    UNTIL(s.done == 1);
    assert_ok(s.result);
    assert_true(has_table("t2")); /* the picture shows it already */
}

static void disagreement_has_an_end(void **state)
{
    (void)state;
    s.disagrees = true;
    ask(cluster_agree);
    UNTIL(s.polls == 1);
    s.tables[1] = "t2";
    s.now_ms += CLUSTER_AGREEMENT_MS;
    UNTIL(s.done == 1);
    assert_err(s.result, TIMED_OUT);
    assert_true(has_table("t2"));
}

static void a_node_that_is_down_need_not_agree(void **state)
{
    (void)state;
    const struct response_event down = {.type = RESPONSE_EVENT_STATUS,
                                        .change = BYTES("DOWN"),
                                        .address = BYTES("\x0a\0\0\2"),
                                        .port = 9042};
    response_write_event(&s.out, 4, &down);
    s.now_ms += CLUSTER_DEBOUNCE_MS;
    s.now_ms += CLUSTER_DEBOUNCE_MS;
    turns(100);
    s.now_ms += CLUSTER_DEBOUNCE_MS;
    UNTIL(s.events == 1);
    s.disagrees = true;
    ask(cluster_agree);
    UNTIL(s.done == 1);
    assert_ok(s.result);
}

static void a_refused_login_reads_the_password_again(void **state)
{
    (void)state;
    s.refuses = true;
    UNTIL(s.renewed == 1);
    assert_int_equal(s.logins, 1);
    s.refuses = false;
    s.now_ms += 10000;
    UNTIL(s.pictures == 1);
    assert_int_equal(s.logins, 2);
}

static void it_looks_again_now_and_then(void **state)
{
    (void)state;
    s.tables[1] = "unannounced";
    /* In steps, so that the heartbeat has nothing to complain about. */
    for (unsigned i = 0; i < 61; i++) {
        s.now_ms += 1000;
        turns(10);
    }
    UNTIL(s.pictures == 2);
    assert_true(has_table("unannounced"));
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup_connected, teardown)
#define FROM_NOTHING(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
    const struct CMUnitTest tests[] = {
        FROM_NOTHING(it_connects_registers_and_reads),
        T(an_event_comes_after_the_picture_that_shows_it),
        T(a_reading_that_shows_nothing_new_keeps_the_version),
        T(those_who_wait_share_a_reading_that_began_after_they_asked),
        T(a_lost_connection_is_told_and_made_again),
        T(an_event_before_the_loss_is_told_after_it),
        T(a_silent_node_is_left),
        T(agreement_is_waited_for),
        T(disagreement_has_an_end),
        T(a_node_that_is_down_need_not_agree),
        FROM_NOTHING(a_refused_login_reads_the_password_again),
        T(it_looks_again_now_and_then),
    };
    urcu_memb_register_thread();
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    urcu_memb_unregister_thread();
    return failed;
}
