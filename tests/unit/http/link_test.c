/* Connections of strangers who read slowly, say half of a request, leave in the middle, or all of it at once. */
#include "door_world.h"
#include "volume.h"

#include "base/log.h"
#include "http/inside.h"
#include "loop/work.h"

#include <sys/socket.h>

/* A reader who takes all that is there in the very moment in which no more went in: whoever writes finds room again
 * without being told. In place of the system's for this program. */
static int greedy = -1;
static size_t greedy_took;

ssize_t send(int fd, const void *from, size_t n, int flags)
{
    static char room[1 << 16];
    const ssize_t sent = sendto(fd, from, n, flags, NULL, 0);
    if (sent >= 0 || greedy < 0) return sent;
    for (ssize_t got; (got = recv(greedy, room, sizeof room, MSG_DONTWAIT)) > 0;) greedy_took += (size_t)got;
    errno = EAGAIN;
    return sent;
}

static err run_big(struct http_request *rq)
{
    struct wr *w = http_json(rq, 200);
    uint8_t *p = wr_room(w, 8 << 20);
    if (p) memset(p, 'b', 8 << 20);
    return DONE;
}

static err run_mid(struct http_request *rq)
{
    struct wr *w = http_json(rq, 200);
    uint8_t *p = wr_room(w, 50 << 10);
    if (p) memset(p, 'm', 50 << 10);
    return DONE;
}

static err run_wait(struct http_request *rq)
{
    http_suspend(rq);
    return DONE;
}

static err run_small(struct http_request *rq)
{
    wr_format(http_json(rq, 200), "small%.*s", BYTES_FMT(rq->params[0]));
    return DONE;
}

/* --- streams --- */

static unsigned pieces;

static err next_piece(struct http_stream *s, struct http_request *rq, struct wr *w)
{
    (void)s;
    (void)rq;
    wr_text(w, "piece");
    return ++pieces > 2 ? FAIL(IO) : DONE;
}

static struct http_stream cut_stream = {.next = next_piece};

static err run_cut(struct http_request *rq)
{
    pieces = 0;
    http_stream(rq, 200, "text/plain", &cut_stream);
    return DONE;
}

static struct work *work;

static err next_there(struct http_stream *s, struct http_request *rq, struct wr *w)
{
    const unsigned n = ++*(unsigned *)rq->work;
    (void)s;
    if (n < 40) memset(wr_room(w, 60000), 'w', 60000);
    return DONE;
}

static err run_there(struct http_request *rq)
{
    struct http_stream *s = arena_take(&rq->call.arena, sizeof *s);
    rq->work = arena_take(&rq->call.arena, sizeof(unsigned));
    *s = (struct http_stream){.next = next_there, .work = work};
    http_stream(rq, 200, "text/plain", s);
    return DONE;
}

static const struct http_route rows[] = {
    {HTTP_GET, "/there", HTTP_ANYBODY, "", run_there, ""},
    {HTTP_GET, "/big", HTTP_ANYBODY, "", run_big, ""},
    {HTTP_GET, "/mid", HTTP_ANYBODY, "", run_mid, ""},
    {HTTP_GET, "/wait", HTTP_ANYBODY, "", run_wait, ""},
    {HTTP_GET, "/cut", HTTP_ANYBODY, "", run_cut, ""},
    {HTTP_GET, "/small", HTTP_ANYBODY, "", run_small, ""},
    {HTTP_POST, "/small", HTTP_ANYBODY, "", run_small, ""},
};
static const struct http_routes routes = {rows, sizeof rows / sizeof *rows};

static void turns(int n)
{
    while (n--) (void)loop_turn(loop, 0);
}

static bool no_links(void)
{
    return list_is_empty(&door->links);
}

/* The connection has to end however little the client takes. */
static bool ends_within(uint64_t ms)
{
    for (uint64_t t = 0; t < ms && !no_links(); t += 1000) {
        later_ms += 1000;
        turns(3);
    }
    return no_links();
}

