/* How long answers took and how large the daemon was meanwhile: what a run of an hour is judged by afterwards. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PACE_ROUTES = 1024, PACE_SLOW_MS = 2000 };

struct pace_route {
    uint64_t sum_us;
    uint64_t slowest_us;
    size_t n;
    size_t slow;        /* took PACE_SLOW_MS or longer */
    size_t unavailable; /* were answered 503 */
    size_t too_many;    /* 429 */
};

struct pace {
    const char *pid;    /* of the daemon */
    uint64_t began_us;
    long peak_kb;       /* the most that it ever had resident */
    struct pace_route routes[PACE_ROUTES];
};

uint64_t pace_now_us(void);
/* True: it took so long that it should be shown. */
bool pace_take(struct pace *p, size_t route, uint64_t took_us, unsigned status);
/* What the daemon has resident now. */
long pace_resident_kb(struct pace *p);
/* What every thread of the daemon is doing, for somebody who waits for it. */
void pace_show_threads(const struct pace *p, unsigned waited_ms);
/* A line that says how far it is. */
void pace_step(struct pace *p, size_t asked);
/* The routes with the slowest answers, and those with slow ones or where somebody was to try again. */
void pace_report(const struct pace *p);
