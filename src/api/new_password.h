/* A new password on its way into somebody's record: read from the body, checked, hashed beside the loop. */
#pragma once

#include "api/api_call.h"

/* Takes the password from the body for this person, and goes on with `then` when it is hashed.
 * BAD_INPUT said in the note, TOO_MANY. */
MUST err new_password_take(struct http_request *rq, const struct record_person *person,
                           err (*then)(struct http_request *rq));
/* In `then`: as the record is to hold it; borrowed from the call's arena. */
void new_password_put(const struct http_request *rq, struct record_person *after);