static int dial_narrow(void)
{
    struct sockaddr_storage to;
    const struct address a = {.family = ADDRESS_V4, .ip = {127, 0, 0, 1}, .port = port};
    const socklen_t n = address_to_sockaddr(&a, &to);
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    const int small = 4096;
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, n), 0);
    turns(3);
    return fd;
}

static struct http_link *only_link(void)
{
    assert_false(no_links());
    return LIST_OF(door->links.next, struct http_link, link);
}

/* So that little fits into the sockets. */
static int dial_tight(void)
{
    const int fd = dial_narrow();
    const int small = 4096;
    setsockopt(only_link()->channel.fd, SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
    return fd;
}

#define GET(path) "GET " path " HTTP/1.1\r\nHost: x\r\n\r\n"

static void a_slow_reader_with_a_part_of_a_request_is_let_go(void **state)
{
    (void)state;
    const int fd = dial_tight();
    say(fd, GET("/mid") GET("/mid") "GET /sm");
    turns(5);
    assert_true(only_link()->stalled);
    const bool ended = ends_within(400000);
    close(fd);
    turns(5);
    assert_true(ended);
}

static void a_slow_reader_gets_no_more_time_for_the_next_request(void **state)
{
    (void)state;
    char got[70000];
    const int fd = dial_tight();
    say(fd, GET("/mid") "GET /sm");
    turns(5);
    assert_true(only_link()->stalled);
    for (int i = 0; i < 10000 && only_link()->stalled; i++) {
        (void)recv(fd, got, sizeof got, MSG_DONTWAIT);
        turns(1);
    }
    const uint64_t before = later_ms;
    while (!no_links() && later_ms - before < 100000) {
        later_ms += 1000;
        turns(2);
        (void)recv(fd, got, sizeof got, MSG_DONTWAIT);
    }
    const uint64_t lived = later_ms - before;
    close(fd);
    turns(5);
    assert_true(lived <= HTTP_DOOR_READ_MS + 3000 + 1000);
}

static void a_slow_reader_has_its_time_whatever_comes_next(void **state)
{
    (void)state;
    char got[70000];
    size_t n = 0;
    const int fd = dial_tight();
    say(fd, "GET /mid HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    turns(5);
    assert_true(only_link()->stalled);
    later_ms += HTTP_DOOR_STILL_MS - 1000;
    turns(5);
    for (ssize_t r = 1; r != 0;) {
        turns(1);
        r = recv(fd, got, sizeof got, MSG_DONTWAIT);
        assert_true(r >= 0 || errno == EAGAIN);
        if (r > 0) n += (size_t)r;
    }
    close(fd);
    turns(5);
    assert_true(n > 50 << 10);
}

static void a_part_of_the_next_request_takes_no_time_from_a_slow_reader(void **state)
{
    char got[4000];
    (void)state;
    const int fd = dial_tight();
    say(fd, GET("/mid"));
    turns(5);
    say(fd, "GET /sm");
    while (only_link()->rest.n == 0) { /* it is read when there is room to write again */
        (void)recv(fd, got, sizeof got, MSG_DONTWAIT);
        turns(1);
    }
    assert_true(only_link()->stalled);
    later_ms += HTTP_DOOR_READ_MS + 1000;
    turns(5);
    assert_false(no_links());
    close(fd);
    turns(5);
}

static bool drained;

static void an_answer_goes_on_whose_reader_took_all_between_two_writes(void **state)
{
    (void)state;
    const int fd = dial_door();
    greedy_took = 0;
    say(fd, GET("/big"));
    greedy = fd;
    for (int i = 0; i < 2000; i++) turns(1);
    char room[4096];
    ssize_t got;
    while ((got = recv(fd, room, sizeof room, MSG_DONTWAIT)) > 0) greedy_took += (size_t)got;
    greedy = -1;
    assert_true(greedy_took > 8 << 20);
    close(fd);
    assert_true(ends_within(2000));
}

static void on_drained(void *owner)
{
    (void)owner;
    drained = true;
}

static void draining_waits_for_what_is_not_written(void **state)
{
    const struct http_door_options o = {.routes = &routes, .connections_max = 10};
    (void)state;
    world_open_other(&o);
    const int fd = dial_tight();
    say(fd, GET("/mid"));
    turns(5);
    assert_true(only_link()->stalled);
    drained = false;
    http_door_drain(door, NULL, on_drained);
    turns(5);
    const bool early = drained;
    size_t n = 0;
    char got[70000];
    while (n < (50 << 10) + 100) {
        turns(2);
        if (drained && no_links()) break;
        const ssize_t r = recv(fd, got, sizeof got, MSG_DONTWAIT);
        if (r > 0) n += (size_t)r;
        if (r == 0) break;
    }
    turns(5);
    close(fd);
    world_close_other();
    assert_false(early);
    assert_true(drained);
}

static void what_was_read_is_wiped(void **state)
{
    (void)state;
    static char body[200000];
    memset(body, 'S', sizeof body);
    const int fd = dial_narrow();
    /* So that the door reads twice in its turn. */
    const size_t n = (size_t)snprintf(body, 200, "POST /small HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n");
    body[n] = 'S';
    assert_true(send(fd, body, 65536 + 500, MSG_DONTWAIT) == 65536 + 500);
    turns(5);
    size_t left = 0;
    for (size_t i = 0; i < sizeof door->read; i++) left += door->read[i] == 'S';
    close(fd);
    turns(5);
    assert_int_equal(left, 0);
}

static void blank_lines_after_a_body_begin_no_request(void **state)
{
    (void)state;
    const int fd = dial_door();
    say(fd, "POST /small HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}\r\n");
    char *got = collect(fd, "small");
    turns(5);
    later_ms += HTTP_DOOR_READ_MS + 1000;
    turns(5);
    const bool gone = no_links();
    if (!gone) say(fd, GET("/small"));
    if (!gone) got = collect(fd, "small");
    close(fd);
    turns(5);
    assert_false(gone);
    assert_memory_equal(got, "HTTP/1.1 200", 12);
}

static void an_old_client_sees_a_cut_stream_as_cut(void **state)
{
    (void)state;
    const int fd = dial_door();
    say(fd, "GET /cut HTTP/1.0\r\n\r\n");
    char b[1000];
    ssize_t r = 1;
    for (int i = 0; i < 50 && (r > 0 || (r < 0 && errno == EAGAIN)); i++) {
        turns(1);
        r = recv(fd, b, sizeof b, MSG_DONTWAIT);
    }
    close(fd);
    turns(5);
    assert_true(r < 0);
}

/* --- noise: pipelines of everything, slow readers, leaving; the sanitizers watch --- */

enum { CLIENTS = 20 };

static int clients[CLIENTS];
static uint32_t seed = 7;

static uint32_t any(uint32_t below)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % below;
}

static void say_something(int fd)
{
    static const char *const parts[] = {
        GET("/mid"), GET("/small"), GET("/big"), GET("/cut"), "GET /sm", "\r\n", "hello", GET("/wait"), GET("/there"),
        "POST /small HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello",
        "POST /small HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n",
        "HEAD /mid HTTP/1.1\r\nHost: x\r\n\r\n", "GET /there HTTP/1.0\r\n\r\n", "GET /cut HTTP/1.0\r\n\r\n"};
    const char *p = parts[any(sizeof parts / sizeof *parts)];
    (void)send(fd, p, strlen(p), MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void leave(int *fd)
{
    const struct linger at_once = {.l_onoff = 1};
    if (any(2)) (void)setsockopt(*fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(*fd);
    *fd = -1;
}

static void do_something(int *fd)
{
    static char sink[1 << 20];
    const uint32_t what = any(16);
    if (*fd < 0) {
        *fd = any(2) ? dial_door() : dial_narrow();
    } else if (what < 9) {
        say_something(*fd);
    } else if (what < 13) {
        (void)recv(*fd, sink, sizeof sink, MSG_DONTWAIT);
    } else if (what == 13) {
        later_ms += any(16000);
    } else if (what == 14) {
        (void)shutdown(*fd, SHUT_WR);
    } else {
        leave(fd);
    }
}

/* One of the requests that wait, if there is one. */
static void answer_one(void)
{
    for (struct list *l = door->links.next; l != &door->links; l = l->next) {
        struct http_request *rq = LIST_OF(l, struct http_link, link)->rq;
        if (!rq || rq->inside->state != INSIDE_WAITING) continue;
        wr_text(http_json(rq, 200), "waited");
        http_answer(rq, DONE);
        return;
    }
}

static void noise_leaves_nothing_behind(void **state)
{
    (void)state;
    for (int i = 0; i < CLIENTS; i++) clients[i] = -1;
    const size_t steps = volume(4000, 40000, 400000);
    for (size_t step = 0; step < steps; step++) {
        do_something(&clients[any(CLIENTS)]);
        if (any(2)) answer_one();
        turns(1);
    }
    for (int i = 0; i < CLIENTS; i++) {
        if (clients[i] >= 0) close(clients[i]);
    }
    while (!no_links()) {
        answer_one();
        later_ms += 1000;
        (void)loop_turn(loop, 1);
    }
}

static const char *words_for(int i)
{
    switch (i % 4) {
    case 0:
        return GET("/there") GET("/there");
    case 1:
        return GET("/big") GET("/there") "GET /s";
    case 2:
        return GET("/mid") GET("/mid");
    default:
        return "POST /small HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc";
    }
}

static void a_door_may_be_freed_in_the_middle_of_everything(void **state)
{
    const struct http_door_options o = {.routes = &routes, .connections_max = 100};
    (void)state;
    for (int round = 0; round < 60; round++) {
        int fds[8];
        world_open_other(&o);
        for (int i = 0; i < 8; i++) {
            fds[i] = i & 1 ? dial_door() : dial_narrow();
            say(fds[i], words_for(i));
        }
        turns(round % 12);
        if (round % 3 == 0) http_door_drain(door, NULL, on_drained);
        if (round % 3 == 0) turns(round % 5);
        if (round % 5 == 0) close(fds[0]);
        world_close_other();
        for (int i = round % 5 == 0; i < 8; i++) close(fds[i]);
        turns(2);
    }
}

static int open_all(void **state)
{
    const struct http_door_options o = {.routes = &routes, .connections_max = 100};
    (void)state;
    log_set_level(LOG_ERROR);
    assert_ok(work_new(2, 3, &work));
    world_open(&o);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    http_door_free(door);
    work_free(work);
    loop_free(loop);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slow_reader_with_a_part_of_a_request_is_let_go),
        cmocka_unit_test(a_slow_reader_gets_no_more_time_for_the_next_request),
        cmocka_unit_test(a_slow_reader_has_its_time_whatever_comes_next),
        cmocka_unit_test(a_part_of_the_next_request_takes_no_time_from_a_slow_reader),
        cmocka_unit_test(an_answer_goes_on_whose_reader_took_all_between_two_writes),
        cmocka_unit_test(draining_waits_for_what_is_not_written),
        cmocka_unit_test(what_was_read_is_wiped),
        cmocka_unit_test(blank_lines_after_a_body_begin_no_request),
        cmocka_unit_test(an_old_client_sees_a_cut_stream_as_cut),
        cmocka_unit_test(noise_leaves_nothing_behind),
        cmocka_unit_test(a_door_may_be_freed_in_the_middle_of_everything),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
