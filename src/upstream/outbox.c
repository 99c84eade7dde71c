/* Two buffers in turn: one is filled and written from, the other is what was written before it. So
 * keeping the last bytes costs nothing while they are written. */
#include "upstream/outbox.h"

#include "base/check.h"
#include "base/secret.h"

void outbox_init(struct outbox *o)
{
    *o = (struct outbox){.now = wr_growing(OUTBOX_UNSENT_MAX),
                         .former = wr_growing(OUTBOX_UNSENT_MAX)};
}

void outbox_reset(struct outbox *o)
{
    o->now.n = 0;
    o->written_n = 0;
    o->now_at = 0;
    o->former.n = 0;
    o->former_at = 0;
}

void outbox_drop(struct outbox *o)
{
    wr_drop(&o->now);
    wr_drop(&o->former);
    outbox_reset(o);
}

void outbox_wipe(struct outbox *o)
{
    if (o->now.p) secret_wipe(o->now.p, o->now.size);
    if (o->former.p) secret_wipe(o->former.p, o->former.size);
}

/* The filled buffer becomes the former one; what it had not written yet goes on in the other. */
static void turn_over(struct outbox *o)
{
    const struct wr filled = o->now;
    const size_t written_n = o->written_n;
    o->former.n = 0;
    wr_bytes(&o->former, bytes_part(wr_view(&filled), written_n, filled.n));
    if (o->former.bad) { /* no memory: all stays as it is, until next time */
        o->former.bad = false;
        return;
    }
    o->now = o->former;
    o->former = filled;
    o->former.n = written_n;
    o->former_at = o->now_at;
    o->now_at += written_n;
    o->written_n = 0;
    if (o->former.size > OUTBOX_BUFFER_MAX) wr_drop(&o->former);
}

void outbox_took(struct outbox *o, size_t n)
{
    CHECK(n <= o->now.n - o->written_n);
    o->written_n += n;
    if (o->written_n < OUTBOX_HISTORY) return;
    if (o->written_n > o->now.n / 2) turn_over(o); /* moves less than it lets go */
}

static bytes recall_from(const struct wr *buffer, uint64_t at, uint64_t end_at, size_t n)
{
    if (end_at < at || end_at - at > buffer->n || end_at - at < n) return (bytes){0};
    return bytes_of(buffer->p + (end_at - at - n), n);
}

bytes outbox_recall(const struct outbox *o, uint64_t end_at, size_t n)
{
    if (n == 0) return (bytes){0};
    const bytes found = recall_from(&o->now, o->now_at, end_at, n);
    return found.n ? found : recall_from(&o->former, o->former_at, end_at, n);
}
