#include "http/http_link.h"

#include "base/secret.h"
#include "http/exchange.h"
#include "http/link_io.h"
#include "http/sending.h"

#include <stdlib.h>
#include <unistd.h>

enum {
    LINK_STEPS_MAX = 64,    /* a turn */
    LINK_LAST_MAX = 8 << 20 /* bytes that are dropped in LINK_LAST */
};

void http_link_later(struct http_link *c)
{
    loop_flush_later(c->door->loop, &c->flush);
}

void http_link_hang_up(struct http_link *c)
{
    c->cut = true;
    http_link_later(c);
}

/* --- from one state to the next --- */

static void use(struct http_link *c, size_t n)
{
    c->rest = bytes_part(c->rest, n, c->rest.n);
}

/* Blank lines, which old clients send after a body, are not the beginning of a request. */
static bool has_begun(const struct http_link *c)
{
    if (c->state == LINK_BODY) return true;
    return c->rest.n > (c->scan.lines ? 0 : c->scan.line);
}

/* The clock of a request runs from its first byte. */
static bool await_more(struct http_link *c)
{
    if (link_read_more(c)) return true;
    if (!c->reading && has_begun(c)) {
        c->reading = true;
        link_arm(c, HTTP_DOOR_READ_MS);
    }
    return false;
}

static bool end_request(struct http_link *c)
{
    const bool last = c->rq->answer.close;
    exchange_free(c->rq);
    c->rq = NULL;
    c->scan = (struct head_scan){0};
    c->reading = false;
    c->state = last ? LINK_LAST : LINK_HEAD;
    link_arm(c, last ? LINK_LAST_MS : HTTP_DOOR_KEEP_MS);
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
        (void)link_write_out(c);
        return await_more(c);
    case CHUNKS_END:
        if (!c->stalled) loop_stop_timer(c->door->loop, &c->deadline);
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
    if (c->out.n > LINK_OUT_ENOUGH && !link_write_out(c)) return false;
    switch (sending_more(c->rq, &c->out)) {
    case SENDING_MORE:
        return true;
    case SENDING_WAITS:
        return false;
    case SENDING_DONE:
        return end_request(c);
    case SENDING_BROKEN:
        (void)link_write_out(c);
        if (!c->rq->inside->sending.chunked) channel_break(&c->channel);
        c->cut = true;
        return false;
    }
    return false;
}

/* What is left unread at a close makes the system take the answer back. */
static bool end_gently(struct http_link *c)
{
    if (!link_write_out(c)) return false;
    if (!c->finished) channel_finish(&c->channel);
    c->finished = true;
    c->dropped += c->rest.n;
    c->rest = (bytes){0};
    c->kept.n = 0;
    if (c->dropped > LINK_LAST_MAX) c->cut = true;
    return !c->cut && link_read_more(c);
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

/* A step stopped for a reader who by now has taken all of it: no event will tell, for nothing is left to write. */
static bool owes(const struct http_link *c)
{
    if (c->state == LINK_LAST) return !c->finished;
    return c->state == LINK_ANSWER && !waits(c);
}

/* While an answer is waited for the descriptor is left as it is; more that comes is then not asked for. */
static void ask_for_events(struct http_link *c)
{
    const bool writes = !link_is_written(c) || channel_wants_write(&c->channel);
    if (c->state == LINK_ANSWER && !writes) {
        if (c->readable) loop_want(c->door->loop, &c->io, 0);
        return;
    }
    loop_want(c->door->loop, &c->io, writes ? LOOP_WRITE : LOOP_READ);
}

/* What was said before a door drains said that the connection goes on; it does not. */
static void mind_drain(struct http_link *c)
{
    if (!c->door->draining || !link_is_written(c)) return;
    loop_flush_later(c->door->loop, &c->door->flush);
    if (c->state == LINK_HEAD && !c->rq) c->cut = true;
}

static void go_on(struct http_link *c)
{
    unsigned left = LINK_STEPS_MAX;
    link_lend_room(c);
    while (!c->cut && left > 0 && step(c))
        left--;
    if (!c->cut && link_write_out(c) && owes(c)) http_link_later(c);
    mind_drain(c);
    if (!c->cut) link_keep_rest(c);
    link_wipe_read(c);
    link_give_room_back(c);
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
    if (c->reading && !c->stalled && c->state != LINK_ANSWER)
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
    if (c->state == LINK_HEAD && !c->finished && link_is_written(c)) channel_finish(&c->channel);
    channel_close(&c->channel);
    loop_stop_timer(d->loop, &c->deadline);
    loop_flush_cancel(d->loop, &c->flush);
    secret_wipe(c->kept.p, c->kept.size); /* beyond what is left of it, too */
    wr_drop(&c->kept);
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
    c->kept = wr_growing_wiped(LINK_KEPT_MAX);
    c->out = wr_growing_wiped(LINK_OUT_MAX);
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
        link_arm(c, HTTP_DOOR_READ_MS);
    else
        http_link_free(c);
}
