/* What is too old, what is too much, and tokens that are no more. A turn does a little, so that what
 * arrives meanwhile is written in time. */
#include "base/log.h"
#include "usage/usage_own.h"

#include <urcu/urcu-memb.h>

enum { REMOVED_MAX = 512, SHORTER_HOURS = 6 };

struct gone {
    int64_t numbers[REMOVED_MAX];
    char ids[REMOVED_MAX][TOKEN_CLIENT_ID];
    size_t n;
    int64_t first_hour;
    struct usage *usage;
};

/* A token's counts are gone after 30 days; what is left is when it was last used, for as long as it is
 * there. Whoever was used less than 30 days ago is not asked about. */
static void look_at(void *owner, int64_t number, bytes client_id, int64_t used_ms, int64_t seen_hour)
{
    struct gone *g = owner;
    struct usage *u = g->usage;
    (void)used_ms;
    if (seen_hour >= g->first_hour || g->n == REMOVED_MAX || client_id.n != TOKEN_CLIENT_ID) return;
    if (!u->set.has_token || u->set.has_token(u->set.owner, client_id)) return;
    memcpy(g->ids[g->n], client_id.p, TOKEN_CLIENT_ID);
    g->numbers[g->n++] = number;
}

static err remove_gone(struct usage *u, const struct gone *g, struct note *note)
{
    for (size_t i = 0; i < g->n; i++) {
        TRY(usage_file_remove_token(&u->writer, g->numbers[i], note));
        usage_last_forget(&u->last, bytes_of(g->ids[i], TOKEN_CLIENT_ID));
    }
    return DONE;
}

static err sweep_tokens(struct usage *u, int64_t first_hour, bool *more, struct note *note)
{
    static struct gone g; /* of the collector's thread alone */
    size_t seen = 0;
    g.n = 0;
    g.first_hour = first_hour;
    g.usage = u;
    const int64_t before = u->swept_to;
    urcu_memb_read_lock();
    const err e = usage_file_each_token(&u->writer, &u->swept_to, USAGE_SWEEP_TOKENS, &seen, look_at,
                                        &g, note);
    urcu_memb_read_unlock();
    TRY(e);
    TRY(remove_gone(u, &g, note));
    if (g.n == REMOVED_MAX) u->swept_to = before; /* there may be more of them */
    *more = seen == USAGE_SWEEP_TOKENS || g.n == REMOVED_MAX;
    if (!*more) u->swept_to = 0;
    return DONE;
}

static err sweep_hours(struct usage *u, int64_t hour, bool *more, struct note *note)
{
    int64_t bytes_n = 0;
    int64_t oldest = hour;
    int64_t first = hour - USAGE_FILE_HOURS + 1;
    TRY(usage_file_size(&u->writer, &bytes_n, &oldest, note));
    if (bytes_n > u->set.bytes_max && oldest < hour) {
        if (!u->shortened) {
            log_line(LOG_WARN, "usage_shortened", "bytes=%lld limit=%lld", (long long)bytes_n,
                     (long long)u->set.bytes_max);
        }
        u->shortened = true;
        const int64_t next = oldest + SHORTER_HOURS < hour ? oldest + SHORTER_HOURS : hour;
        if (next > first) first = next;
        *more = true;
    }
    /* Hours that have not come are of a clock that was wrong. */
    return usage_file_sweep(&u->writer, first, hour + 1, note);
}

static err sweep(struct usage *u, int64_t hour, bool *more, struct note *note)
{
    TRY(usage_file_begin(&u->writer, note));
    if (u->swept_to == 0) TRY(sweep_hours(u, hour, more, note));
    if (!*more) TRY(sweep_tokens(u, hour - USAGE_FILE_HOURS + 1, more, note));
    return usage_file_commit(&u->writer, note);
}

bool usage_sweep_turn(struct usage *u, int64_t now_ms)
{
    struct note note = {{0}};
    bool more = false;
    const err e = sweep(u, now_ms / USAGE_FILE_HOUR_MS, &more, &note);
    if (err_is_ok(e)) return more;
    u->swept_to = 0;
    usage_own_failed(u, "sweep", e, &note);
    return false;
}
