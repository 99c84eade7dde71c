/* A filled answer on its way: head, body, log line. */
#pragma once

#include "http/inside.h"

enum sending_got {
    SENDING_MORE,  /* some of the body was written to `out`, and there is more */
    SENDING_WAITS, /* for a piece that is made on a work thread; the link is looked at when it is there */
    SENDING_DONE,
    SENDING_BROKEN /* the rest cannot be made: the connection is cut, so that nobody takes it for whole */
};

/* Writes the head. */
void sending_begin(struct http_request *rq, struct wr *out);
/* Writes at most HTTP_PIECE_MAX bytes of the body. */
enum sending_got sending_more(struct http_request *rq, struct wr *out);
