/* Requests that prove who somebody is: the wait of those who failed before, the slow check beside
 * the loop, one answer for whatever was wrong. */
#pragma once

#include "api/api_call.h"
#include "people/known.h"
#include "people/proof.h"
#include "people/recovery.h"

#include "http/json_in.h"

/* In rq->work while it runs. */
struct proving {
    struct proof_given given;
    struct record person; /* a copy, with what the proof used up gone from it once it held */
    bool known;
    bool outside; /* of the access lists of everywhere they belong to */
    bytes account; /* by which failures are counted */
    struct secret seed; /* of their authenticator; wiped once it was looked at */
    struct proof proof;
    struct record_hash room[RECOVERY_CODES];
    uint8_t networks[KNOWN_MAX];
    err (*then)(struct http_request *rq, struct proving *p);
    void *more; /* the handler's own */
};

/* `r` NULL: there is no such account; `name` says by what it was asked for. After a proof that holds
 * `then` runs as the handler does. TOO_MANY; SIGN_IN_FAILED, by the answer. */
MUST err proving_begin(struct http_request *rq, const struct record *r, bytes name,
                       const struct proof_given *given,
                       err (*then)(struct http_request *rq, struct proving *p), void *more);
/* The person as it is after the proof: a change that fails when anything else changed meanwhile. */
struct change proving_change(const struct proving *p);
