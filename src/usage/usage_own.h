/* The collector as its own files have it. */
#pragma once

#include "base/log.h"
#include "loop/thread.h"
#include "usage/usage.h"
#include "usage/usage_file.h"
#include "usage/usage_last.h"

struct usage {
    struct worker thread;
    struct usage_options set;
    char *path;
    struct usage_last last; /* by client id, and by scope */
    struct usage_file writer;
    pthread_mutex_t reader_lock;
    struct usage_file reader;
    struct usage_worker *doors; /* of those who count under doors_lock */
    pthread_mutex_t doors_lock;
    struct list workers; /* all that there were, under doors_lock */
    struct list parcels; /* to be written */
    struct loop_timer collect;
    struct loop_timer flush;
    struct loop_timer sweep;
    uint64_t flush_took_ms;
    struct log_limit failures;
    int64_t swept_to; /* token that was looked at last */
    bool shortened;   /* hours went for the size: said once */
};

/* usage_sweep.c: one turn of it; true: there is more to do. */
bool usage_sweep_turn(struct usage *u, int64_t now_ms);
/* Says why the file failed; a damaged one is replaced. */
void usage_own_failed(struct usage *u, const char *doing, err e, const struct note *note);
