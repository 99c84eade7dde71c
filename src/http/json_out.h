/* JSON written as it is said, straight into a buffer: for lists that may be long. */
#pragma once

#include "base/wr.h"
#include "model/uuid.h"

enum { JSON_OUT_DEPTH = 32 };

/* Commas look after themselves. Nothing is checked but the depth: what is said is what is written.
 */
struct json_out {
    struct wr *w;
    uint32_t filled;  /* bit per depth: a value stands there already */
    uint32_t objects; /* bit per depth: object, not array */
    unsigned depth;
    bool keyed; /* a key waits for its value */
};

static inline struct json_out json_out_to(struct wr *w)
{
    return (struct json_out){.w = w};
}

void json_out_object(struct json_out *j);
void json_out_array(struct json_out *j);
/* Closes what was opened last. */
void json_out_end(struct json_out *j);
/* A name of ours: plain ASCII without quotes. */
void json_out_key(struct json_out *j, const char *key);
/* Any text; bytes that are no UTF-8 become U+FFFD. */
void json_out_text(struct json_out *j, bytes text);
void json_out_int(struct json_out *j, int64_t v);
void json_out_bool(struct json_out *j, bool v);
void json_out_null(struct json_out *j);
void json_out_uuid(struct json_out *j, const struct uuid *u);
/* RFC 3339 with `digits` of fraction; CLOCK_NEVER is the caller's business. */
void json_out_time(struct json_out *j, int64_t utc_ns, int digits);

/* JSON that is whole already. */
void json_out_raw(struct json_out *j, bytes json);
/* The same, as a text of ours. */
void json_out_raw_text(struct json_out *j, const char *json);

/* "key": "text" in one go, the commonest pair. */
void json_out_pair(struct json_out *j, const char *key, bytes text);
void json_out_pair_uuid(struct json_out *j, const char *key, const struct uuid *u);
/* The same with a text of ours. */
void json_out_pair_text(struct json_out *j, const char *key, const char *text);
/* "key": { …, to be closed with json_out_end. */
void json_out_key_object(struct json_out *j, const char *key);
