/* Threads: each has a name, its own loop, and is known to liburcu before it runs anything. */
#pragma once

#include "loop/loop.h"

#include <pthread.h>

enum { THREAD_NAME_SIZE = 16 };

/* Embed it; zero it before use. `begin` and `end` may be NULL; both run on the thread, before the
 * first turn and after the last. */
struct worker {
    struct loop *loop;
    void (*begin)(struct worker *w);
    void (*end)(struct worker *w);
    char name[THREAD_NAME_SIZE];
    pthread_t thread;
    bool started;
};

/* Makes the loop and starts the thread, with all signals blocked. IO, NO_MEMORY. */
MUST err thread_start(struct worker *w, const char *name);
/* Any thread: its loop ends after the current turn. */
void thread_stop(struct worker *w);
/* Waits for the end and frees the loop; safe when it never started. Not from the thread itself. */
void thread_join(struct worker *w);

/* A bare thread without a loop: named, signals blocked, registered with liburcu. */
struct thread_plain {
    void (*run)(struct thread_plain *t);
    char name[THREAD_NAME_SIZE];
    pthread_t thread;
};
MUST err thread_start_plain(struct thread_plain *t, const char *name);
void thread_join_plain(struct thread_plain *t);
