/* What is in a value that was read. */
#include "http/json_in.h"

static const struct json_in *member(const struct json_in *object, bytes key)
{
    for (size_t i = 0; i < object->n; i++) {
        if (bytes_eq(object->items[i].key, key)) return &object->items[i];
    }
    return NULL;
}

const struct json_in *json_in_get(const struct json_in *object, const char *key)
{
    return json_in_is(object, JSON_IN_OBJECT) ? member(object, bytes_of_text(key)) : NULL;
}

static bool same_items(const struct json_in *a, const struct json_in *b)
{
    const bool keyed = a->kind == JSON_IN_OBJECT;
    if (a->n != b->n) return false;
    for (size_t i = 0; i < a->n; i++) {
        const struct json_in *other = keyed ? member(b, a->items[i].key) : &b->items[i];
        if (!other || !json_in_eq(&a->items[i], other)) return false;
    }
    return true;
}

bool json_in_eq(const struct json_in *a, const struct json_in *b)
{
    if (a->kind != b->kind) return false;
    switch (a->kind) {
    case JSON_IN_NULL:
        return true;
    case JSON_IN_TRUTH:
        return a->truth == b->truth;
    case JSON_IN_NUMBER:
        return a->number == b->number;
    case JSON_IN_REAL:
    case JSON_IN_TEXT:
        return bytes_eq(a->text, b->text);
    case JSON_IN_ARRAY:
    case JSON_IN_OBJECT:
        return same_items(a, b);
    }
    return false;
}
