/* Errors as clients of the DevOps API can read them: one object, two media types, integer IDs. */
#pragma once

#include "http/http.h"

/* `ID` of an error that is our own: this and its HTTP status. */
enum { PROBLEM_OURS = 350000 };

/* Fills the answer from the error and the call's note. */
void problem_answer(struct http_request *rq, err e);
/* The `ID` of an error: 340012 and 340018 are known to clients, the others are ours. */
int problem_id(err e);
