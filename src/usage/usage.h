/* The collector: what workers and doors count is handed to one thread, which keeps the latest in memory
 * and writes all of it to usage.db. Nobody who counts waits for it: what was not taken yet goes on being
 * counted where it is. */
#pragma once

#include "usage/usage_count.h"
#include "usage/usage_read.h"

struct usage_file;

enum {
    USAGE_HAND_MS = 2000,       /* workers hand over that often, */
    USAGE_HAND_AGAIN_MS = 2,    /* in steps, so that nobody waits for it */
    USAGE_FLUSH_MIN_MS = 250,   /* what has arrived is written so soon, */
    USAGE_FLUSH_MAX_MS = 2000,  /* or later when writing takes its time */
    USAGE_SWEEP_FIRST_MS = 60 * 1000,
    USAGE_SWEEP_EVERY_MS = 3600 * 1000,
    USAGE_SWEEP_TOKENS = 4096,  /* looked at in one turn */
    USAGE_PARCEL_BYTES = 64 << 20
};
/* What is counted is to be seen within five seconds; half a second of them is left for work. */
_Static_assert(USAGE_HAND_MS + USAGE_FLUSH_MAX_MS + 500 <= 5000, "use is shown in time");

struct usage_options {
    const char *path;   /* of the file; copied */
    int64_t bytes_max;  /* of the file in use; beyond, its oldest hours go */
    void *owner;
    /* Whether the token is there; on the collector's thread, inside an RCU read section. NULL: all are. */
    bool (*has_token)(void *owner, bytes client_id);
};

/* A file that is damaged or of another kind is set aside, with a line in the log. Without any file counts
 * are kept in memory for as long as they are on their way, and lost: said in the log. NO_MEMORY, IO. */
MUST err usage_open(const struct usage_options *options, struct usage **out);
/* Whoever counts must have ended. Writes what is there. */
void usage_close(struct usage *u);

/* One who counts, on a thread of its own. `u` NULL gives NULL, and everything below does nothing with it. */
struct usage_worker;
MUST err usage_worker_new(struct usage *u, struct usage_worker **out);
struct usage_count *usage_worker_count(struct usage_worker *w);
/* Gathers some of what was counted, and hands it over when it is all together; nothing while the last is
 * still on its way. True: call again soon. */
bool usage_worker_hand(struct usage_worker *w, int64_t now_ms);
/* The rest is handed over. */
void usage_worker_free(struct usage_worker *w, int64_t now_ms);

/* For doors where a lock costs nothing: counted under one. Any thread. */
void usage_note_used(struct usage *u, const struct usage_key *key, const struct usage_who *who,
                     int64_t now_ms);
void usage_note_refused(struct usage *u, const struct usage_key *key, enum refusal reason);

/* Blocking; from work threads. `ask` runs with the file, which is NULL when there is none. */
MUST err usage_ask(struct usage *u, err (*ask)(void *owner, struct usage_file *f), void *owner);
