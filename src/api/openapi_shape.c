/* Rows of shape.def as JSON Schema: what a handler reads and what the document says are one row. */
#include "api/openapi_shape.h"

#include "api/route_facts.h"
#include "model/action.h"

#include <stdio.h>

/* What utf8_is_plain refuses. */
#define NO_CONTROL                                                                                 \
    "\\u0000-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069"
#define PATTERN_PLAIN "^[^" NO_CONTROL "]*$"
#define PATTERN_TIME_OR_EMPTY                                                                        \
    "^(|[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2}))$"
#define HEX "[0-9a-fA-F]"
#define ID "(" HEX "{8}(-" HEX "{4}){3}-" HEX "{12}|\\*)"
#define OWN "(" HEX "{8}(-" HEX "{4}){3}-" HEX "{12}|__ORG_ID__)"
#define NAME "[^:" NO_CONTROL "]+"
/* What resource_read takes. */
#define PATTERN_DRN                                                                                  \
    "^drn:astra:(enterprise:(" HEX "{8}(-" HEX "{4}){3}-" HEX "{12}|__ENTERPRISE_ID__)|org:" OWN   \
    "(:role:" ID "|:stream:" NAME "|:db:" ID "(:keyspace:" NAME "(:table:" NAME ")?)?)?)$"

struct type_row {
    bool array;
    const char *json;
    const char *format;
    const char *pattern;
};

static const struct type_row types[FIELD_TYPES] = {
#define TYPE(id, array, json, format, pattern, says) [FIELD_##id] = {array, json, format, pattern},
#include "http/field_type.def"
#undef TYPE
};

static void pair_number(struct json_out *j, const char *key, size_t n)
{
    json_out_key(j, key);
    json_out_int(j, (int64_t)n);
}

static void pair_ref(struct json_out *j, const char *kind, const char *name)
{
    char text[128];
    (void)snprintf(text, sizeof text, "#/components/%s/%s", kind, name);
    json_out_pair_text(j, "$ref", text);
}

void openapi_shape_pair_ref(struct json_out *j, const char *key, const char *kind, const char *name)
{
    json_out_key_object(j, key);
    pair_ref(j, kind, name);
    json_out_end(j);
}

void openapi_shape_ref(struct json_out *j, unsigned shape)
{
    json_out_object(j);
    pair_ref(j, "schemas", api_shapes[shape].name);
    json_out_end(j);
}

static void write_type(struct json_out *j, const char *type, bool nullable)
{
    if (!nullable) {
        json_out_pair_text(j, "type", type);
        return;
    }
    json_out_key(j, "type");
    json_out_array(j);
    json_out_text(j, bytes_of_text(type));
    json_out_text(j, BYTES("null"));
    json_out_end(j);
}

/* The members that say which values of one element there may be. */
static void write_text_limits(struct json_out *j, const struct type_row *t)
{
    if (t->format) json_out_pair_text(j, "format", t->format);
    if (t->pattern) json_out_pair_text(j, "pattern", t->pattern);
}

static void write_array(struct json_out *j, const struct field *f, bool nullable)
{
    const struct type_row *t = &types[f->type];
    write_type(j, "array", nullable);
    if (f->least) pair_number(j, "minItems", f->least);
    if (f->most) pair_number(j, "maxItems", f->most);
    json_out_key(j, "items");
    if (f->item) {
        openapi_shape_ref(j, f->item);
        return;
    }
    json_out_object(j);
    json_out_pair_text(j, "type", t->json);
    write_text_limits(j, t);
    json_out_end(j);
}

/* A choice of one would be a type of its own to generators, and of a name that is taken. */
static void write_ref(struct json_out *j, unsigned shape, bool nullable)
{
    if (!nullable) {
        pair_ref(j, "schemas", api_shapes[shape].name);
        return;
    }
    json_out_key(j, "anyOf");
    json_out_array(j);
    openapi_shape_ref(j, shape);
    json_out_object(j);
    json_out_pair_text(j, "type", "null");
    json_out_end(j);
    json_out_end(j);
}

static void write_addresses(struct json_out *j)
{
    json_out_key(j, "anyOf");
    json_out_array(j);
    json_out_object(j);
    json_out_pair_text(j, "type", "string");
    pair_number(j, "minLength", 1);
    json_out_end(j);
    json_out_object(j);
    json_out_pair_text(j, "type", "array");
    pair_number(j, "minItems", 1);
    json_out_key(j, "items");
    json_out_raw_text(j, "{\"type\":\"string\",\"minLength\":1}");
    json_out_end(j);
    json_out_end(j);
}

static void write_scalar(struct json_out *j, const struct field *f, bool nullable)
{
    const struct type_row *t = &types[f->type];
    const bool number = f->type == FIELD_NUMBER;
    const bool text = strcmp(t->json, "string") == 0 && !t->format;
    if (t->json[0]) write_type(j, t->json, nullable);
    write_text_limits(j, t);
    if (f->least && text) pair_number(j, "minLength", f->least);
    if (f->most && text) pair_number(j, "maxLength", f->most);
    if (number) pair_number(j, "minimum", f->least);
    if (number && f->most) pair_number(j, "maximum", f->most);
}

static void write_value(struct json_out *j, const struct field *f, bool nullable)
{
    if (types[f->type].array) {
        write_array(j, f, nullable);
    } else if (f->type == FIELD_ADDRESSES) {
        write_addresses(j);
    } else if (f->type == FIELD_MAP) {
        write_scalar(j, f, nullable);
        if (!f->item) return;
        json_out_key(j, "additionalProperties");
        openapi_shape_ref(j, f->item);
    } else if (f->item) {
        write_ref(j, f->item, nullable);
    } else {
        write_scalar(j, f, nullable);
    }
}

