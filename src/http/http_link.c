#include "http/http_link.h"

#include "base/secret.h"
#include "http/exchange.h"
#include "http/sending.h"

#include <stdlib.h>
#include <unistd.h>

enum {
    LINK_STEPS_MAX = 64,        /* a turn */
    LINK_OUT_ENOUGH = 64 << 10, /* is written before more of it is made */
    LINK_OUT_MAX = 1 << 20,
    LINK_KEPT_MAX = HEAD_MAX + 2 * DOOR_READ_SIZE,
    LINK_LAST_MS = 2000,
    LINK_LAST_MAX = 8 << 20 /* bytes that are dropped */
};

static void arm(struct http_link *c, uint64_t ms)
{
    loop_start_timer(c->door->loop, &c->deadline, loop_now_ms(c->door->loop) + ms);
}

void http_link_later(struct http_link *c)
{
    loop_flush_later(c->door->loop, &c->flush);
}

void http_link_hang_up(struct http_link *c)
{
    c->cut = true;
    http_link_later(c);
}

/* --- reading --- */

/* The door's memory is the next link's. */
static void keep_rest(struct http_link *c)
{
    const bool kept = c->kept.n > 0;
    if (kept && c->rest.n < c->kept.n) wr_consume(&c->kept, c->kept.n - c->rest.n);
    if (!kept) wr_bytes(&c->kept, c->rest);
    c->rest = wr_view(&c->kept);
    if (c->kept.bad) c->cut = true;
}

/* True: there is more in c->rest than before. */
static bool read_more(struct http_link *c)
{
    struct http_door *d = c->door;
    size_t n = 0;
    if (!c->readable) return false;
    keep_rest(c);
    const enum channel_got got = channel_read(&c->channel, d->read, sizeof d->read, &n);
    if (got == CHANNEL_END) c->cut = true;
    c->readable = n == sizeof d->read || channel_holds(&c->channel);
    if (got != CHANNEL_SOME || c->cut) return false;
    d->read_n = n;
    c->rest = bytes_of(d->read, n);
    if (c->kept.n) {
        wr_bytes(&c->kept, c->rest);
        c->rest = wr_view(&c->kept);
    }
    return true;
}

static void use(struct http_link *c, size_t n)
{
    c->rest = bytes_part(c->rest, n, c->rest.n);
}

/* The clock of a request runs from its first byte. */
static bool await_more(struct http_link *c)
{
    if (read_more(c)) return true;
    if (!c->reading && (c->rest.n > 0 || c->state == LINK_BODY)) {
        c->reading = true;
        arm(c, HTTP_DOOR_READ_MS);
    }
    return false;
}

/* --- writing --- */

static bool is_written(const struct http_link *c)
{
    return c->out_at == c->out.n;
}

/* A reader that takes nothing for long is not waited for. */
static void mind_reader(struct http_link *c, bool took)
{
    const bool begins = !c->stalled;
    c->stalled = true;
    if (took || begins) arm(c, HTTP_DOOR_STILL_MS);
}

static void forget_reader(struct http_link *c)
{
    if (!c->stalled) return;
    c->stalled = false;
    if (c->state == LINK_ANSWER)
        loop_stop_timer(c->door->loop, &c->deadline);
    else
        arm(c, c->state == LINK_LAST ? LINK_LAST_MS : HTTP_DOOR_KEEP_MS);
}

/* True: nothing is left to be written. */
static bool write_out(struct http_link *c)
{
    const size_t before = c->out_at;
    enum channel_got got = CHANNEL_SOME;
    while (!is_written(c) && got == CHANNEL_SOME) {
        size_t n = 0;
        got = channel_write(&c->channel, c->out.p + c->out_at, c->out.n - c->out_at, &n);
        c->out_at += n;
    }
    if (got == CHANNEL_END || c->out.bad) c->cut = true;
    if (c->cut) return false;
    if (!is_written(c)) {
        mind_reader(c, c->out_at > before);
        return false;
    }
    forget_reader(c);
    secret_wipe(c->out.p, c->out.n);
    c->out.n = c->out_at = 0;
    return true;
}

/* --- from one state to the next --- */

static bool end_request(struct http_link *c)
{
    const bool last = c->rq->answer.close;
    exchange_free(c->rq);
    c->rq = NULL;
    c->scan = (struct head_scan){0};
    c->reading = false;
    c->state = last ? LINK_LAST : LINK_HEAD;
    arm(c, last ? LINK_LAST_MS : HTTP_DOOR_KEEP_MS);
    return true;
}

