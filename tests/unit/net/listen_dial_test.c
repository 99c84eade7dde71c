/* Listening and dialling over loopback, both on one loop. */
#include "unit.h"

#include "net/dial.h"
#include "net/listen.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { MANY = 100 };

static struct loop *loop;
static int accepted_n;
static int accepted[MANY * 2];
static struct address last_peer;
static int dialled_n;
static err dialled;
static int dialled_fd;

static void on_accepted(struct loop *l, struct listener *s, int fd, const struct address *peer)
{
    (void)l;
    (void)s;
    accepted[accepted_n++] = fd;
    last_peer = *peer;
}

static void on_dialled(struct loop *l, struct dial *d, err e, int fd)
{
    (void)l;
    (void)d;
    dialled = e;
    dialled_fd = fd;
    dialled_n++;
}

static void reset(void)
{
    accepted_n = 0;
    dialled_n = 0;
    dialled_fd = -1;
}

static void turn_until_dialled(int n)
{
    while (dialled_n < n) (void)loop_turn(loop, -1);
}

static struct address loopback(uint16_t port)
{
    return (struct address){.family = ADDRESS_V4, .ip = {127, 0, 0, 1}, .port = port};
}

/* A port at which nobody listens: one that was bound a moment ago. */
static struct address nobody(void)
{
    struct note note;
    int fd = -1;
    struct address a = loopback(0);
    assert_ok(listen_open(&a, false, &note, &fd));
    a = listen_address(fd);
    close(fd);
    return a;
}

static void an_address_in_use_says_so(void **state)
{
    struct note note;
    int fd = -1;
    int other = -1;
    struct address a = loopback(0);
    (void)state;
    assert_ok(listen_open(&a, false, &note, &fd));
    a = listen_address(fd);
    assert_err(listen_open(&a, false, &note, &other), CONFLICT);
    assert_non_null(strstr(note.text, "127.0.0.1:"));
    close(fd);
}

static void shared_sockets_in_use_say_so_when_asked(void **state)
{
    struct note note = {{0}};
    int fds[2];
    struct address a = loopback(0);
    (void)state;
    assert_ok(listen_open(&a, true, &note, &fds[0]));
    a = listen_address(fds[0]);
    assert_ok(listen_open(&a, true, &note, &fds[1]));
    assert_err(listen_check_free(&a, &note), CONFLICT);
    close(fds[0]);
    close(fds[1]);
    assert_ok(listen_check_free(&a, &note));
}

static void a_refused_dial_comes_through_the_loop(void **state)
{
    struct dial d = {.done = on_dialled};
    const struct address a = nobody();
    (void)state;
    reset();
    dial_start_address(loop, &d, &a, 5000);
    assert_int_equal(dialled_n, 0);
    turn_until_dialled(1);
    assert_err(dialled, NO_NODE);
    assert_int_equal(d.last_errno, ECONNREFUSED);
    assert_int_equal(dialled_fd, -1);
    dial_cancel(&d);
}

static void a_name_that_is_none_is_no_node(void **state)
{
    struct dial d = {.done = on_dialled};
    (void)state;
    reset();
    dial_start(NULL, loop, &d, BYTES("no.such.name"), 1, 5000);
    assert_int_equal(dialled_n, 0);
    turn_until_dialled(1);
    assert_err(dialled, NO_NODE);
}

static void a_cancelled_dial_is_silent(void **state)
{
    struct dial d = {.done = on_dialled};
    const struct address a = nobody();
    (void)state;
    reset();
    dial_start_address(loop, &d, &a, 5000);
    dial_cancel(&d);
    for (int i = 0; i < 5; i++) (void)loop_turn(loop, 0);
    assert_int_equal(dialled_n, 0);
}

static void localhost_is_resolved_and_reached(void **state)
{
    struct note note;
    int fd = -1;
    struct listener s = {.accepted = on_accepted};
    struct dial d = {.done = on_dialled};
    struct resolver *r = NULL;
    const struct address a = loopback(0);
    (void)state;
    reset();
    assert_ok(listen_open(&a, true, &note, &fd));
    const uint16_t port = listen_address(fd).port;
    assert_ok(listen_start(loop, &s, fd));
    assert_ok(resolver_new(loop, &r));
    dial_start(r, loop, &d, BYTES("localhost"), port, 5000);
    turn_until_dialled(1);
    assert_ok(dialled);
    while (accepted_n < 1) (void)loop_turn(loop, -1);
    assert_true(address_is_loopback(&last_peer));
    close(dialled_fd);
    close(accepted[0]);
    dial_cancel(&d);
    resolver_free(r);
    listen_stop(loop, &s);
    listen_stop(loop, &s);
    (void)loop_turn(loop, 0);
}