void openapi_shape_field(struct json_out *j, const struct field *f, bool nullable)
{
    json_out_object(j);
    json_out_pair_text(j, "description", f->says);
    write_value(j, f, nullable && f->need != FIELD_NEEDED);
    if (f->example) {
        json_out_key(j, "examples");
        json_out_array(j);
        json_out_raw_text(j, f->example);
        json_out_end(j);
    }
    json_out_end(j);
}

static bool is_required(const struct field *f)
{
    return f->need == FIELD_NEEDED || f->need == FIELD_NULLABLE;
}

static void write_required(struct json_out *j, const struct field *from, const struct field *end)
{
    json_out_key(j, "required");
    json_out_array(j);
    for (const struct field *f = from; f < end; f++) {
        if (is_required(f)) json_out_text(j, bytes_of_text(f->name));
    }
    json_out_end(j);
}

static void write_object(struct json_out *j, unsigned shape)
{
    const struct field *end;
    const struct field *from = route_facts_fields(shape, &end);
    json_out_pair_text(j, "type", "object");
    write_required(j, from, end);
    json_out_key(j, "properties");
    json_out_object(j);
    for (const struct field *f = from; f < end; f++) {
        json_out_key(j, f->name);
        openapi_shape_field(j, f, api_shapes[shape].kind != SHAPE_FORM); /* which has no null */
    }
    json_out_end(j);
}

static void write_choices(struct json_out *j, unsigned shape)
{
    json_out_pair_text(j, "type", "string");
    json_out_key(j, "enum");
    json_out_array(j);
    for (size_t i = 0; i < API_CHOICES; i++) {
        if (api_choices[i].shape == shape) json_out_text(j, bytes_of_text(api_choices[i].value));
    }
    json_out_end(j);
}

static void write_actions(struct json_out *j)
{
    json_out_pair_text(j, "type", "string");
    json_out_key(j, "enum");
    json_out_array(j);
    for (unsigned a = 0; a < ACTIONS; a++)
        json_out_text(j, bytes_of_text(action_name((enum action)a)));
    json_out_end(j);
}

void openapi_shape_write(struct json_out *j, unsigned shape)
{
    const struct shape *s = &api_shapes[shape];
    json_out_pair_text(j, "description", s->says);
    switch (s->kind) {
    case SHAPE_FORM:
    case SHAPE_OBJECT:
        write_object(j, shape);
        return;
    case SHAPE_LIST:
        json_out_pair_text(j, "type", "array");
        json_out_key(j, "items");
        openapi_shape_ref(j, s->item);
        return;
    case SHAPE_TEXTS:
        json_out_pair_text(j, "type", "array");
        json_out_key(j, "items");
        json_out_raw_text(j, "{\"type\":\"string\"}");
        return;
    case SHAPE_CHOICE:
        write_choices(j, shape);
        return;
    case SHAPE_ACTION:
        write_actions(j);
        return;
    case SHAPE_JSON:
        json_out_pair_text(j, "type", "object");
        return;
    case SHAPE_PLAIN:
    case SHAPE_PAGE:
        json_out_pair_text(j, "type", "string");
        return;
    }
}

/* --- examples --- */

void openapi_shape_field_example(struct json_out *j, const struct field *f)
{
    if (f->example) {
        json_out_raw_text(j, f->example);
    } else if (types[f->type].array) {
        json_out_array(j);
        for (size_t i = 0; i == 0 || i < f->least; i++) openapi_shape_example(j, f->item);
        json_out_end(j);
    } else {
        openapi_shape_example(j, f->item);
    }
}

/* Where fields exclude each other, only those that belong together. */
static bool has_cases(const struct field *from, const struct field *end)
{
    for (const struct field *f = from; f < end; f++) {
        if (f->need == FIELD_SOMETIMES) return true;
    }
    return false;
}

static void object_example(struct json_out *j, unsigned shape)
{
    const struct field *end;
    const struct field *from = route_facts_fields(shape, &end);
    const bool cases = has_cases(from, end);
    json_out_object(j);
    for (const struct field *f = from; f < end; f++) {
        if (cases && f->need == FIELD_OPTIONAL) continue;
        json_out_key(j, f->name);
        openapi_shape_field_example(j, f);
    }
    json_out_end(j);
}

static const char *first_choice(unsigned shape)
{
    for (size_t i = 0; i < API_CHOICES; i++) {
        if (api_choices[i].shape == shape) return api_choices[i].value;
    }
    return "";
}

void openapi_shape_example(struct json_out *j, unsigned shape)
{
    const struct shape *s = &api_shapes[shape];
    switch (s->kind) {
    case SHAPE_FORM:
    case SHAPE_OBJECT:
        object_example(j, shape);
        return;
    case SHAPE_LIST:
        json_out_array(j);
        openapi_shape_example(j, s->item);
        json_out_end(j);
        return;
    case SHAPE_TEXTS:
        json_out_raw_text(j, "[\"…\"]");
        return;
    case SHAPE_CHOICE:
        json_out_text(j, bytes_of_text(first_choice(shape)));
        return;
    case SHAPE_ACTION:
        json_out_text(j, bytes_of_text(action_name((enum action)0)));
        return;
    case SHAPE_JSON:
        json_out_raw_text(j, "{\"openapi\":\"3.1.0\"}");
        return;
    case SHAPE_PLAIN:
    case SHAPE_PAGE:
        json_out_text(j, BYTES("ok\n"));
        return;
    }
}
