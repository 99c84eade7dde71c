/* Fields of bodies, answers and queries as rows: what a handler reads, what a refusal says and what
 * the description of the API shows are the same row. */
#pragma once

#include "base/bytes.h"

enum field_type {
    FIELD_TEXT,
    FIELD_UUID,
    FIELD_TIME, /* RFC 3339 */
    FIELD_TRUTH,
    FIELD_NUMBER,  /* whole */
    FIELD_OBJECT,  /* of the item shape */
    FIELD_TEXTS,   /* arrays */
    FIELD_UUIDS,
    FIELD_OBJECTS, /* of the item shape */
    FIELD_ANY
};

/* In a body: must be there, or may be absent or null. In an answer: is there; may be absent; is
 * there and may be null. */
enum field_need { FIELD_NEEDED, FIELD_OPTIONAL, FIELD_NULLABLE };

struct field {
    const char *name;
    enum field_type type;
    enum field_need need;
    size_t least; /* code points of a text, elements of an array, value of a number */
    size_t most;
    unsigned shape;   /* that it belongs to */
    unsigned item;    /* the shape of an object or of an array's elements; 0: none */
    const char *says; /* for people */
    const char *example; /* as JSON */
};

enum shape_kind { SHAPE_OBJECT, SHAPE_LIST, SHAPE_PLAIN };

/* What a body, an answer or a query looks like: an object with the fields that belong to it, an array
 * of another shape, or plain text. */
struct shape {
    const char *name;
    enum shape_kind kind;
    unsigned item; /* SHAPE_LIST */
    const char *says;
};
