/* The audit writer from within. Three files along the way of a record: audit.c takes it from any thread,
 * audit_lines.c makes it a line of the chain, audit_rounds.c is the thread that does so for what waits.
 *
 * 1. The trail belongs to whoever holds `trail_lock`: the writer in its rounds, or a thread that brings rows
 *    while nobody writes, which spares them a change of threads. Everything else that is shared is under
 *    `lock`, which is taken second.
 * 2. A row of the outbox is appended once: `row` of the chain's last record says up to where.
 * 3. Outbox first, then the backlog; one write a round, one sync for all that waited for sync_ms. */
#pragma once

#include "audit/audit.h"

#include "audit/backlog.h"
#include "audit/tally.h"
#include "audit/trail.h"
#include "loop/thread.h"

#include <stdatomic.h>

enum { AUDIT_PIECE_BYTES = 1 << 20 /* of lines in one write */ };

struct audit {
    pthread_mutex_t trail_lock;
    struct trail trail;
    struct audit_outbox outbox;
    uint64_t reserve_bytes;
    unsigned sync_ms;
    struct thread_plain writer;
    struct wr lines;             /* what the next write appends */
    struct chain ahead;          /* the chain after `lines` */
    _Atomic uint64_t sync_due_ms; /* monotonic; 0: nothing waits */
    uint64_t outbox_done;        /* last told to the outbox */
    bool failing;
    atomic_bool well;
    atomic_bool full;            /* less free space than the reserve */
    pthread_mutex_t lock;
    pthread_cond_t wake;
    /* Below: under `lock`. */
    struct audit_take *takes;
    struct audit_take **takes_end;
    struct backlog backlog;
    struct tally tally;
    struct chain head;
    bool stop;
};

/* --- audit.c --- */

/* An event for the backlog. Under `lock`. */
void audit_wait(struct audit *a, bytes event, bool durable);
/* Tells whoever waits for these. */
void audit_finish(struct audit_take *takes, err e, const struct note *note);

/* --- audit_lines.c: with the trail's lock --- */

/* Writes the lines that are there; they are gone in any case. */
MUST err audit_lines_flush(struct audit *a, struct note *note);
/* One more line; `row` 0: of no row of the outbox. */
MUST err audit_lines_add(struct audit *a, uint64_t row, bytes event, struct note *note);
/* An event of the trail's own, with one number as its detail. */
MUST err audit_lines_add_own(struct audit *a, const char *name, const char *field, uint64_t n,
                             struct note *note);
/* Takes from the outbox what the chain has not and nobody will bring: rows before `before`. */
MUST err audit_lines_catch_up(struct audit *a, uint64_t before, struct note *note);
/* The rows of a take that the chain has not. */
MUST err audit_lines_take(struct audit *a, const struct audit_take *t, struct note *note);
/* What could not be written is forgotten; the chain is where the trail is. */
void audit_lines_forget(struct audit *a);

/* --- audit_rounds.c --- */

/* The writer's thread, until `stop`. */
void audit_rounds_run(struct thread_plain *t);
void audit_rounds_sync(struct audit *a, bool now, struct note *note);
