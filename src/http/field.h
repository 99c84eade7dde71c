/* Fields of bodies, answers and queries as rows: what a handler reads, what a refusal says and what
 * the description of the API shows are the same row. */
#pragma once

#include "base/bytes.h"

enum field_type {
#define TYPE(id, array, json, format, pattern, says) FIELD_##id,
#include "http/field_type.def"
#undef TYPE
    FIELD_TYPES
};

/* In a body: must be there; may be absent or null; is needed in cases that the handler knows. In an
 * answer: is there; may be absent; is there and may be null. */
enum field_need { FIELD_NEEDED, FIELD_OPTIONAL, FIELD_NULLABLE, FIELD_SOMETIMES };

struct field {
    const char *name;
    enum field_type type;
    enum field_need need;
    size_t least; /* code points of a text, elements of an array, value of a number */
    size_t most; /* 0, but for arrays and bodies: not said */
    unsigned shape;   /* that it belongs to */
    unsigned item;    /* the shape of an object, a choice or an array's elements; 0: none */
    const char *says; /* for people */
    const char *example; /* as JSON */
};

/* An object with the fields that belong to it, an array of another shape or of texts, one of the
 * values of CHOICE rows, the name of an action; or no JSON: plain text, a page; or any JSON. */
enum shape_kind {
    SHAPE_OBJECT,
    SHAPE_FORM, /* an object that is sent as a form */
    SHAPE_LIST,
    SHAPE_TEXTS,
    SHAPE_CHOICE,
    SHAPE_ACTION,
    SHAPE_PLAIN,
    SHAPE_PAGE,
    SHAPE_JSON
};

/* What a body, an answer or a query looks like. */
struct shape {
    const char *name;
    enum shape_kind kind;
    unsigned item; /* SHAPE_LIST */
    const char *says;
};
