#include "http/sending.h"

#include "base/log.h"
#include "base/mask.h"
#include "base/metric.h"
#include "http/answer_head.h"
#include "http/http_link.h"

#include <urcu/urcu-memb.h>

/* --- pieces --- */

static bool is_whole(const struct http_request *rq)
{
    const struct sending *s = &rq->inside->sending;
    if (err_is_ok(s->result) && !s->piece.bad) return true;
    log_line(LOG_WARN, "http_stream_cut", "id=%s error=%s", rq->call.id, err_row(s->result)->name);
    return false;
}

static struct http_request *request_of(struct work_job *j)
{
    struct sending *s = LOOP_OF(j, struct sending, job);
    return LOOP_OF(s, struct http_inside, sending)->link->rq;
}

static void make(struct http_request *rq)
{
    struct http_stream *stream = rq->answer.stream;
    struct sending *s = &rq->inside->sending;
    s->result = stream->next(stream, rq, &s->piece);
}

static void make_here(struct http_request *rq)
{
    urcu_memb_read_lock();
    make(rq);
    urcu_memb_read_unlock();
}

static void make_there(struct work_job *j)
{
    make(request_of(j));
}

static void made_there(struct loop *l, struct work_job *j)
{
    struct http_inside *in = request_of(j)->inside;
    (void)l;
    in->sending.making = false;
    in->sending.made = true;
    in->door->waiting--;
    http_link_later(in->link);
}

/* False: it is being made elsewhere. Where the queue is full a piece is small enough to be made here:
 * nobody's answer is cut because others are many. */
static bool make_piece(struct http_request *rq)
{
    struct sending *s = &rq->inside->sending;
    struct work *work = rq->answer.stream->work;
    s->piece.n = 0;
    s->job = (struct work_job){.run = make_there, .done = made_there, .loop = rq->loop};
    if (!work || !err_is_ok(work_submit(work, &s->job))) {
        make_here(rq);
        return true;
    }
    s->making = true;
    rq->inside->door->waiting++;
    return false;
}

/* Piece by piece; the end of chunks is a chunk of nothing. */
static void write_piece(const struct sending *s, struct wr *out)
{
    if (s->chunked) wr_format(out, "%zx\r\n", s->piece.n);
    wr_bytes(out, wr_view(&s->piece));
    if (s->chunked) wr_bytes(out, BYTES("\r\n"));
}

static enum sending_got send_piece(struct http_request *rq, struct wr *out)
{
    struct sending *s = &rq->inside->sending;
    if (s->making) return SENDING_WAITS;
    if (rq->inside->door->closing) return SENDING_BROKEN;
    if (!s->made && !make_piece(rq)) return SENDING_WAITS;
    s->made = false;
    if (!is_whole(rq)) return SENDING_BROKEN;
    write_piece(s, out);
    return s->piece.n == 0 ? SENDING_DONE : SENDING_MORE;
}

static enum sending_got send_part(struct http_request *rq, struct wr *out)
{
    struct sending *s = &rq->inside->sending;
    const bytes body = wr_view(&rq->answer.body);
    const bytes part = bytes_part(body, s->at, HTTP_PIECE_MAX);
    wr_bytes(out, part);
    s->at += part.n;
    return s->at == body.n ? SENDING_DONE : SENDING_MORE;
}

enum sending_got sending_more(struct http_request *rq, struct wr *out)
{
    const bool bodiless = rq->head || !rq->answer.type;
    if (bodiless) return SENDING_DONE;
    return rq->answer.stream ? send_piece(rq, out) : send_part(rq, out);
}

/* --- the beginning --- */

enum { LOGGED_PATH_MAX = 512 };

static void tell_log(const struct http_request *rq)
{
    const struct http_answer *a = &rq->answer;
    const enum log_level level = a->status >= 500 ? LOG_WARN : LOG_DEBUG;
    char path[LOGGED_PATH_MAX];
    char note[sizeof rq->call.note.text];
    metric_add(METRIC_HTTP_REQUESTS, 1);
    if (a->status >= 500) metric_add(METRIC_HTTP_ERRORS, 1);
    if (level > log_level()) return;
    mask_words(rq->target.raw, path, sizeof path);
    mask_words(bytes_of_text(rq->call.note.text), note, sizeof note);
    log_line(level, "http", "id=%s peer=%s who=%s method=%s path=\"%s\" status=%u note=\"%s\"",
             rq->call.id, rq->call.peer, rq->call.who.name[0] ? rq->call.who.name : "-",
             http_method_name(rq->inside->method_known ? rq->method : HTTP_METHODS), path, a->status,
             note);
}

/* An old client is told the end of a stream by the end of the connection. */
void sending_begin(struct http_request *rq, struct wr *out)
{
    struct http_inside *in = rq->inside;
    struct http_answer *a = &rq->answer;
    struct sending *s = &in->sending;
    const bool streams = a->stream && !rq->head;
    s->piece = wr_growing_wiped(HTTP_PIECE_MAX);
    s->chunked = streams && !in->head.http_1_0;
    if (in->door->draining || !in->framing.keeps || (streams && !s->chunked)) a->close = true;
    answer_head_write(rq, s->chunked, out);
    in->state = INSIDE_SENT;
    tell_log(rq);
}
