/* A node's pool: what is wanted is dialled, what is lost is dialled again with pauses, what drains
 * is replaced. The test plays a node that lets everybody in. */
#include "unit.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cql/response.h"
#include "upstream/node.h"

enum { SPIN_MAX = 3000000, PEERS = 16 };

struct scene {
    struct loop *loop;
    struct upstream_shared *shared;
    struct upstream_credentials credentials;
    struct node node;
    uint64_t now_ms;
    int listener;
    int peers[PEERS];
    unsigned accepted;
    uint8_t versions[PEERS];
    bool answers; /* requests as well as logins */
    unsigned ready;
    unsigned gone;
    unsigned lost;
    unsigned replies;
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
static void on_ready(struct upstream *u)
{
    assert_ptr_equal(node_of(u), &s.node);
    s.ready++;
}
static void on_reply(struct upstream *u, struct upstream_slot *slot, const struct frame_header *h,
                     bytes body)
{
    (void)u;
    (void)slot;
    (void)h;
    (void)body;
    s.replies++;
}
static void on_lost(struct upstream *u, struct upstream_slot *slot, int how)
{
    (void)u;
    (void)slot;
    (void)how;
    s.lost++;
}
static void on_gone(struct upstream *u, err why)
{
    (void)u;
    (void)why;
    s.gone++;
}

static void serve_peer(unsigned i)
{
    uint8_t room[256];
    const ssize_t n = recv(s.peers[i], room, sizeof room, MSG_PEEK);
    struct frame_header h;
    if (n == 0) {
        (void)close(s.peers[i]);
        s.peers[i] = -1;
    }
    if (n <= 0 || !err_is_ok(frame_read_header(bytes_of(room, (size_t)n), 1 << 16, &h))) return;
    if ((size_t)n < FRAME_HEADER_SIZE + h.body_len) return;
    if (h.opcode != OPCODE_STARTUP && !s.answers) return;
    (void)recv(s.peers[i], room, FRAME_HEADER_SIZE + h.body_len, 0);
    struct wr w = wr_growing(1000);
    s.versions[i] = h.version;
    const struct response_to to = {h.version, h.stream};
    if (h.opcode == OPCODE_STARTUP) {
        response_write_ready(&w, to);
    } else {
        response_write_void(&w, to);
    }
    assert_int_equal(send(s.peers[i], w.p, w.n, MSG_NOSIGNAL), w.n);
    wr_drop(&w);
}

static void turn(void)
{
    (void)loop_turn(s.loop, 0);
    const int fd = s.accepted < PEERS ? accept4(s.listener, NULL, NULL, SOCK_NONBLOCK) : -1;
    if (fd >= 0) {
        const int on = 1;
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        s.peers[s.accepted++] = fd;
    }
    for (unsigned i = 0; i < s.accepted; i++) {
        if (s.peers[i] >= 0) serve_peer(i);
    }
}

#define UNTIL(condition)                              \
    for (unsigned spin_ = 0; !(condition); spin_++) { \
        assert_true(spin_ < SPIN_MAX);                \
        turn();                                       \
    }

static void turns(unsigned n)
{
    while (n--)
        turn();
}

static const struct upstream_events events = {
    .on_ready = on_ready, .on_reply = on_reply, .on_lost = on_lost, .on_gone = on_gone};

static int setup(void **state)
{
    (void)state;
    static const struct loop_clock clock = {.mono_ms = mono, .utc_ms = utc};
    static const uint8_t id[16] = {1};
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t n = sizeof in;
    memset(&s, 0, sizeof s);
    s.now_ms = 1000;
    s.listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    assert_int_equal(bind(s.listener, (struct sockaddr *)&in, n), 0);
    assert_int_equal(listen(s.listener, 16), 0);
    assert_int_equal(getsockname(s.listener, (struct sockaddr *)&in, &n), 0);
    const struct address address = address_of_sockaddr((struct sockaddr *)&in);
    assert_ok(loop_new(&clock, &s.loop));
    assert_ok(upstream_shared_new(&s.shared));
    const struct node_options options = {
        .loop = s.loop, .shared = s.shared, .credentials = &s.credentials, .events = &events};
    node_init(&s.node, &options, &address, id);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    node_close(&s.node);
    turn();
    for (unsigned i = 0; i < s.accepted; i++) {
        if (s.peers[i] >= 0) (void)close(s.peers[i]);
    }
    (void)close(s.listener);
    loop_free(s.loop);
    upstream_shared_free(s.shared);
    return 0;
}

static void nothing_is_dialled_until_it_is_wanted(void **state)
{
    (void)state;
    turns(50);
    assert_int_equal(s.accepted, 0);
    assert_null(node_pick(&s.node, 4, NODE_ORDINARY));
    assert_true(node_is_coming(&s.node, 4));
    assert_false(node_is_coming(&s.node, 3));
    UNTIL(s.ready == 1);
    struct upstream *u = node_pick(&s.node, 4, NODE_ORDINARY);
    assert_non_null(u);
    assert_ptr_equal(node_pick(&s.node, 4, NODE_ORDINARY), u);
    assert_true(node_is_ready(&s.node, 4));
    turns(50);
    assert_int_equal(s.accepted, 1);
}

static void versions_have_connections_of_their_own(void **state)
{
    (void)state;
    (void)node_pick(&s.node, 4, NODE_ORDINARY);
    (void)node_pick(&s.node, 3, NODE_ORDINARY);
    UNTIL(s.ready == 2);
    assert_int_equal(s.versions[0] + s.versions[1], 7);
    assert_ptr_not_equal(node_pick(&s.node, 4, NODE_ORDINARY),
                         node_pick(&s.node, 3, NODE_ORDINARY));
}

static void bulk_uses_the_ordinary_one_until_its_own_is_there(void **state)
{
    (void)state;
    (void)node_pick(&s.node, 4, NODE_ORDINARY);
    UNTIL(s.ready == 1);
    struct upstream *ordinary = node_pick(&s.node, 4, NODE_ORDINARY);
    assert_ptr_equal(node_pick(&s.node, 4, NODE_BULK), ordinary);
    UNTIL(s.ready == 2);
    assert_ptr_not_equal(node_pick(&s.node, 4, NODE_BULK), ordinary);
}

static void send_one(struct upstream *u)
{
    int16_t stream;
    assert_non_null(upstream_take(u, &stream));
    assert_ok(upstream_send(u, stream, 0, OPCODE_QUERY, BYTES("x"), false));
}

static void a_lost_connection_comes_back_after_a_pause(void **state)
{
    (void)state;
    (void)node_pick(&s.node, 4, NODE_ORDINARY);
    UNTIL(s.ready == 1);
    send_one(node_pick(&s.node, 4, NODE_ORDINARY));
    assert_int_equal(node_load(&s.node, 4), 1);
    turns(10);
    (void)close(s.peers[0]);
    s.peers[0] = -1;
    UNTIL(s.gone == 1);
    assert_int_equal(s.lost, 1);
    assert_null(node_pick(&s.node, 4, NODE_ORDINARY));
    turns(50);
    assert_int_equal(s.accepted, 1);
    s.now_ms += NODE_BACKOFF_MIN_MS;
    UNTIL(s.ready == 2);
    assert_non_null(node_pick(&s.node, 4, NODE_ORDINARY));
}

static void pauses_grow_and_can_be_cut_short(void **state)
{
    (void)state;
    (void)close(s.listener);
    s.listener = -1;
    (void)node_pick(&s.node, 4, NODE_ORDINARY);
    for (unsigned i = 1; i <= 10; i++) {
        UNTIL(s.gone == i);
        s.now_ms += NODE_BACKOFF_MAX_MS;
    }
    UNTIL(s.gone == 11);
    turns(50);
    s.now_ms += NODE_BACKOFF_MAX_MS / 2 - 1;
    turns(50);
    assert_int_equal(s.gone, 11);
    node_hurry(&s.node);
    UNTIL(s.gone == 12);
    s.now_ms += NODE_BACKOFF_MIN_MS;
    UNTIL(s.gone == 13);
}

static void what_drains_is_replaced_at_once_and_still_answered(void **state)
{
    (void)state;
    (void)node_pick(&s.node, 4, NODE_ORDINARY);
    UNTIL(s.ready == 1);
    struct upstream *old = node_pick(&s.node, 4, NODE_ORDINARY);
    send_one(old);
    node_retire(old);
    UNTIL(s.ready == 2);
    assert_ptr_not_equal(node_pick(&s.node, 4, NODE_ORDINARY), old);
    assert_int_equal(s.gone, 0);
    s.answers = true;
    UNTIL(s.replies == 1);
    UNTIL(s.gone == 1);
    assert_int_equal(s.lost, 0);
    turns(10);
    s.now_ms += NODE_BACKOFF_MAX_MS;
    turns(50);
    assert_int_equal(s.accepted, 2);
}

static void one_that_drains_by_itself_is_replaced_when_it_is_asked_for(void **state)
{
    (void)state;
    (void)node_pick(&s.node, 4, NODE_ORDINARY);
    UNTIL(s.ready == 1);
    struct upstream *old = node_pick(&s.node, 4, NODE_ORDINARY);
    send_one(old);
    upstream_drain(old);
    assert_null(node_pick(&s.node, 4, NODE_ORDINARY));
    UNTIL(s.ready == 2);
    assert_non_null(node_pick(&s.node, 4, NODE_ORDINARY));
    s.answers = true;
    UNTIL(s.gone == 1);
}

static void closing_tells_all_that_was_in_flight(void **state)
{
    (void)state;
    (void)node_pick(&s.node, 4, NODE_ORDINARY);
    (void)node_pick(&s.node, 3, NODE_BULK);
    UNTIL(s.ready == 3);
    send_one(node_pick(&s.node, 4, NODE_ORDINARY));
    send_one(node_pick(&s.node, 3, NODE_BULK));
    node_close(&s.node);
    assert_int_equal(s.lost, 2);
    assert_int_equal(s.gone, 3);
    turn();
    assert_true(list_is_empty(&s.node.all));
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
UNIT_MAIN(T(nothing_is_dialled_until_it_is_wanted), T(versions_have_connections_of_their_own),
          T(bulk_uses_the_ordinary_one_until_its_own_is_there),
          T(a_lost_connection_comes_back_after_a_pause), T(pauses_grow_and_can_be_cut_short),
          T(what_drains_is_replaced_at_once_and_still_answered),
          T(one_that_drains_by_itself_is_replaced_when_it_is_asked_for),
          T(closing_tells_all_that_was_in_flight))
