/* The collector as its own files have it. */
#pragma once

#include "loop/thread.h"
#include "usage/usage_last.h"

struct usage {
    struct worker thread;
    struct usage_last last; /* by client id, and by scope */
};
