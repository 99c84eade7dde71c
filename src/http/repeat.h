/* Requests that say a second time what was said before (Idempotency-Key), on routes whose row says
 * CALLER_ONCE. The door begins and ends; the handler runs as if it were new until it has its permit
 * again, and only then asks repeat_answer. */
#pragma once

#include "http/http.h"
#include "http/once.h"

/* The door's: after the caller is known. BAD_INPUT, and what once_begin says. */
MUST err repeat_begin(struct http_request *rq);
/* The door's: with the handler's result, before the answer is sent. */
void repeat_end(struct http_request *rq, err e);

/* True: this was carried out before, and made *subject (empty: nothing with a name). */
bool repeat_is_one(const struct http_request *rq, bytes *subject);
/* The held answer, instead of whatever was filled in. Only when repeat_is_one. */
void repeat_answer(struct http_request *rq);
/* What a new request makes; at most ONCE_SUBJECT_MAX bytes, copied. */
void repeat_makes(struct http_request *rq, bytes subject);
/* The hashes that the creating transaction is to keep, or NULL when no key was given. */
const struct once_key *repeat_key(const struct http_request *rq);