/* The answer to what is no request, or not a whole one. */
static bool refuse(struct http_link *c, err e)
{
    if (!c->rq) c->rq = exchange_new(c);
    c->state = LINK_ANSWER;
    if (c->rq)
        exchange_refuse(c->rq, e);
    else
        c->cut = true;
    return !c->cut;
}

static bool refuse_head(struct http_link *c)
{
    if (c->scan.lines == 0 && c->rest.n > HEAD_MAX) return refuse(c, FAIL(TARGET_TOO_LONG));
    return refuse(c, c->rest.n > HEAD_MAX ? FAIL(HEADER_TOO_BIG) : FAIL(BAD_HTTP));
}

static bool begin_request(struct http_link *c)
{
    c->rq = exchange_new(c);
    if (!c->rq) {
        c->cut = true;
        return false;
    }
    exchange_head(c->rq, c->rest, &c->scan);
    use(c, c->scan.at);
    c->state = c->rq->inside->state == INSIDE_READING ? LINK_BODY : LINK_ANSWER;
    if (c->state == LINK_BODY && c->rest.n == 0) exchange_welcome(c->rq, &c->out);
    return true;
}

static bool take_head(struct http_link *c)
{
    switch (head_scan(&c->scan, c->rest)) {
    case HEAD_WHOLE:
        return begin_request(c);
    case HEAD_BROKEN:
        return refuse_head(c);
    case HEAD_PART:
        break;
    }
    return c->rest.n > HEAD_MAX ? refuse_head(c) : await_more(c);
}

static bool take_body(struct http_link *c)
{
    switch (exchange_body(c->rq, &c->rest)) {
    case CHUNKS_MORE:
        (void)write_out(c);
        return await_more(c);
    case CHUNKS_END:
        loop_stop_timer(c->door->loop, &c->deadline);
        c->state = LINK_ANSWER;
        exchange_run(c->rq);
        return true;
    case CHUNKS_BROKEN:
        return refuse(c, FAIL(BAD_HTTP));
    case CHUNKS_TOO_BIG:
        return refuse(c, FAIL(BODY_TOO_BIG));
    }
    return false;
}

static bool give_answer(struct http_link *c)
{
    struct http_inside *in = c->rq->inside;
    if (in->state == INSIDE_WAITING) return false;
    if (in->state == INSIDE_ANSWERED) sending_begin(c->rq, &c->out);
    if (c->out.n > LINK_OUT_ENOUGH && !write_out(c)) return false;
    switch (sending_more(c->rq, &c->out)) {
    case SENDING_MORE:
        return true;
    case SENDING_WAITS:
        return false;
    case SENDING_DONE:
        return end_request(c);
    case SENDING_BROKEN:
        (void)write_out(c);
        c->cut = true;
        return false;
    }
    return false;
}

/* What is left unread at a close makes the system take the answer back. */
static bool end_gently(struct http_link *c)
{
    if (!write_out(c)) return false;
    if (!c->finished) channel_finish(&c->channel);
    c->finished = true;
    c->dropped += c->rest.n;
    c->rest = (bytes){0};
    c->kept.n = 0;
    if (c->dropped > LINK_LAST_MAX) c->cut = true;
    return !c->cut && read_more(c);
}

/* True: another step may go further. */
static bool step(struct http_link *c)
{
    switch (c->state) {
    case LINK_HEAD:
        return take_head(c);
    case LINK_BODY:
        return take_body(c);
    case LINK_ANSWER:
        return give_answer(c);
    case LINK_LAST:
        return end_gently(c);
    }
    return false;
}

/* --- a turn --- */

static bool waits(const struct http_link *c)
{
    return c->rq && (c->rq->inside->state == INSIDE_WAITING || c->rq->inside->sending.making);
}

/* While an answer is waited for the descriptor is left as it is; more that comes is then not asked for. */
static void ask_for_events(struct http_link *c)
{
    const bool writes = !is_written(c) || channel_wants_write(&c->channel);
    if (c->state == LINK_ANSWER && !writes) {
        if (c->readable) loop_want(c->door->loop, &c->io, 0);
        return;
    }
    loop_want(c->door->loop, &c->io, writes ? LOOP_WRITE : LOOP_READ);
}

