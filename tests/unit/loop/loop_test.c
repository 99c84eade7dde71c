/* The loop with a clock that the test turns, and posting from many threads. */
#include "unit.h"

#include "loop/loop.h"
#include "loop/thread.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

static uint64_t test_mono;

static uint64_t mono(void *owner)
{
    (void)owner;
    return test_mono;
}

static int64_t utc(void *owner)
{
    (void)owner;
    return (int64_t)test_mono + 1000000;
}

static const struct loop_clock test_clock = {NULL, mono, utc};

struct pipe_end {
    struct loop_io io;
    struct loop_io *kills;
    int seen;
    uint32_t got;
};

static void on_ready(struct loop *l, struct loop_io *io, uint32_t got)
{
    struct pipe_end *p = LOOP_OF(io, struct pipe_end, io);
    p->seen++;
    p->got = got;
    if (p->kills) loop_unwatch(l, p->kills);
}

static void unwatched_in_the_same_turn_hears_nothing(void **state)
{
    (void)state;
    struct loop *l = NULL;
    assert_ok(loop_new(&test_clock, &l));
    int a[2];
    int b[2];
    assert_int_equal(pipe(a), 0);
    assert_int_equal(pipe(b), 0);
    struct pipe_end one = {.io = {.fd = a[0], .want = LOOP_READ, .ready = on_ready}};
    struct pipe_end two = {.io = {.fd = b[0], .want = LOOP_READ, .ready = on_ready}};
    one.kills = &two.io;
    two.kills = &one.io;
    assert_ok(loop_watch(l, &one.io));
    assert_ok(loop_watch(l, &two.io));
    assert_int_equal(write(a[1], "x", 1), 1);
    assert_int_equal(write(b[1], "x", 1), 1);
    assert_true(loop_turn(l, 0));
    assert_int_equal(one.seen + two.seen, 1);
    loop_unwatch(l, &one.io);
    loop_unwatch(l, &two.io);
    loop_free(l);
    for (int i = 0; i < 2; i++) {
        close(a[i]);
        close(b[i]);
    }
}

static void wanting_nothing_hears_only_the_end(void **state)
{
    (void)state;
    struct loop *l = NULL;
    assert_ok(loop_new(&test_clock, &l));
    int a[2];
    assert_int_equal(pipe(a), 0);
    struct pipe_end end = {.io = {.fd = a[0], .want = LOOP_READ, .ready = on_ready}};
    assert_ok(loop_watch(l, &end.io));
    loop_want(l, &end.io, 0);
    assert_int_equal(write(a[1], "x", 1), 1);
    assert_false(loop_turn(l, 0));
    loop_want(l, &end.io, LOOP_READ);
    assert_true(loop_turn(l, 0));
    assert_int_equal(end.got, LOOP_READ);
    loop_want(l, &end.io, 0);
    close(a[1]);
    assert_true(loop_turn(l, 0));
    assert_int_equal(end.got, LOOP_GONE);
    loop_unwatch(l, &end.io);
    close(a[0]);
    loop_free(l);
}

static char story[64];
static size_t story_n;

static void tell(char c)
{
    story[story_n++] = c;
    story[story_n] = 0;
}

struct everything {
    struct loop_timer timer;
    struct loop_note note;
    struct loop_flush flush;
    struct loop_grave grave;
};

static void on_grave(struct loop_grave *g)
{
    (void)g;
    tell('b');
}

static void on_flush(struct loop *l, struct loop_flush *f)
{
    struct everything *e = LOOP_OF(f, struct everything, flush);
    tell('f');
    loop_bury(l, &e->grave);
}

static void on_note(struct loop *l, struct loop_note *n)
{
    struct everything *e = LOOP_OF(n, struct everything, note);
    tell('n');
    loop_flush_later(l, &e->flush);
    loop_flush_later(l, &e->flush);
}

static void on_timer(struct loop *l, struct loop_timer *t)
{
    struct everything *e = LOOP_OF(t, struct everything, timer);
    assert_false(loop_timer_is_on(t));
    tell('t');
    loop_post(l, &e->note);
}

