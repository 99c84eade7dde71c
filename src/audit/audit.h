/* The audit trail: one writer thread appends what the store's outbox and the other rooms give it to the
 * chain, and says when. Changes fail closed (AUDIT_FAILED), everything else is dropped and counted. */
#pragma once

#include "audit/chain.h"
#include "loop/loop.h"

struct audit;

/* The store's outbox; serve fills it (store_outbox_read, store_outbox_done, store_numbers). */
struct audit_outbox {
    void *owner;
    err (*read)(void *owner, uint64_t after_row, size_t max,
                bool (*visit)(void *visitor, uint64_t row, bytes event_json), void *visitor);
    void (*done)(void *owner, uint64_t up_to_row);
    uint64_t last;               /* the newest row ever given, at opening */
};

struct audit_options {
    const char *folder;          /* DIR/audit; made when missing */
    size_t buffer_bytes;         /* of records that wait; 0: 1 MiB */
    uint64_t rotate_bytes;       /* 0: one file for ever */
    unsigned keep_files;         /* 0: all */
    uint64_t reserve_bytes;      /* below this much free space only changes are recorded */
    unsigned sync_ms;            /* 0: 100. What the outbox does not hold may be lost for this long */
    struct audit_outbox outbox;  /* `read` NULL: none */
};

/* Repairs the end of the trail, takes over what the outbox still holds, starts the thread.
 * AUDIT_BROKEN, MODE_TOO_WIDE, IO: said in the note. */
MUST err audit_open(const struct audit_options *options, struct audit **out, struct note *note);
/* Writes and syncs what it has. NULL is fine. */
void audit_close(struct audit *a);

/* Any thread, never waits. Events without a principal that are not "done" are counted per address
 * prefix and minute. */
void audit_record(struct audit *a, const struct event_draft *draft);
/* The same as a port. */
struct event_sink audit_sink(struct audit *a);

/* Progress of one take; embedded by the caller, audit's own until `done` runs. */
struct audit_take {
    struct loop *loop;                        /* where `done` runs */
    void (*done)(struct audit_take *t);
    err result;                               /* DONE or AUDIT_FAILED */
    struct note note;
    const struct event_row *rows;             /* lent until `done` runs */
    size_t rows_n;
    struct loop_note arrival;                 /* audit's own */
    struct audit_take *next;
};

/* Appends the rows of a committed batch; batches in their order. `done` says that they are in the chain's
 * file; the outbox keeps them until the file is synced (then audit_outbox.done), so the answer may leave
 * now: a crash loses nothing. Rows that are in the chain already are skipped, missing ones are fetched. */
void audit_take(struct audit *a, const struct event_row *rows, size_t n, struct audit_take *t);

/* The last record that is synced. */
struct chain audit_head(struct audit *a);
/* False while the trail cannot be written: then no change should be begun. Any thread. */
bool audit_is_well(struct audit *a);