static void lend_room(struct http_link *c)
{
    struct wr *spare = &c->door->spare;
    if (c->out.size || !spare->size) return;
    c->out = *spare;
    *spare = wr_growing(LINK_OUT_MAX);
}

static void give_room_back(struct http_link *c)
{
    struct wr *spare = &c->door->spare;
    if (c->out.n || !c->out.size) return;
    if (spare->size || c->out.bad || c->out.size > 2 * LINK_OUT_ENOUGH) {
        wr_drop(&c->out);
    } else {
        *spare = c->out;
        c->out = wr_growing(LINK_OUT_MAX);
    }
}

/* Passwords and tokens come this way. */
static void wipe_read(struct http_link *c)
{
    struct http_door *d = c->door;
    secret_wipe(d->read, d->read_n);
    d->read_n = 0;
    if (c->kept.n || !c->kept.size) return;
    secret_wipe(c->kept.p, c->kept.size);
    wr_drop(&c->kept);
}

static void go_on(struct http_link *c)
{
    unsigned left = LINK_STEPS_MAX;
    lend_room(c);
    while (!c->cut && left > 0 && step(c))
        left--;
    if (!c->cut) (void)write_out(c);
    if (!c->cut) keep_rest(c);
    wipe_read(c);
    give_room_back(c);
    if (c->cut && !waits(c)) {
        http_link_free(c);
        return;
    }
    if (c->cut)
        loop_unwatch(c->door->loop, &c->io);
    else
        ask_for_events(c);
    if (left == 0) http_link_later(c);
}

static void on_flush(struct loop *l, struct loop_flush *f)
{
    (void)l;
    go_on(LOOP_OF(f, struct http_link, flush));
}

static void on_events(struct loop *l, struct loop_io *io, uint32_t got)
{
    struct http_link *c = LOOP_OF(io, struct http_link, io);
    (void)l;
    c->readable = true;
    if ((got & LOOP_GONE) && waits(c)) c->cut = true;
    go_on(c);
}

static void on_deadline(struct loop *l, struct loop_timer *t)
{
    struct http_link *c = LOOP_OF(t, struct http_link, deadline);
    (void)l;
    if (c->reading && c->state != LINK_ANSWER)
        (void)refuse(c, FAIL(REQUEST_LATE));
    else
        c->cut = true;
    http_link_later(c);
}

/* --- beginning and end --- */

static void free_link(struct loop_grave *g)
{
    free(LOOP_OF(g, struct http_link, grave));
}

void http_link_free(struct http_link *c)
{
    struct http_door *d = c->door;
    if (c->rq) exchange_free(c->rq);
    c->rq = NULL;
    loop_unwatch(d->loop, &c->io);
    channel_close(&c->channel);
    loop_stop_timer(d->loop, &c->deadline);
    loop_flush_cancel(d->loop, &c->flush);
    wr_wipe(&c->kept);
    wr_wipe(&c->out);
    list_remove(&c->link);
    source_limit_give(d->limit, &c->peer);
    c->grave.free = free_link;
    loop_bury(d->loop, &c->grave);
    loop_flush_later(d->loop, &d->flush);
}

static struct http_link *new_link(struct http_door *d, const struct address *peer, uint32_t uid)
{
    struct http_link *c = calloc(1, sizeof *c);
    if (!c) return NULL;
    *c = (struct http_link){.door = d, .peer = *peer, .uid = uid, .channel = {.fd = -1}};
    c->deadline.fire = on_deadline;
    c->flush.run = on_flush;
    c->kept = wr_growing(LINK_KEPT_MAX);
    c->out = wr_growing(LINK_OUT_MAX);
    list_add_last(&d->links, &c->link);
    return c;
}

static err watch(struct http_link *c, int fd)
{
    TRY(channel_open(&c->channel, fd, c->door->tls));
    c->io = (struct loop_io){.fd = fd, .want = LOOP_READ, .ready = on_events};
    return loop_watch(c->door->loop, &c->io);
}

void http_link_begin(struct http_door *d, int fd, const struct address *peer, uint32_t uid)
{
    struct http_link *c = new_link(d, peer, uid);
    if (!c) {
        source_limit_give(d->limit, peer);
        (void)close(fd);
        return;
    }
    if (err_is_ok(watch(c, fd)))
        arm(c, HTTP_DOOR_READ_MS);
    else
        http_link_free(c);
}
