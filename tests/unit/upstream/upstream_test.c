/* A connection to a node, against a node that is played by the test itself over a real socket, with
 * a clock that the test moves. */
#include "unit.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cql/request.h"
#include "cql/response.h"
#include "cql/sasl.h"
#include "cql/startup.h"
#include "upstream/upstream.h"

enum { LOG_MAX = 64, SPIN_MAX = 10000000 };

struct scene {
    struct loop *loop;
    struct upstream_shared *shared;
    struct upstream_credentials credentials;
    struct upstream u;
    uint64_t now_ms;
    int listener;
    int node; /* the node's end */
    struct address address;
    bool ready;
    bool gone;
    err why;
    unsigned replies;
    int16_t last_client;
    uint8_t last_opcode;
    bytes last_body;
    uint8_t body[1 << 20];
    size_t part_n;
    unsigned parts;
    unsigned lost[3];
    unsigned expired;
    unsigned events;
    unsigned rooms;
    bool close_on_reply;
    bool wants_whole;
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
    assert_ptr_equal(u, &s.u);
    s.ready = true;
}
static void on_reply(struct upstream *u, struct upstream_slot *slot, const struct frame_header *h,
                     bytes body)
{
    s.replies++;
    s.last_client = slot->client_stream;
    s.last_opcode = h->opcode;
    assert_ptr_equal(slot->owner, &s);
    assert_in_range(body.n, 0, sizeof s.body);
    if (body.n) memcpy(s.body, body.p, body.n);
    s.last_body = bytes_of(s.body, body.n);
    if (s.close_on_reply) upstream_close(u, FAIL(NOT_READY));
}
static bool takes_parts(struct upstream *u, struct upstream_slot *slot, const struct frame_header *h)
{
    assert_ptr_equal(u, &s.u);
    assert_ptr_equal(slot->owner, &s);
    assert_true(h->body_len > UPSTREAM_WHOLE_MAX);
    return !s.wants_whole;
}
static void on_part(struct upstream *u, struct upstream_slot *slot, const struct frame_header *h,
                    bytes part, uint32_t offset)
{
    (void)u;
    assert_int_equal(offset, s.part_n);
    assert_true(offset + part.n <= h->body_len);
    memcpy(s.body + s.part_n, part.p, part.n);
    s.part_n += part.n;
    s.parts++;
    s.last_client = slot->client_stream;
}
static void on_lost(struct upstream *u, struct upstream_slot *slot, int how)
{
    (void)u;
    assert_ptr_equal(slot->owner, &s);
    s.lost[how]++;
}
static void on_expired(struct upstream *u, struct upstream_slot *slot)
{
    (void)u;
    (void)slot;
    s.expired++;
}
static void on_event(struct upstream *u, bytes message)
{
    struct response_event e;
    (void)u;
    assert_ok(response_read_event(message, &e));
    s.events++;
}
static void on_room(struct upstream *u)
{
    (void)u;
    s.rooms++;
}
static void on_gone(struct upstream *u, err why)
{
    (void)u;
    s.gone = true;
    s.why = why;
}

static const struct upstream_events with_parts = {on_ready,   on_reply, takes_parts,
                                                  on_part,    on_expired, on_lost,
                                                  on_event, on_room, on_gone};
static const struct upstream_events without_parts = {on_ready, on_reply, NULL,    NULL,   on_expired,
                                                     on_lost,  on_event, on_room, on_gone};

static int setup_with(const struct upstream_events *events, uint8_t version)
{
    memset(&s, 0, sizeof s);
    s.now_ms = 1000;
    s.node = -1;
    static const struct loop_clock clock = {.mono_ms = mono, .utc_ms = utc};
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t n = sizeof in;
    s.listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    assert_int_equal(bind(s.listener, (struct sockaddr *)&in, n), 0);
    assert_int_equal(listen(s.listener, 4), 0);
    assert_int_equal(getsockname(s.listener, (struct sockaddr *)&in, &n), 0);
    s.address = address_of_sockaddr((struct sockaddr *)&in);
    assert_true(secret_set(&s.credentials.user, BYTES("service")));
    assert_true(secret_set(&s.credentials.password, BYTES("pass word")));
    assert_ok(loop_new(&clock, &s.loop));
    assert_ok(upstream_shared_new(&s.shared));
    const struct upstream_options options = {.loop = s.loop,
                                             .shared = s.shared,
                                             .events = events,
                                             .credentials = &s.credentials,
                                             .version = version};
    upstream_init(&s.u, &options);
    return 0;
}
static int setup(void **state)
{
    (void)state;
    return setup_with(&with_parts, 4);
}
static int teardown(void **state)
{
    (void)state;
    upstream_close(&s.u, DONE);
    upstream_drop(&s.u);
    if (s.node >= 0) (void)close(s.node);
    (void)close(s.listener);
    loop_free(s.loop);
    upstream_shared_free(s.shared);
    return 0;
}

