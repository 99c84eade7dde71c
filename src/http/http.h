/* One HTTP request as its handler sees it, and the answer that it fills.
 *
 * A handler runs on the loop of its connection, inside an RCU read section. It fills the answer and
 * returns DONE, or returns an error, or calls http_suspend and later, from a note on the same loop,
 * http_answer. After http_suspend nothing of the index may be used any more. */
#pragma once

#include "base/wr.h"
#include "http/target.h"
#include "loop/loop.h"
#include "model/call.h"

struct http_door;
struct gate;
struct http_inside;
struct http_request;
struct json_in;
struct once_use;
struct work;

enum {
    HTTP_PARAMS_MAX = 4,
    HTTP_HEADERS_MAX = 16,
    HTTP_BODY_MAX = 1 << 20,
    HTTP_ANSWER_MAX = 1 << 30,
    HTTP_PIECE_MAX = 64 << 10 /* of a streamed answer that is in memory at once */
};

enum http_method {
#define METHOD(id) HTTP_##id,
#include "http/method.def"
#undef METHOD
    HTTP_METHODS,
    HTTP_ANY = HTTP_METHODS /* of a route: every method, OPTIONS and unknown ones too */
};

/* Who may ask, and how. */
enum http_who {
    HTTP_ANYBODY,
    HTTP_CALLER,       /* who is identified */
    HTTP_OPERATOR,     /* the local operator over the UNIX socket */
    HTTP_CALLER_BASIC, /* a caller; also by HTTP Basic with client id and secret */
    HTTP_ASKER,        /* the same, asking about others: never by a cookie, with a limit of its own */
    HTTP_CALLER_ONCE   /* a caller, whose Idempotency-Key is honoured (http/once.h) */
};

struct http_route {
    enum http_method method;
    const char *pattern; /* "/v2/tokens/{clientId}"; "/tokens/{*}" is everything below */
    enum http_who who;
    const char *actions; /* what the handler asks the gate for; for the description */
    err (*run)(struct http_request *rq);
    const char *summary;
};

struct http_header {
    const char *name;
    const char *value;
};

/* A body that is made while it is sent. `next` writes a piece of at most HTTP_PIECE_MAX bytes into
 * `w`, which is empty, on the loop and inside an RCU read section that ends with it; nothing of the
 * index may be kept from one piece to the next but copies. A piece without bytes is the end. After
 * an error the connection is cut, so that nobody takes half an answer for a whole one. With `work`,
 * `next` runs on one of its threads, outside of every read section, and may block. */
struct http_stream {
    err (*next)(struct http_stream *s, struct http_request *rq, struct wr *w);
    struct work *work; /* NULL: on the loop */
};

struct http_answer {
    unsigned status;
    const char *type; /* NULL: no body, no Content-Type */
    struct wr body;
    struct http_stream *stream; /* instead of the body, or NULL */
    struct http_header headers[HTTP_HEADERS_MAX];
    size_t headers_n;
    const char *etag; /* with its quotes, or NULL (http/etag.h) */
    bool close;       /* the connection ends after it */
    bool secret;      /* the body is wiped */
};

struct http_request {
    struct call call;
    struct loop *loop;
    struct gate *gate;
    void *owner;                    /* of the routes: what the options of the door say */
    const struct http_route *route; /* NULL before it is found */
    enum http_method method;
    bool head; /* HEAD: answered as GET, without the body */
    struct target target;
    bytes params[HTTP_PARAMS_MAX]; /* in the order of the placeholders */
    bytes body;
    const struct json_in *json; /* parsed body, or NULL; let go with the request */
    struct http_answer answer;
    bool tell_note;                        /* the note is for the peer whatever the error's class */
    void (*drop)(struct http_request *rq); /* called before the request is freed, or NULL */
    void *work;                            /* the handler's own, in the arena */
    struct once_use *once;                 /* an Idempotency-Key that is in use, or NULL */
    struct http_inside *inside;
};

const char *http_method_name(enum http_method m);
bool http_method_read(bytes text, enum http_method *out);

/* The value of a request header, or empty; borrowed until the answer is sent. */
bytes http_header(const struct http_request *rq, const char *name);
/* A query argument's value, or empty. */
bytes http_argument(const struct http_request *rq, const char *name);

/* The answer: a JSON body to be written, an empty body, or other text. */
struct wr *http_json(struct http_request *rq, unsigned status);
void http_empty(struct http_request *rq, unsigned status);
struct wr *http_text(struct http_request *rq, unsigned status, const char *type);
/* A body in pieces: `s` lives in the call's arena or longer. */
void http_stream(struct http_request *rq, unsigned status, const char *type, struct http_stream *s);
/* `name` is ours and static; the value is copied into the call's arena. */
void http_add_header(struct http_request *rq, const char *name, const char *value);

/* The handler will answer later. */
void http_suspend(struct http_request *rq);
/* On the loop of the request, never from inside its handler: DONE sends what was filled in,
 * anything else a problem. The request is gone afterwards. */
void http_answer(struct http_request *rq, err e);
/* On the loop of a request that was suspended: its handler goes on with `then`, which ends as a
 * handler does and may suspend again. The request may be gone afterwards. */
void http_continue(struct http_request *rq, err (*then)(struct http_request *rq));

/* A failure of a stranger: counted under the network that it comes from. `e`, or TOO_MANY when that
 * network has had too many. */
MUST err http_count_failure(struct http_request *rq, err e);
/* With TOO_MANY: when it may be tried again. */
void http_wait(struct http_request *rq, uint64_t ms);
/* The network that the caller comes from, as limits count it; empty on a UNIX socket. Room for it
 * is in the request. */
bytes http_network(const struct http_request *rq);
