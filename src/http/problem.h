/* Errors as clients of the DevOps API can read them: one object, two media types, integer IDs. */
#pragma once

#include "http/http.h"

/* `ID` of an error that is our own: this and its HTTP status. */
enum { PROBLEM_OURS = 350000 };

/* Fills the answer from the error and the call's note. */
void problem_answer(struct http_request *rq, err e);
/* The `ID` of an error: 340012 and 340018 are known to clients, the others are ours. */
int problem_id(err e);

#define PROBLEM_TYPE_TEXT "text/plain; charset=UTF-8"
#define PROBLEM_TYPE_JSON "application/json; charset=UTF-8"

/* For the description, too: which of the two types a problem of this status has on a path. */
bool problem_is_text(const struct target *t, enum http_method method, unsigned status);
/* Where a missing permission is 401 and not 403. */
bool problem_is_database_path(const struct target *t);
