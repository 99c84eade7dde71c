/* The event loop: one thread, one epoll, one turn after another.
 *
 * A turn: read the clocks; wait; readiness; due timers; notes; flush; bury. Rules:
 * 1. One thread a loop; loops share nothing but the current picture and notes.
 * 2. Completions always arrive through the loop, never from inside the call that asked.
 * 3. No user-data pointers: embed the struct and find the owner with LIST_OF-like offsets
 * (LOOP_OF).
 * 4. Nothing on a loop may block; what may block goes to loop/work.h.
 * 5. Nothing is freed during a turn: objects are buried. Budgets a turn are the callers'. */
#pragma once

#include "base/err.h"
#include "loop/wheel.h"

#include <stddef.h>

struct loop;

enum {
    LOOP_READ = 1,
    LOOP_WRITE = 2,
    LOOP_GONE = 4 /* given, never asked for: error or hang-up; unwatch, or hear it every turn */
};

/* Embed in the object that owns the descriptor; zero it before use. */
struct loop_io {
    int fd;
    uint32_t want; /* LOOP_READ | LOOP_WRITE; changed by loop_want only, once watched */
    void (*ready)(struct loop *l, struct loop_io *io, uint32_t got);
    bool watched; /* the loop's own */
};

/* A message from any thread; runs once on its loop. May be posted again once `run` has begun. */
struct loop_note {
    struct loop_note *next;
    void (*run)(struct loop *l, struct loop_note *n);
};

/* Zero it before use, then set `fire`. It is off the wheel when `fire` runs. */
struct loop_timer {
    struct wheel_entry entry;
    void (*fire)(struct loop *l, struct loop_timer *t);
};

/* Work kept for the end of the turn, such as writing a dirty socket once. Zero it before use. */
struct loop_flush {
    struct list link;
    void (*run)(struct loop *l, struct loop_flush *f);
};

/* A dead object; `free` runs when the turn is over. */
struct loop_grave {
    struct loop_grave *next;
    void (*free)(struct loop_grave *g);
};

/* The owner of an embedded member. */
#define LOOP_OF(part, type, member) LIST_OF(part, type, member)

/* Tests give their own time; then no turn ever waits. */
struct loop_clock {
    void *owner;
    uint64_t (*mono_ms)(void *owner);
    int64_t (*utc_ms)(void *owner);
};

/* `clock` NULL: the machine's; otherwise lent as long as the loop lives. */
MUST err loop_new(const struct loop_clock *clock, struct loop **out);
/* Runs the notes that have arrived, empties the graves, closes. Nothing may be watched any more. */
void loop_free(struct loop *l);

/* Level-triggered. Errors: IO (no more watches). */
MUST err loop_watch(struct loop *l, struct loop_io *io);
/* Before the descriptor is closed; safe when not watched. No `ready` follows, even in this turn. */
void loop_unwatch(struct loop *l, struct loop_io *io);
/* Costs nothing when nothing changes. With want 0 only LOOP_GONE is heard. */
void loop_want(struct loop *l, struct loop_io *io, uint32_t want);

/* `due_ms` on the scale of loop_now_ms; due in the past: next turn. Started again, it moves. */
void loop_start_timer(struct loop *l, struct loop_timer *t, uint64_t due_ms);
void loop_stop_timer(struct loop *l, struct loop_timer *t);
static inline bool loop_timer_is_on(const struct loop_timer *t)
{
    return t->entry.link.next && !list_is_empty(&t->entry.link);
}

/* The only call from other threads (with loop_stop); also the way to be called next turn. Notes of
 * one thread arrive in the order in which they were posted. */
void loop_post(struct loop *l, struct loop_note *n);

/* At the end of this turn, once, however often it is asked for; in the flush phase: next turn. */
void loop_flush_later(struct loop *l, struct loop_flush *f);
void loop_flush_cancel(struct loop *l, struct loop_flush *f);

/* Unwatch, stop timers and cancel flushes first. */
void loop_bury(struct loop *l, struct loop_grave *g);

/* Read once a turn. */
uint64_t loop_now_ms(const struct loop *l);
int64_t loop_now_utc_ms(const struct loop *l);

/* Turns until loop_stop. */
void loop_run(struct loop *l);
/* Any thread; the current turn is finished. */
void loop_stop(struct loop *l);
/* One turn that waits at most `wait_ms` (tests: 0). True when it had anything to do. */
bool loop_turn(struct loop *l, int wait_ms);
