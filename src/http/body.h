/* Request bodies: one JSON object, strictly read; unknown fields are ignored, wrong ones named. */
#pragma once

#include "http/field.h"
#include "http/http.h"
#include "http/json_in.h"

/* The body as an object; lives as long as the request. BAD_JSON: empty, not JSON, a key twice, not
 * an object. */
MUST err body_object(struct http_request *rq, const struct json_in **out);
/* Any JSON value but null, where more than one kind is taken; NULL for no body and `null`. BAD_JSON. */
MUST err body_value(struct http_request *rq, const struct json_in **out);
/* An object, where nothing and `null` count as an empty object. */
MUST err body_object_or_nothing(struct http_request *rq, const struct json_in **out);

/* Fields, as their rows say: name, need and limits come from there, and so do the words of a
 * refusal. Absent and null are one thing: BAD_INPUT when the field is needed, else an empty result. */

/* FIELD_TEXT without control characters. Borrowed from the body. */
MUST err body_text(struct http_request *rq, const struct json_in *o, const struct field *f, bytes *out);
/* FIELD_UUID. `given` may be NULL. */
MUST err body_uuid(struct http_request *rq, const struct json_in *o, const struct field *f,
                   struct uuid *out, bool *given);
/* FIELD_TEXTS, FIELD_UUIDS, FIELD_OBJECTS; only the count is checked. NULL when absent. */
MUST err body_array(struct http_request *rq, const struct json_in *o, const struct field *f,
                    const struct json_in **out);
/* FIELD_OBJECT. NULL when absent. */
MUST err body_inner_object(struct http_request *rq, const struct json_in *o, const struct field *f,
                           const struct json_in **out);
/* FIELD_TRUTH; *out stays as it is when absent. */
MUST err body_truth(struct http_request *rq, const struct json_in *o, const struct field *f, bool *out);
/* FIELD_NUMBER, whole; *out stays as it is when absent. `given` may be NULL. */
MUST err body_number(struct http_request *rq, const struct json_in *o, const struct field *f, int64_t *out,
                     bool *given);
/* FIELD_TRUTH of the query: true or false, and nothing else, for what deletes is not guessed at; *out
 * stays as it is when absent. */
MUST err body_query_truth(struct http_request *rq, const struct field *f, bool *out);
/* A field whose name comes in several spellings (orgId, orgID, OrgID): two that differ are an
 * error. NULL when absent or null. */
MUST err body_any_case(struct http_request *rq, const struct json_in *o, const struct field *f,
                       const struct json_in **out);
/* What a row means by its limits, for lists whose elements the caller reads: FIELD_UUIDS into
 * `out` (f->most of room), each once. */
MUST err body_uuids(struct http_request *rq, const struct json_in *o, const struct field *f,
                    struct uuid *out, size_t *n);
