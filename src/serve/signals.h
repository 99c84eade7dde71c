/* Signals as events of a loop: SIGTERM and SIGINT stop it, SIGHUP asks for a reload. */
#pragma once

#include "loop/loop.h"

struct signals {
    struct loop_io io;
    void *owner;
    void (*reload)(void *owner);
};

/* Blocks the signals; before the first thread starts. */
void signals_block(void);
MUST err signals_watch(struct loop *l, struct signals *s);
void signals_unwatch(struct loop *l, struct signals *s);
