/* The store: the truth. A small table of operations over records; every write needs a permit, every
 * answer of a write arrives as a note on the caller's loop. */
#pragma once

#include "loop/loop.h"
#include "model/change.h"
#include "model/event.h"

struct store;
struct store_batch;

/* Progress of one commit; embedded by the caller, owned by the store until `done` runs. */
struct store_commit {
    struct loop *loop;                       /* where `done` runs */
    void (*done)(struct store_commit *c);
    err result;                              /* DONE, CONFLICT, NAME_TAKEN, VERSION_CHANGED, NOT_FOUND,
                                                NOT_ALLOWED, STORE_BUSY, STORE_FULL, IO, AUDIT_FAILED */
    struct note note;                        /* detail of a failure */
    uint64_t sequence;                       /* of the transaction, for the feed */
    struct loop_note arrival;                /* the store's own */
};

/* What the store tells serve. Both run on the store's writer thread. */
struct store_ports {
    void *owner;
    /* FORBIDDEN or CONFLICT when the permit does not hold any more, AUDIT_FAILED while nothing can be
     * recorded; asked when the change's turn comes within a batch. NULL: not asked. */
    err (*recheck)(void *owner, const struct permit *p);
    /* A transaction is durable; serve brings it to control (index, sessions, audit) and then calls
     * store_batch_finish, which lets every `done` of it run. The batch is lent until then. NULL:
     * finished at once. */
    void (*committed)(void *owner, struct store_batch *batch);
};

/* In the order in which they were applied, records with their new versions. */
size_t store_batch_changes(const struct store_batch *b, const struct change **out);
/* In order of rows: what the audit chain takes before the answers leave. */
size_t store_batch_outbox(const struct store_batch *b, const struct event_row **out);
uint64_t store_batch_sequence(const struct store_batch *b);
/* Any thread. `result` other than DONE replaces the success of all its commits (AUDIT_FAILED). */
void store_batch_finish(struct store_batch *b, err result);

/* No permit, no write: every change's `by` must be covered by `p` (CHECKed on the caller's thread).
 * The changes are applied one after the other, together or not at all, with `event` (NULL: none, for
 * upkeep only) in the audit outbox of the same transaction. Everything is copied but the permit, which
 * is lent until `done` runs. Any thread; failures arrive as `done` too.
 * A change finds what is there by kind and id: another scope's record counts as absent (NOT_FOUND). */
void store_commit(struct store *s, const struct permit *p, const struct change *changes, size_t n,
                  const struct event_draft *event, struct store_commit *c);

/* Reading; may block, so on a work thread or at start. Views are in the arena. NOT_FOUND. */
MUST err store_get(struct store *s, enum record_kind kind, bytes id, struct arena *a,
                   struct record *out);
/* Records of a kind in byte order of their id, after `after` (empty: from the start), at most `max`;
 * `scope` NULL means all. The visited record is lent for the visit; false ends the scan. `*cursor` (may
 * be NULL) is the sequence from which a feed goes on. */
typedef bool store_visit(void *owner, const struct record *r);
MUST err store_scan(struct store *s, enum record_kind kind, const struct uuid *scope, bytes after,
                    size_t max, store_visit *visit, void *owner, uint64_t *cursor);

/* The audit outbox: rows of committed transactions that the chain has not taken yet. */
typedef bool store_outbox_visit(void *owner, uint64_t row, bytes event_json);
MUST err store_outbox_read(struct store *s, uint64_t after_row, size_t max, store_outbox_visit *visit,
                           void *owner);
/* Any thread: rows up to this one are in the chain and durable there. They leave the store with its
 * next transaction, within about a second. */
void store_outbox_done(struct store *s, uint64_t up_to_row);

struct store_numbers {
    uint64_t sequence;
    uint64_t outbox_last;   /* the newest row ever given */
    uint64_t records[RECORD_KINDS_END];
    uint64_t outbox;
    int64_t bytes;
};
MUST err store_count(struct store *s, struct store_numbers *out);

/* The server keys have changed: from now on the store asks for these at opening (after the key file
 * gained a key; before it loses one). Blocks until durable. */
MUST err store_keys_set(struct store *s, const struct server_keys *keys, struct note *note);

/* Finishes what was submitted; batches must have been finished or be finished before it returns.
 * NULL is fine. */
void store_close(struct store *s);

/* --- backends --- */

/* The reference that every backend is compared with. */
MUST err store_memory_open(const struct store_ports *ports, struct store **out);

struct store_sqlite_options {
    const char *path;
    bool create;            /* refuse an existing file (CONFLICT), else refuse a missing one */
    bool read_only;
    const char *vfs;        /* NULL: the system's; tests give their own */
    unsigned checkpoint_pages;  /* 0: as it is best; tests: after how many pages the log is folded in */
    const struct server_keys *keys; /* must be the store's own; NULL: not compared */
    uint64_t outbox_from;   /* the next event's row is greater: those up to here are in the trail */
};
/* STORE_WRONG, STORE_DAMAGED, MODE_TOO_WIDE, KEY_MISSING, NOT_FOUND, CONFLICT, IO: said in the note. */
MUST err store_sqlite_open(const struct store_sqlite_options *options,
                           const struct store_ports *ports, struct store **out, struct note *note);
/* Whole-file check (integrity_check and every record read once); the note says what is wrong. */
MUST err store_check(struct store *s, struct note *note);
/* Online copy into a new file, mode 0600. */
MUST err store_backup(struct store *s, const char *path, struct note *note);
