/* What a backend is: a table of operations below the queue (store_job.c) and the writer thread (store_writer.c).
 * begin, apply, commit, rollback and keys_set run on the writer thread alone; the others on any. */
#pragma once

#include "loop/thread.h"
#include "store/store.h"

#include <pthread.h>

enum {
    STORE_QUEUE_MAX = 10000,       /* commits that wait; more: STORE_BUSY */
    STORE_BATCH_MAX = 512,         /* commits in one transaction */
    STORE_JOB_MEMORY_MAX = 64 << 20
};

/* One submitted commit with its own copies. */
struct store_job {
    struct store_job *next;
    struct store_commit *commit;
    const struct permit *permit;
    struct change *changes;
    bytes *bodies;                 /* of the changes that put */
    size_t n;
    bytes event;                   /* empty: none */
    uint64_t row;                  /* in the outbox, once applied */
    bool alone;                    /* nothing else is in its transaction, which ends if it is refused */
    err result;
    struct note note;
    struct arena arena;
};

struct store_backend {
    err (*begin)(struct store *s, struct note *note);
    /* All changes of the job or none. CONFLICT, NOT_FOUND: this job alone is refused and undone (by the
     * rollback that follows, where it is alone). Any other failure spoils the transaction. Sets the
     * records' versions. */
    err (*apply)(struct store *s, struct store_job *job, struct note *note);
    /* Also forgets outbox rows up to `outbox_done` and notes both counters. */
    err (*commit)(struct store *s, uint64_t sequence, uint64_t outbox_row, uint64_t outbox_done,
                  struct note *note);
    void (*rollback)(struct store *s);
    /* After a commit was handed over: upkeep that its answer need not wait for. NULL: none. */
    void (*settle)(struct store *s);
    err (*keys_set)(struct store *s, const struct server_keys *keys, struct note *note);
    err (*get)(struct store *s, enum record_kind kind, bytes id, struct arena *a, struct record *out);
    err (*scan)(struct store *s, enum record_kind kind, const struct uuid *scope, bytes after,
                size_t max, store_visit *visit, void *owner, uint64_t *cursor);
    err (*outbox_read)(struct store *s, uint64_t after_row, size_t max, store_outbox_visit *visit,
                       void *owner);
    err (*count)(struct store *s, struct store_numbers *out);
    err (*check)(struct store *s, struct note *note);
    err (*backup)(struct store *s, const char *path, struct note *note);
    void (*close)(struct store *s);
};

/* Work for the writer thread that is no commit; its owner waits for it. */
struct store_errand {
    const struct server_keys *keys;
    struct note *note;
    err result;
    bool done;
};

/* First member of every backend's own struct. */
struct store {
    const struct store_backend *ops;
    struct store_ports ports;
    struct thread_plain writer;
    bool writing;                  /* the writer thread was started */
    /* Written by the writer thread alone. */
    uint64_t sequence;
    uint64_t outbox_row;
    uint64_t outbox_gone;          /* rows up to here have left the store */
    uint16_t keys[SERVER_KEYS_MAX]; /* ids that records may need, rising; none: any */
    size_t keys_n;
    /* Below: under `lock`. */
    pthread_mutex_t lock;
    pthread_cond_t work;           /* for the writer */
    pthread_cond_t idle;           /* for those who wait on the writer */
    struct store_job *first;
    struct store_job **last;
    size_t queued;
    size_t batches;                /* committed and not finished */
    uint64_t outbox_done;
    struct store_errand *errand;
    bool stop;
};

/* A backend's open ends with this: counters as found, writer thread started unless `read_only`. */
err store_begin(struct store *s, const struct store_backend *ops, const struct store_ports *ports,
                bool read_only);

/* Posts the end of a job to the loop that asked and frees it; any thread. */
void store_job_finish(struct store_job *j, err result, uint64_t sequence);
/* The writer thread's work, until `stop`. */
void store_write_on(struct thread_plain *t);
/* Writer thread, after a commit: the jobs become a batch, which goes to ports.committed. */
void store_hand_over(struct store *s, struct store_job *jobs);

/* From now on nothing is taken that needs an older key than the newest of these, but these. Before store_begin, or on the
 * writer thread. */
void store_key_know(struct store *s, const struct server_keys *keys);
/* Writer thread: CONFLICT, when the job puts what needs a key that was retired. */
err store_key_check(const struct store *s, struct store_job *j);

/* The scope in which a record's name is unique. */
struct uuid store_claim_scope(const struct record *r);
/* Sets r->version from what is there (`found`, `version`, `scope`); refuses what was not expected. */
err store_expect(struct change *c, bool found, uint64_t version, const struct uuid *scope,
                 struct note *note);
/* What both backends say when a name is taken. */
err store_name_taken(const struct record *r, struct note *note);
