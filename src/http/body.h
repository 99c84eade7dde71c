/* Request bodies: one JSON object, strictly read; unknown fields are ignored, wrong ones named. */
#pragma once

#include "http/http.h"

#include <jansson.h>

/* The body as an object; lives as long as the request. BAD_JSON: empty, not JSON, a key twice, not
 * an object. */
MUST err body_object(struct http_request *rq, const json_t **out);
/* The same, where nothing and `null` count as an empty object. */
MUST err body_object_or_nothing(struct http_request *rq, const json_t **out);

/* Fields. Absent and null are one thing: BAD_INPUT when the field is needed, else an empty result.
 */
enum body_need { BODY_OPTIONAL, BODY_NEEDED };

/* At most `max` code points, no control characters. Borrowed from the body. */
MUST err body_text(struct http_request *rq, const json_t *o, const char *key, enum body_need need,
                   size_t max, bytes *out);
MUST err body_uuid(struct http_request *rq, const json_t *o, const char *key, enum body_need need,
                   struct uuid *out, bool *given);
/* At most `max` elements; NULL when absent. */
MUST err body_array(struct http_request *rq, const json_t *o, const char *key, enum body_need need,
                    size_t max, const json_t **out);
MUST err body_inner_object(struct http_request *rq, const json_t *o, const char *key,
                           enum body_need need, const json_t **out);
MUST err body_truth(struct http_request *rq, const json_t *o, const char *key, bool *out);
/* A field whose name comes in several spellings (orgId, orgID, OrgID): two that differ are an
 * error. NULL when absent or null. */
MUST err body_any_case(struct http_request *rq, const json_t *o, const char *key,
                       const json_t **out);

/* A JSON string as a view. */
static inline bytes body_view(const json_t *text)
{
    return bytes_of(json_string_value(text), json_string_length(text));
}
