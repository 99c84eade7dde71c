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
struct json_t;

enum {
    HTTP_PARAMS_MAX = 4,
    HTTP_HEADERS_MAX = 8,
    HTTP_BODY_MAX = 1 << 20,
    HTTP_ANSWER_MAX = 1 << 30
};

enum http_method {
#define METHOD(id) HTTP_##id,
#include "http/method.def"
#undef METHOD
    HTTP_METHODS
};

/* Who may ask: anybody; an identified caller; the local operator over the UNIX socket. */
enum http_who { HTTP_ANYBODY, HTTP_CALLER, HTTP_OPERATOR };

struct http_route {
    enum http_method method;
    const char *pattern; /* "/v2/tokens/{clientId}" */
    enum http_who who;
    const char *actions; /* what the handler asks the gate for; for the description */
    err (*run)(struct http_request *rq);
    const char *summary;
};

struct http_header {
    const char *name;
    const char *value;
};

struct http_answer {
    unsigned status;
    const char *type; /* NULL: no body, no Content-Type */
    struct wr body;
    struct http_header headers[HTTP_HEADERS_MAX];
    size_t headers_n;
    bool close;  /* the connection ends after it */
    bool secret; /* Cache-Control: no-store, and the body is wiped */
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
    struct json_t *json; /* parsed body, or NULL; let go with the request */
    struct http_answer answer;
    bool tell_note;                        /* the note is for the peer whatever the error's class */
    void (*drop)(struct http_request *rq); /* called before the request is freed, or NULL */
    void *work;                            /* the handler's own, in the arena */
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
/* `name` is ours and static; the value is copied into the call's arena. */
void http_add_header(struct http_request *rq, const char *name, const char *value);

/* The handler will answer later. */
void http_suspend(struct http_request *rq);
/* On the loop of the request, never from inside its handler: DONE sends what was filled in,
 * anything else a problem. The request is gone afterwards. */
void http_answer(struct http_request *rq, err e);
