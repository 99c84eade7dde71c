/* The head of an answer (RFC 9112, section 4): how its body is framed, whether the connection goes on, and
 * the fields that every answer carries. */
#pragma once

#include "http/inside.h"

/* `chunked` answers have no length; what has neither ends with the connection. */
void answer_head_write(struct http_request *rq, bool chunked, struct wr *out);