static void a_turn_has_its_order(void **state)
{
    (void)state;
    struct loop *l = NULL;
    test_mono = 10;
    story_n = 0;
    assert_ok(loop_new(&test_clock, &l));
    struct everything e = {.timer.fire = on_timer,
                           .note.run = on_note,
                           .flush.run = on_flush,
                           .grave.free = on_grave};
    loop_start_timer(l, &e.timer, 15);
    assert_true(loop_timer_is_on(&e.timer));
    assert_false(loop_turn(l, 0));
    test_mono = 15;
    assert_true(loop_turn(l, 0));
    assert_string_equal(story, "tnfb");
    assert_false(loop_turn(l, 0));
    assert_int_equal(loop_now_ms(l), 15);
    assert_int_equal(loop_now_utc_ms(l), 1000015);
    test_mono = 12;
    (void)loop_turn(l, 0);
    assert_int_equal(loop_now_ms(l), 15);
    loop_free(l);
}

struct pair {
    struct loop_timer timer;
    struct loop_timer *other;
};

static void on_stopping_timer(struct loop *l, struct loop_timer *t)
{
    tell('s');
    loop_stop_timer(l, LOOP_OF(t, struct pair, timer)->other);
    loop_start_timer(l, t, 0);
}

static void a_timer_may_stop_another_that_is_due_and_start_itself(void **state)
{
    (void)state;
    struct loop *l = NULL;
    test_mono = 100;
    story_n = 0;
    assert_ok(loop_new(&test_clock, &l));
    struct pair a = {.timer.fire = on_stopping_timer};
    struct pair b = {.timer.fire = on_stopping_timer};
    a.other = &b.timer;
    b.other = &a.timer;
    loop_start_timer(l, &a.timer, 90);
    loop_start_timer(l, &b.timer, 95);
    assert_true(loop_turn(l, 0));
    assert_string_equal(story, "s");
    assert_true(loop_turn(l, 0));
    assert_string_equal(story, "ss");
    loop_stop_timer(l, &a.timer);
    loop_stop_timer(l, &b.timer);
    assert_false(loop_turn(l, 0));
    loop_free(l);
}

/* --- many threads --- */

enum { POSTERS = 4, NOTES = 20000 };

struct numbered {
    struct loop_note note;
    unsigned poster;
    unsigned number;
};

static struct worker receiver;
static unsigned next_number[POSTERS];
static unsigned arrived_n;

static void on_numbered(struct loop *l, struct loop_note *n)
{
    struct numbered *m = LOOP_OF(n, struct numbered, note);
    if (next_number[m->poster]++ != m->number) abort();
    if (++arrived_n == POSTERS * NOTES) loop_stop(l);
    free(m);
}

static void *post_many(void *owner)
{
    const unsigned poster = *(unsigned *)owner;
    for (unsigned i = 0; i < NOTES; i++) {
        struct numbered *m = calloc(1, sizeof *m);
        m->note.run = on_numbered;
        m->poster = poster;
        m->number = i;
        loop_post(receiver.loop, &m->note);
    }
    return NULL;
}

static void notes_of_many_threads_arrive_once_and_in_order(void **state)
{
    (void)state;
    assert_ok(thread_start(&receiver, "receiver"));
    pthread_t threads[POSTERS];
    unsigned ids[POSTERS];
    for (unsigned i = 0; i < POSTERS; i++) {
        ids[i] = i;
        assert_int_equal(pthread_create(&threads[i], NULL, post_many, &ids[i]), 0);
    }
    for (unsigned i = 0; i < POSTERS; i++) pthread_join(threads[i], NULL);
    thread_join(&receiver);
    assert_int_equal(arrived_n, POSTERS * NOTES);
}

/* --- one note at a time, so that the loop falls asleep between them --- */

static _Atomic unsigned rounds;
static struct loop_note again;

static void on_again(struct loop *l, struct loop_note *n)
{
    (void)l;
    (void)n;
    atomic_fetch_add(&rounds, 1);
}

static void a_sleeping_loop_hears_every_note(void **state)
{
    (void)state;
    struct worker w = {0};
    assert_ok(thread_start(&w, "sleeper"));
    again.run = on_again;
    for (unsigned i = 0; i < 2000; i++) {
        loop_post(w.loop, &again);
        while (atomic_load(&rounds) != i + 1) continue;
    }
    thread_stop(&w);
    thread_join(&w);
    thread_join(&w);
}

UNIT_MAIN(cmocka_unit_test(unwatched_in_the_same_turn_hears_nothing),
          cmocka_unit_test(wanting_nothing_hears_only_the_end),
          cmocka_unit_test(a_turn_has_its_order),
          cmocka_unit_test(a_timer_may_stop_another_that_is_due_and_start_itself),
          cmocka_unit_test(notes_of_many_threads_arrive_once_and_in_order),
          cmocka_unit_test(a_sleeping_loop_hears_every_note))
