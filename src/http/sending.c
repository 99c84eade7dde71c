/* A filled answer on its way: the body changes hands without a copy, or is asked for piece by piece;
 * every answer carries the same few fields. */
#include "http/sending.h"

#include "base/check.h"
#include "base/log.h"
#include "base/mask.h"
#include "base/metric.h"
#include "base/secret.h"
#include "http/http_link.h"
#include "loop/work.h"

#include <stdlib.h>
#include <urcu/urcu-memb.h>

struct sent_body {
    uint8_t *p;
    size_t n;
    bool secret;
};

static void free_sent(void *cls)
{
    struct sent_body *s = cls;
    if (s->secret) secret_wipe(s->p, s->n);
    free(s->p);
    free(s);
}

static struct MHD_Response *whole(struct http_answer *a)
{
    struct sent_body *s = calloc(1, sizeof *s);
    if (!s) return NULL;
    *s = (struct sent_body){a->body.p, a->body.n, a->secret};
    struct MHD_Response *r =
        MHD_create_response_from_buffer_with_free_callback_cls(s->n, s->p, free_sent, s);
    if (r) {
        a->body = wr_fixed(NULL, 0);
    } else {
        free(s);
    }
    return r;
}

/* --- pieces --- */

struct sent_pieces {
    struct http_request *rq;
    struct wr piece;
    size_t at; /* sent of it */
    bool secret;
    bool making; /* on a work thread; the connection is suspended */
    bool made;   /* by it, and not looked at yet */
    err result;
    struct work_job job;
};

static void wipe_piece(struct sent_pieces *s)
{
    if (s->secret && s->piece.p) secret_wipe(s->piece.p, s->piece.n);
    s->piece.n = 0;
    s->at = 0;
}

static void free_pieces(void *cls)
{
    struct sent_pieces *s = cls;
    CHECK(!s->making);
    wipe_piece(s);
    wr_drop(&s->piece);
    free(s);
}

static bool is_whole(const struct sent_pieces *s)
{
    if (err_is_ok(s->result) && !s->piece.bad) return true;
    log_line(LOG_WARN, "http_stream_cut", "id=%s error=%s", s->rq->call.id,
             err_row(s->result)->name);
    return false;
}

static void make_here(struct sent_pieces *s)
{
    struct http_stream *stream = s->rq->answer.stream;
    urcu_memb_read_lock();
    s->result = stream->next(stream, s->rq, &s->piece);
    urcu_memb_read_unlock();
}

static void make_there(struct work_job *j)
{
    struct sent_pieces *s = LOOP_OF(j, struct sent_pieces, job);
    struct http_stream *stream = s->rq->answer.stream;
    s->result = stream->next(stream, s->rq, &s->piece);
}

static void made_there(struct loop *l, struct work_job *j)
{
    struct sent_pieces *s = LOOP_OF(j, struct sent_pieces, job);
    const struct http_inside *in = s->rq->inside;
    (void)l;
    s->making = false;
    s->made = true;
    in->door->waiting--;
    MHD_resume_connection(in->connection);
    http_link_later(in->link);
}

/* False: it is being made elsewhere. Where the queue is full a piece is small enough to be made here:
 * nobody's answer is cut because others are many. */
static bool make_piece(struct sent_pieces *s)
{
    struct work *work = s->rq->answer.stream->work;
    wipe_piece(s);
    s->job = (struct work_job){.run = make_there, .done = made_there, .loop = s->rq->loop};
    if (!work || !err_is_ok(work_submit(work, &s->job))) {
        make_here(s);
        return true;
    }
    s->making = true;
    s->rq->inside->door->waiting++;
    MHD_suspend_connection(s->rq->inside->connection);
    return false;
}

static ssize_t on_more(void *cls, uint64_t position, char *room, size_t room_n)
{
    struct sent_pieces *s = cls;
    (void)position;
    if (s->at == s->piece.n || s->made) {
        if (s->rq->inside->door->closing) return MHD_CONTENT_READER_END_WITH_ERROR;
        if (!s->made && !make_piece(s)) return 0;
        s->made = false;
        if (!is_whole(s)) return MHD_CONTENT_READER_END_WITH_ERROR;
    }
    const bytes left = bytes_part(wr_view(&s->piece), s->at, room_n);
    if (left.n == 0) return MHD_CONTENT_READER_END_OF_STREAM;
    memcpy(room, left.p, left.n);
    s->at += left.n;
    return (ssize_t)left.n;
}

static struct MHD_Response *in_pieces(struct http_request *rq)
{
    struct sent_pieces *s = calloc(1, sizeof *s);
    if (!s) return NULL;
    *s = (struct sent_pieces){
        .rq = rq, .piece = wr_growing(HTTP_PIECE_MAX), .secret = rq->answer.secret};
    struct MHD_Response *r = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, HTTP_PIECE_MAX,
                                                               on_more, s, free_pieces);
    if (!r) free_pieces(s);
    return r;
}

static struct MHD_Response *response_of(struct http_request *rq)
{
    if (!rq->answer.type) return MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    return rq->answer.stream ? in_pieces(rq) : whole(&rq->answer);
}

/* --- fields --- */

static bool is_given(const struct http_answer *a, const char *name)
{
    for (size_t i = 0; i < a->headers_n; i++) {
        if (bytes_eq_nocase(bytes_of_text(a->headers[i].name), bytes_of_text(name))) return true;
    }
    return false;
}

static void add_usual(const struct http_answer *a, struct MHD_Response *r)
{
#define HEADER(name, value) \
    if (!is_given(a, name)) (void)MHD_add_response_header(r, name, value);
#include "http/answer_header.def"
#undef HEADER
}

static void add_headers(struct http_request *rq, struct MHD_Response *r)
{
    const struct http_answer *a = &rq->answer;
    (void)MHD_add_response_header(r, "X-Request-Id", rq->call.id);
    if (a->type) (void)MHD_add_response_header(r, "Content-Type", a->type);
    if (a->close) (void)MHD_add_response_header(r, "Connection", "close");
    if (rq->inside->door->options.tls)
        (void)MHD_add_response_header(r, HTTP_HSTS_NAME, HTTP_HSTS_VALUE);
    add_usual(a, r);
    for (size_t i = 0; i < a->headers_n; i++) {
        (void)MHD_add_response_header(r, a->headers[i].name, a->headers[i].value);
    }
}

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

enum MHD_Result sending_begin(struct http_request *rq)
{
    struct http_answer *a = &rq->answer;
    if (rq->inside->door->draining) a->close = true;
    struct MHD_Response *r = response_of(rq);
    rq->inside->state = INSIDE_SENT;
    if (!r) return MHD_NO;
    add_headers(rq, r);
    tell_log(rq);
    const enum MHD_Result queued = MHD_queue_response(rq->inside->connection, a->status, r);
    MHD_destroy_response(r);
    return queued;
}
