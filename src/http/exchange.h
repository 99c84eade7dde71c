/* One request from its head to its answer: refused early or read whole, routed, identified, run, perhaps
 * waited for. */
#pragma once

#include "http/inside.h"

struct rate_limit;

/* NULL: out of memory. It has a name and a sender before it has a head. */
struct http_request *exchange_new(struct http_link *c);
/* It has ended; its memory waits for the next. */
void exchange_free(struct http_request *rq);
/* Gives that memory back; NULL: there is none. */
void exchange_drop(struct http_request *idle);

/* Its head is the text up to scan->at. Afterwards it is READING, or ANSWERED because it was refused. */
void exchange_head(struct http_request *rq, bytes text, const struct head_scan *scan);
/* "100 Continue" to whoever waits for it before a body. */
void exchange_welcome(const struct http_request *rq, struct wr *out);
/* Takes what belongs to the body from *rest; END when it is whole. */
enum chunks_got exchange_body(struct http_request *rq, bytes *rest);
/* The request is whole. Afterwards it is ANSWERED or WAITING. */
void exchange_run(struct http_request *rq);
/* Answers with a problem, after which the connection ends. */
void exchange_refuse(struct http_request *rq, err e);

/* Counts the request under whoever it is from; false: too many. */
bool exchange_count(struct http_request *rq, struct rate_limit *rate);
