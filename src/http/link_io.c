#include "http/link_io.h"

#include "base/secret.h"
#include "http/exchange.h"

void link_arm(struct http_link *c, uint64_t ms)
{
    if (c->stalled) return;
    loop_start_timer(c->door->loop, &c->deadline, loop_now_ms(c->door->loop) + ms);
}

/* --- writing --- */

bool link_is_written(const struct http_link *c)
{
    return c->out_at == c->out.n;
}

/* A reader that takes nothing for long is not waited for. */
static void mind_reader(struct http_link *c, bool took)
{
    const bool begins = !c->stalled;
    c->stalled = false;
    if (took || begins) link_arm(c, HTTP_DOOR_STILL_MS);
    c->stalled = true;
}

static void forget_reader(struct http_link *c)
{
    if (!c->stalled) return;
    c->stalled = false;
    if (c->state == LINK_ANSWER)
        loop_stop_timer(c->door->loop, &c->deadline);
    else if (c->state == LINK_LAST)
        link_arm(c, LINK_LAST_MS);
    else
        link_arm(c, c->reading ? HTTP_DOOR_READ_MS : HTTP_DOOR_KEEP_MS);
}

bool link_write_out(struct http_link *c)
{
    const size_t before = c->out_at;
    enum channel_got got = CHANNEL_SOME;
    while (!link_is_written(c) && got == CHANNEL_SOME) {
        size_t n = 0;
        got = channel_write(&c->channel, c->out.p + c->out_at, c->out.n - c->out_at, &n);
        c->out_at += n;
    }
    if (got == CHANNEL_END || c->out.bad) c->cut = true;
    if (c->cut) return false;
    if (!link_is_written(c)) {
        mind_reader(c, c->out_at > before);
        return false;
    }
    forget_reader(c);
    secret_wipe(c->out.p, c->out.n);
    c->out.n = c->out_at = 0;
    return true;
}

/* --- reading --- */

void link_keep_rest(struct http_link *c)
{
    const bool kept = c->kept.n > 0;
    if (kept && c->rest.n < c->kept.n) wr_consume(&c->kept, c->kept.n - c->rest.n);
    if (!kept) wr_bytes(&c->kept, c->rest);
    c->rest = wr_view(&c->kept);
    if (c->kept.bad) c->cut = true;
}

/* Whoever says nothing more may still listen; a request that has not come whole is none. */
static void end_reading(struct http_link *c)
{
    if (link_write_out(c)) c->cut = true;
    if (c->cut) return;
    if (c->rq) exchange_free(c->rq);
    c->rq = NULL;
    c->state = LINK_LAST;
}

bool link_read_more(struct http_link *c)
{
    struct http_door *d = c->door;
    size_t n = 0;
    if (!c->readable) return false;
    link_keep_rest(c);
    const enum channel_got got = channel_read(&c->channel, d->read, sizeof d->read, &n);
    if (got == CHANNEL_END) end_reading(c);
    c->readable = n == sizeof d->read || channel_holds(&c->channel);
    if (got != CHANNEL_SOME || c->cut) return false;
    if (n > d->read_n) d->read_n = n;
    c->rest = bytes_of(d->read, n);
    if (c->kept.n) {
        wr_bytes(&c->kept, c->rest);
        c->rest = wr_view(&c->kept);
    }
    return true;
}

/* --- room --- */

void link_lend_room(struct http_link *c)
{
    struct wr *spare = &c->door->spare;
    if (c->out.size || !spare->size) return;
    c->out = *spare;
    *spare = wr_growing_wiped(LINK_OUT_MAX);
}

void link_give_room_back(struct http_link *c)
{
    struct wr *spare = &c->door->spare;
    if (c->out.n || !c->out.size) return;
    if (spare->size || c->out.bad || c->out.size > 2 * LINK_OUT_ENOUGH) {
        wr_drop(&c->out);
    } else {
        *spare = c->out;
        c->out = wr_growing_wiped(LINK_OUT_MAX);
    }
}

void link_wipe_read(struct http_link *c)
{
    struct http_door *d = c->door;
    secret_wipe(d->read, d->read_n);
    d->read_n = 0;
    if (c->kept.n || !c->kept.size) return;
    secret_wipe(c->kept.p, c->kept.size);
    wr_drop(&c->kept);
}