#define UNTIL(condition)                              \
    for (unsigned spin_ = 0; !(condition); spin_++) { \
        assert_true(spin_ < SPIN_MAX);                \
        (void)loop_turn(s.loop, 0);                   \
    }

static bool node_accepts(void)
{
    const int on = 1;
    s.node = accept4(s.listener, NULL, NULL, SOCK_NONBLOCK);
    return s.node >= 0 && setsockopt(s.node, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0;
}

/* At the node's end: how much further `at` came. */
static size_t receive(uint8_t *to, size_t n, size_t at)
{
    const ssize_t r = recv(s.node, to + at, n - at, 0);
    return r > 0 ? at + (size_t)r : at;
}

static size_t transmit(bytes b, size_t at)
{
    const ssize_t r = send(s.node, b.p + at, b.n - at, MSG_NOSIGNAL);
    return r > 0 ? at + (size_t)r : at;
}

static void node_reads(uint8_t *to, size_t n)
{
    size_t at = 0;
    UNTIL((at = receive(to, n, at)) == n);
}

struct asked {
    struct frame_header h;
    uint8_t body[1 << 16];
};
static struct asked asked;

static void node_reads_frame(enum opcode opcode)
{
    uint8_t head[FRAME_HEADER_SIZE];
    node_reads(head, sizeof head);
    assert_ok(frame_read_header(bytes_of(head, sizeof head), sizeof asked.body, &asked.h));
    assert_int_equal(asked.h.opcode, opcode);
    node_reads(asked.body, asked.h.body_len);
}

static void node_sends(bytes b)
{
    size_t at = 0;
    UNTIL((at = transmit(b, at)) == b.n);
}

static struct response_to back(void)
{
    return (struct response_to){s.u.set.version, asked.h.stream};
}

#define NODE_ANSWERS(call)                 \
    do {                                   \
        struct wr w = wr_growing(1 << 20); \
        call;                              \
        node_sends(wr_view(&w));           \
        wr_drop(&w);                       \
    } while (0)

static void come_up(void)
{
    assert_ok(upstream_dial(&s.u, &s.address));
    UNTIL(node_accepts());
    node_reads_frame(OPCODE_STARTUP);
    NODE_ANSWERS(response_write_authenticate(&w, back(), BYTES("any.Authenticator")));
    node_reads_frame(OPCODE_AUTH_RESPONSE);
    NODE_ANSWERS(response_write_auth_success(&w, back()));
    UNTIL(s.ready);
}

static struct upstream_slot *ask(int16_t client, bytes body)
{
    int16_t stream;
    struct upstream_slot *slot = upstream_take(&s.u, &stream);
    assert_non_null(slot);
    slot->owner = &s;
    slot->client_stream = client;
    assert_ok(upstream_send(&s.u, stream, 0, OPCODE_EXECUTE, body, true));
    return slot;
}

static void it_introduces_itself(void **state)
{
    (void)state;
    struct startup startup;
    struct sasl_plain plain;
    assert_ok(upstream_dial(&s.u, &s.address));
    UNTIL(node_accepts());
    node_reads_frame(OPCODE_STARTUP);
    assert_int_equal(asked.h.version, 4);
    assert_ok(startup_read(bytes_of(asked.body, asked.h.body_len), &startup));
    assert_bytes(startup.driver_name, "Latchkey");
    assert_true(startup.throw_on_overload);
    assert_int_equal(startup.compression.n, 0);
    NODE_ANSWERS(response_write_authenticate(&w, back(), BYTES("any.Authenticator")));
    node_reads_frame(OPCODE_AUTH_RESPONSE);
    assert_ok(sasl_read_plain(bytes_of(asked.body, asked.h.body_len), &plain));
    assert_bytes(plain.user, "service");
    assert_bytes(plain.password, "pass word");
    assert_false(upstream_is_ready(&s.u));
    int16_t stream;
    assert_null(upstream_take(&s.u, &stream));
    NODE_ANSWERS(response_write_auth_success(&w, back()));
    UNTIL(s.ready);
    assert_null(memmem(s.u.out.now.p, s.u.out.now.size, "pass word", 9));
}

static void a_refused_login_says_why(void **state)
{
    (void)state;
    assert_ok(upstream_dial(&s.u, &s.address));
    UNTIL(node_accepts());
    node_reads_frame(OPCODE_STARTUP);
    NODE_ANSWERS(response_write_authenticate(&w, back(), BYTES("x")));
    node_reads_frame(OPCODE_AUTH_RESPONSE);
    NODE_ANSWERS(response_write_plain_error(&w, back(), RESPONSE_BAD_CREDENTIALS, BYTES("wrong")));
    UNTIL(s.gone);
    assert_err(s.why, NODE_REFUSED);
    assert_non_null(strstr(s.u.why, "wrong"));
}

static void a_node_that_is_not_there_is_gone(void **state)
{
    (void)state;
    (void)close(s.listener);
    s.listener = -1;
    assert_ok(upstream_dial(&s.u, &s.address));
    UNTIL(s.gone);
    assert_err(s.why, NO_NODE);
}

static void a_silent_login_has_an_end(void **state)
{
    (void)state;
    assert_ok(upstream_dial(&s.u, &s.address));
    UNTIL(node_accepts());
    node_reads_frame(OPCODE_STARTUP);
    s.now_ms += UPSTREAM_LOGIN_MS + 1000;
    UNTIL(s.gone);
    assert_err(s.why, TIMED_OUT);
}

static void garbage_closes(void **state)
{
    (void)state;
    come_up();
    node_sends(BYTES("HTTP/1.1 400 Bad Request\r\n"));
    UNTIL(s.gone);
    assert_err(s.why, FRAME_BAD);
}

static void an_answer_nobody_asked_for_closes(void **state)
{
    (void)state;
    come_up();
    (void)ask(1, BYTES("x"));
    node_reads_frame(OPCODE_EXECUTE);
    asked.h.stream = 7;
    NODE_ANSWERS(response_write_void(&w, back()));
    UNTIL(s.gone);
    assert_err(s.why, FRAME_BAD);
    assert_int_equal(s.replies, 0);
    assert_int_equal(s.lost[UPSTREAM_WRITTEN], 1);
}

static void requests_of_a_turn_leave_together_and_answers_find_their_slots(void **state)
{
    (void)state;
    int16_t streams[3];
    come_up();
    for (int16_t i = 0; i < 3; i++)
        (void)ask((int16_t)(100 + i), BYTES("body"));
    assert_int_equal(outbox_unsent(&s.u.out).n, 3 * (FRAME_HEADER_SIZE + 4));
    for (unsigned i = 0; i < 3; i++) {
        node_reads_frame(OPCODE_EXECUTE);
        assert_memory_equal(asked.body, "body", 4);
        streams[i] = asked.h.stream;
    }
    for (unsigned i = 3; i-- > 0;) { /* backwards */
        asked.h.stream = streams[i];
        NODE_ANSWERS(response_write_set_keyspace(&w, back(), BYTES("ks")));
        UNTIL(s.replies == 3 - i);
        assert_int_equal(s.last_client, 100 + (int)i);
    }
    assert_int_equal(upstream_load(&s.u), 0);
    assert_int_equal(s.u.free_n, UPSTREAM_STREAMS);
}

static void answers_come_whole_whatever_the_cuts(void **state)
{
    (void)state;
    come_up();
    (void)ask(1, BYTES("x"));
    (void)ask(2, BYTES("x"));
    struct wr w = wr_growing(1000);
    for (unsigned i = 0; i < 2; i++) {
        node_reads_frame(OPCODE_EXECUTE);
        response_write_set_keyspace(&w, back(), BYTES("some_keyspace"));
    }
    for (size_t i = 0; i < w.n; i++) {
        node_sends(bytes_part(wr_view(&w), i, 1));
        for (unsigned turn = 0; turn < 20; turn++)
            (void)loop_turn(s.loop, 0);
    }
    UNTIL(s.replies == 2);
    assert_int_equal(s.last_body.n, 4 + 2 + 13);
    wr_drop(&w);
}

static void large(struct wr *w, size_t n)
{
    const size_t begun = frame_begin(w, 0x84, 0, asked.h.stream, OPCODE_RESULT);
    for (size_t i = 0; i < n; i++)
        wr_u8(w, (uint8_t)(i % 251));
    frame_end(w, begun);
}

static void check_large(size_t n)
{
    for (size_t i = 0; i < n; i++)
        assert_int_equal(s.body[i], i % 251);
}

static void a_large_answer_comes_in_pieces(void **state)
{
    (void)state;
    enum { N = 900 * 1000 };
    come_up();
    (void)ask(5, BYTES("x"));
    (void)ask(6, BYTES("x"));
    node_reads_frame(OPCODE_EXECUTE);
    struct wr w = wr_growing(1 << 20);
    large(&w, N);
    node_sends(bytes_part(wr_view(&w), 0, 100 * 1000));
    UNTIL(s.part_n > 0);
    assert_int_equal(s.last_client, 5);
    assert_int_equal(upstream_load(&s.u), 2);
    node_sends(bytes_part(wr_view(&w), 100 * 1000, w.n));
    UNTIL(s.part_n == N);
    assert_true(s.parts > 1);
    check_large(N);
    wr_drop(&w);
    node_reads_frame(OPCODE_EXECUTE);
    NODE_ANSWERS(response_write_void(&w, back()));
    UNTIL(s.replies == 1);
    assert_int_equal(s.last_client, 6);
    assert_int_equal(upstream_load(&s.u), 0);
}

static void a_large_answer_is_gathered_where_nobody_takes_pieces(void **state)
{
    (void)state;
    enum { N = 900 * 1000 };
    come_up();
    (void)ask(5, BYTES("x"));
    node_reads_frame(OPCODE_EXECUTE);
    NODE_ANSWERS(large(&w, N));
    UNTIL(s.replies == 1);
    assert_int_equal(s.last_body.n, N);
    check_large(N);
}

static void a_large_answer_is_gathered_for_whoever_wants_it_whole(void **state)
{
    (void)state;
    enum { N = 900 * 1000 };
    come_up();
    s.wants_whole = true;
    (void)ask(5, BYTES("x"));
    node_reads_frame(OPCODE_EXECUTE);
    NODE_ANSWERS(large(&w, N));
    UNTIL(s.replies == 1);
    assert_int_equal(s.parts, 0);
    assert_int_equal(s.last_body.n, N);
    check_large(N);
}

/* One answer that is too long to be gathered is one request's trouble. */
static void what_cannot_be_gathered_is_not_waited_for(void **state)
{
    (void)state;
    come_up();
    s.wants_whole = true;
    struct upstream_slot *slot = ask(5, BYTES("x"));
    node_reads_frame(OPCODE_EXECUTE);
    const struct frame_header h = {0x84, 0, asked.h.stream, OPCODE_RESULT, UPSTREAM_GATHER_MAX + 1};
    static uint8_t frame[FRAME_HEADER_SIZE + 100 * 1000];
    frame_write_header(frame, &h);
    node_sends(bytes_of(frame, sizeof frame));
    UNTIL(s.expired == 1);
    assert_true(slot->flags & UPSTREAM_SLOT_ORPHAN);
    assert_int_equal(s.u.gathered.size, 0);
    assert_false(s.gone);
}

static void a_large_answer_may_be_lost_in_the_middle(void **state)
{
    (void)state;
    come_up();
    (void)ask(5, BYTES("x"));
    (void)ask(6, BYTES("x"));
    node_reads_frame(OPCODE_EXECUTE);
    node_reads_frame(OPCODE_EXECUTE);
    struct wr w = wr_growing(1 << 20);
    large(&w, 300 * 1000);
    node_sends(bytes_part(wr_view(&w), 0, 200 * 1000));
    UNTIL(s.part_n > 0);
    (void)close(s.node);
    s.node = -1;
    UNTIL(s.gone);
    assert_int_equal(s.lost[UPSTREAM_BEGUN], 1);
    assert_int_equal(s.lost[UPSTREAM_WRITTEN], 1);
    wr_drop(&w);
}

static void an_orphan_rests_until_it_is_answered(void **state)
{
    (void)state;
    come_up();
    struct upstream_slot *slot = ask(5, BYTES("x"));
    const int16_t stream = upstream_stream(&s.u, slot);
    node_reads_frame(OPCODE_EXECUTE);
    upstream_orphan(&s.u, slot);
    for (unsigned i = 0; i < 100; i++)
        assert_ptr_not_equal(ask(6, BYTES("x")), slot);
    NODE_ANSWERS(response_write_void(&w, back()));
    UNTIL(s.u.orphans_n == 0);
    assert_int_equal(s.replies, 0);
    int16_t again;
    assert_ptr_equal(upstream_take(&s.u, &again), slot);
    assert_int_equal(again, stream);
    slot->owner = &s;
    upstream_give(&s.u, slot);
}

static void old_orphans_replace_the_connection(void **state)
{
    (void)state;
    come_up();
    for (unsigned i = 0; i <= UPSTREAM_ORPHANS_MAX; i++)
        upstream_orphan(&s.u, ask(5, BYTES("x")));
    struct upstream_slot *alive = ask(6, BYTES("x"));
    s.now_ms += UPSTREAM_ORPHAN_OLD_MS;
    UNTIL(s.u.state.state == UPSTREAM_DRAIN);
    int16_t stream;
    assert_null(upstream_take(&s.u, &stream));
    asked.h.stream = upstream_stream(&s.u, alive);
    NODE_ANSWERS(response_write_void(&w, back()));
    UNTIL(s.gone);
    assert_int_equal(s.replies, 1);
    assert_err(s.why, OK);
    assert_int_equal(s.lost[UPSTREAM_WRITTEN] + s.lost[UPSTREAM_NEVER_WRITTEN], 0);
}

static void deadlines_pass_in_order(void **state)
{
    (void)state;
    come_up();
    int16_t stream;
    struct upstream_slot *slow = upstream_take(&s.u, &stream);
    slow->owner = &s;
    slow->flags |= UPSTREAM_SLOT_LONG;
    assert_ok(upstream_send(&s.u, stream, 0, OPCODE_QUERY, BYTES("x"), false));
    (void)ask(1, BYTES("x"));
    node_reads_frame(OPCODE_QUERY);
    /* Something is heard now and then, so the connection is alive. */
    for (unsigned second = 0; second < 125; second++) {
        s.now_ms += 1000;
        NODE_ANSWERS(
            response_write_event(&w, 4,
                                 &((struct response_event){.type = RESPONSE_EVENT_STATUS,
                                                           .change = BYTES("UP"),
                                                           .address = BYTES("\x7f\0\0\1")})));
        UNTIL(s.events == second + 1);
        (void)loop_turn(s.loop, 0);
        (void)loop_turn(s.loop, 0);
        if (second < 69) assert_int_equal(s.expired, 0);
        if (second > 75 && second < 118) assert_int_equal(s.expired, 1);
    }
    assert_int_equal(s.expired, 2);
    assert_int_equal(s.u.orphans_n, 2);
    assert_false(s.gone);
}

static void a_dead_node_is_noticed(void **state)
{
    (void)state;
    come_up();
    (void)ask(1, BYTES("x"));
    node_reads_frame(OPCODE_EXECUTE);
    s.now_ms += UPSTREAM_IDLE_MS;
    node_reads_frame(OPCODE_OPTIONS);
    assert_false(s.gone);
    s.now_ms += UPSTREAM_HEARTBEAT_MS + 1000;
    UNTIL(s.gone);
    assert_err(s.why, TIMED_OUT);
    assert_int_equal(s.lost[UPSTREAM_WRITTEN], 1);
}

static void a_heartbeat_keeps_it_alive(void **state)
{
    (void)state;
    come_up();
    for (unsigned i = 0; i < 3; i++) {
        s.now_ms += UPSTREAM_IDLE_MS + 1000;
        node_reads_frame(OPCODE_OPTIONS);
        NODE_ANSWERS(response_write_supported(&w, back(), NULL, 0));
        UNTIL(!s.u.heartbeat_out);
    }
    assert_false(s.gone);
    assert_int_equal(s.replies, 0);
}

static void what_was_never_written_is_told_apart(void **state)
{
    (void)state;
    static uint8_t megabyte[1 << 20];
    come_up();
    (void)ask(1, BYTES("first"));
    (void)loop_turn(s.loop, 0);
    unsigned n = 1;
    while (n < 20) {
        (void)ask(2, bytes_of(megabyte, sizeof megabyte));
        n++;
    }
    for (unsigned i = 0; i < 50; i++)
        (void)loop_turn(s.loop, 0);
    assert_false(upstream_has_room(&s.u));
    (void)close(s.node);
    s.node = -1;
    UNTIL(s.gone);
    assert_true(s.lost[UPSTREAM_WRITTEN] >= 1);
    assert_true(s.lost[UPSTREAM_NEVER_WRITTEN] >= 1);
    assert_int_equal(s.lost[UPSTREAM_WRITTEN] + s.lost[UPSTREAM_NEVER_WRITTEN], n);
}

static void room_comes_back(void **state)
{
    (void)state;
    static uint8_t kilobytes[60000];
    come_up();
    unsigned n = 0;
    while (upstream_has_room(&s.u)) {
        (void)ask(2, bytes_of(kilobytes, sizeof kilobytes));
        n++;
    }
    assert_int_equal(n, 5);
    for (unsigned i = 0; i < n; i++)
        node_reads_frame(OPCODE_EXECUTE);
    UNTIL(s.rooms == 1);
    assert_true(upstream_has_room(&s.u));
}

static void streams_run_out_and_come_back(void **state)
{
    (void)state;
    come_up();
    int16_t stream;
    for (unsigned i = 0; i < UPSTREAM_STREAMS; i++) {
        struct upstream_slot *slot = upstream_take(&s.u, &stream);
        assert_int_equal(stream, i);
        slot->owner = &s;
    }
    assert_null(upstream_take(&s.u, &stream));
    assert_false(upstream_has_room(&s.u));
    upstream_give(&s.u, upstream_slot(&s.u, 77));
    assert_non_null(upstream_take(&s.u, &stream));
    assert_int_equal(stream, 77);
    s.u.slots[77].owner = &s;
}

static void bodies_are_kept_for_repair(void **state)
{
    (void)state;
    static uint8_t body[UPSTREAM_KEEP_MAX + 1];
    come_up();
    for (size_t n = 0; n <= sizeof body; n = n ? n * 2 : 1) {
        memset(body, (int)n, sizeof body);
        const bytes kept = upstream_kept_body(&s.u, ask(1, bytes_of(body, n)));
        assert_int_equal(kept.n, n);
        if (n) assert_memory_equal(kept.p, body, n);
    }
    assert_int_equal(upstream_kept_body(&s.u, ask(1, bytes_of(body, sizeof body))).n, 0);
}

static void a_kept_body_is_there_after_it_was_written_and_gone_after_many_more(void **state)
{
    (void)state;
    static uint8_t kilobytes[60000];
    come_up();
    struct upstream_slot *first = ask(1, BYTES("first"));
    node_reads_frame(OPCODE_EXECUTE);
    assert_bytes(upstream_kept_body(&s.u, first), "first");
    for (size_t n = 0; n < 3 * (size_t)OUTBOX_HISTORY; n += sizeof kilobytes) {
        (void)ask(2, bytes_of(kilobytes, sizeof kilobytes));
        node_reads_frame(OPCODE_EXECUTE);
    }
    assert_int_equal(upstream_kept_body(&s.u, first).n, 0);
}

static void an_answer_that_has_begun_has_no_deadline(void **state)
{
    (void)state;
    come_up();
    (void)ask(5, BYTES("x"));
    node_reads_frame(OPCODE_EXECUTE);
    struct wr w = wr_growing(1 << 20);
    large(&w, 300 * 1000);
    node_sends(bytes_part(wr_view(&w), 0, 100 * 1000));
    UNTIL(s.part_n > 0);
    for (size_t second = 0; second < 2 * UPSTREAM_DEADLINE_MS / 1000; second++) {
        s.now_ms += 1000;
        node_sends(bytes_part(wr_view(&w), 100 * 1000 + second, 1));
        UNTIL(s.part_n == 100 * 1000 + second + 1 - FRAME_HEADER_SIZE);
    }
    assert_int_equal(s.expired, 0);
    wr_drop(&w);
}

static void prepared_statements_are_remembered_per_connection(void **state)
{
    (void)state;
    come_up();
    assert_false(upstream_has_prepared(&s.u, 0));
    assert_false(upstream_has_prepared(&s.u, 1000000));
    upstream_set_prepared(&s.u, 5, true);
    upstream_set_prepared(&s.u, 1000000, true);
    upstream_set_prepared(&s.u, UINT32_MAX, true);
    assert_true(upstream_has_prepared(&s.u, 5));
    assert_false(upstream_has_prepared(&s.u, 6));
    assert_true(upstream_has_prepared(&s.u, 1000000));
    assert_false(upstream_has_prepared(&s.u, UINT32_MAX));
    /* However high the numbers get, the newest are known; the one that made room is not. */
    upstream_set_prepared(&s.u, 7, true);
    upstream_set_prepared(&s.u, 3u * UPSTREAM_PREPARED_MAX + 7, true);
    assert_true(upstream_has_prepared(&s.u, 3u * UPSTREAM_PREPARED_MAX + 7));
    assert_false(upstream_has_prepared(&s.u, 7));
    upstream_set_prepared(&s.u, 7, false);
    assert_true(upstream_has_prepared(&s.u, 3u * UPSTREAM_PREPARED_MAX + 7));
    upstream_set_prepared(&s.u, 5, false);
    assert_false(upstream_has_prepared(&s.u, 5));
    (void)close(s.node);
    UNTIL(s.gone);
    s.ready = false;
    come_up();
    assert_false(upstream_has_prepared(&s.u, 1000000));
}

static void it_may_be_closed_from_a_reply(void **state)
{
    (void)state;
    come_up();
    s.close_on_reply = true;
    (void)ask(1, BYTES("x"));
    (void)ask(2, BYTES("x"));
    struct wr w = wr_growing(1000);
    for (unsigned i = 0; i < 2; i++) {
        node_reads_frame(OPCODE_EXECUTE);
        response_write_void(&w, back());
    }
    node_sends(wr_view(&w));
    UNTIL(s.gone);
    assert_int_equal(s.replies, 1);
    wr_drop(&w);
}

static int setup_gathering(void **state)
{
    (void)state;
    return setup_with(&without_parts, 4);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
UNIT_MAIN(T(it_introduces_itself), T(a_refused_login_says_why), T(a_node_that_is_not_there_is_gone),
          T(a_silent_login_has_an_end), T(garbage_closes), T(an_answer_nobody_asked_for_closes),
          T(requests_of_a_turn_leave_together_and_answers_find_their_slots),
          T(answers_come_whole_whatever_the_cuts), T(a_large_answer_comes_in_pieces),
          cmocka_unit_test_setup_teardown(a_large_answer_is_gathered_where_nobody_takes_pieces,
                                          setup_gathering, teardown),
          T(a_large_answer_is_gathered_for_whoever_wants_it_whole),
          T(what_cannot_be_gathered_is_not_waited_for),
          T(a_large_answer_may_be_lost_in_the_middle), T(an_orphan_rests_until_it_is_answered),
          T(old_orphans_replace_the_connection), T(deadlines_pass_in_order),
          T(a_dead_node_is_noticed), T(a_heartbeat_keeps_it_alive),
          T(what_was_never_written_is_told_apart), T(room_comes_back),
          T(streams_run_out_and_come_back), T(bodies_are_kept_for_repair),
          T(a_kept_body_is_there_after_it_was_written_and_gone_after_many_more),
          T(an_answer_that_has_begun_has_no_deadline),
          T(prepared_statements_are_remembered_per_connection), T(it_may_be_closed_from_a_reply))
