/* JSON as it comes in a body (RFC 8259), read once into values that live in the call's arena. Stricter than
 * the text where it leaves a choice: UTF-8 only, no key twice, no U+0000, no number beyond 64 bits. Pure. */
#pragma once

#include "base/arena.h"

enum {
    JSON_IN_DEPTH_MAX = 64,
    JSON_IN_KEYS_MAX = 256, /* of one object */
    JSON_IN_VALUES_MAX = 40000
};

enum json_in_kind {
    JSON_IN_NULL,
    JSON_IN_TRUTH,
    JSON_IN_NUMBER, /* whole */
    JSON_IN_REAL,
    JSON_IN_TEXT,
    JSON_IN_ARRAY,
    JSON_IN_OBJECT
};

struct json_in {
    enum json_in_kind kind;
    bytes key; /* in an object */
    union {
        bool truth;
        int64_t number;
        bytes text; /* of a TEXT decoded; of a REAL as it came */
        struct {
            const struct json_in *items;
            size_t n;
        };
    };
};

enum json_in_fault { JSON_IN_MALFORMED, JSON_IN_KEY_TWICE, JSON_IN_OUT_OF_RANGE, JSON_IN_TOO_MUCH };

struct json_in_error {
    enum json_in_fault fault;
    unsigned line;
    unsigned column; /* bytes */
};

/* Texts without escapes are views of `text`. BAD_JSON with *why; NO_MEMORY. */
MUST err json_in_read(bytes text, struct arena *a, const struct json_in **out,
                      struct json_in_error *why);

/* All of them take NULL for what is not there. */
static inline bool json_in_is(const struct json_in *v, enum json_in_kind kind)
{
    return v && v->kind == kind;
}

/* Of a TEXT; empty for anything else. */
static inline bytes json_in_text(const struct json_in *v)
{
    return json_in_is(v, JSON_IN_TEXT) ? v->text : (bytes){0};
}

/* The elements of an ARRAY; 0 for anything else. */
static inline size_t json_in_n(const struct json_in *v)
{
    return json_in_is(v, JSON_IN_ARRAY) ? v->n : 0;
}

/* `i` below json_in_n. */
static inline const struct json_in *json_in_at(const struct json_in *list, size_t i)
{
    return &list->items[i];
}

/* The member of an OBJECT; NULL: there is none. */
const struct json_in *json_in_get(const struct json_in *object, const char *key);
/* The same value; the order of members does not matter. */
bool json_in_eq(const struct json_in *a, const struct json_in *b);