static void a_source_over_its_limit_is_closed_at_once(void **state)
{
    struct note note;
    int fd = -1;
    struct source_limit *limit = NULL;
    const struct address a = loopback(0);
    struct listener s = {.accepted = on_accepted};
    struct dial d[3];
    (void)state;
    reset();
    assert_ok(source_limit_new(2, 0, &limit));
    s.limit = limit;
    assert_ok(listen_open(&a, false, &note, &fd));
    const struct address at = listen_address(fd);
    assert_ok(listen_start(loop, &s, fd));
    int fds[3];
    for (int i = 0; i < 3; i++) {
        d[i] = (struct dial){.done = on_dialled};
        dial_start_address(loop, &d[i], &at, 5000);
        turn_until_dialled(i + 1);
        fds[i] = dialled_fd;
    }
    while (accepted_n + (int)s.refused < 3) (void)loop_turn(loop, -1);
    assert_int_equal(accepted_n, 2);
    char byte;
    assert_true(recv(fds[2], &byte, 1, MSG_DONTWAIT) <= 0);
    for (int i = 0; i < 3; i++) close(fds[i]);
    for (int i = 0; i < 2; i++) close(accepted[i]);
    listen_stop(loop, &s);
    source_limit_free(limit);
}

static void without_descriptors_accepting_rests_and_goes_on(void **state)
{
    struct note note;
    int fd = -1;
    const struct address a = loopback(0);
    struct listener s = {.accepted = on_accepted};
    struct dial d = {.done = on_dialled};
    struct rlimit full;
    struct rlimit few;
    (void)state;
    reset();
    assert_ok(listen_open(&a, false, &note, &fd));
    const struct address at = listen_address(fd);
    assert_ok(listen_start(loop, &s, fd));
    loop_want(loop, &s.io, 0);
    dial_start_address(loop, &d, &at, 5000);
    turn_until_dialled(1);
    getrlimit(RLIMIT_NOFILE, &full);
    few = full;
    few.rlim_cur = (rlim_t)dialled_fd;
    setrlimit(RLIMIT_NOFILE, &few);
    loop_want(loop, &s.io, LOOP_READ);
    (void)loop_turn(loop, -1);
    assert_int_equal(accepted_n, 0);
    assert_true(loop_timer_is_on(&s.pause));
    setrlimit(RLIMIT_NOFILE, &full);
    while (accepted_n < 1) (void)loop_turn(loop, -1);
    close(accepted[0]);
    close(dialled_fd);
    listen_stop(loop, &s);
}

static void a_dead_socket_file_is_replaced_and_a_live_one_is_not(void **state)
{
    struct note note;
    char folder[] = "/tmp/listen-XXXXXX";
    char path[sizeof folder + 8];
    int one = -1;
    int two = -1;
    struct stat s;
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/sock", folder);
    assert_ok(listen_open_unix(path, &note, &one));
    assert_int_equal(stat(path, &s), 0);
    assert_int_equal(s.st_mode & 0777, 0600);
    assert_err(listen_open_unix(path, &note, &two), CONFLICT);
    close(one);
    assert_ok(listen_open_unix(path, &note, &two));
    close(two);
    unlink(path);
    rmdir(folder);
}

static int make_loop(void **state)
{
    (void)state;
    return err_is_ok(loop_new(NULL, &loop)) ? 0 : -1;
}

static int drop_loop(void **state)
{
    (void)state;
    loop_free(loop);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_in_use_says_so),
        cmocka_unit_test(shared_sockets_in_use_say_so_when_asked),
        cmocka_unit_test(a_refused_dial_comes_through_the_loop),
        cmocka_unit_test(a_name_that_is_none_is_no_node),
        cmocka_unit_test(a_cancelled_dial_is_silent),
        cmocka_unit_test(localhost_is_resolved_and_reached),
        cmocka_unit_test(a_source_over_its_limit_is_closed_at_once),
        cmocka_unit_test(without_descriptors_accepting_rests_and_goes_on),
        cmocka_unit_test(a_dead_socket_file_is_replaced_and_a_live_one_is_not),
    };
    return cmocka_run_group_tests(tests, make_loop, drop_loop);
}
