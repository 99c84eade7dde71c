/* Rows of shape.def as JSON Schema 2020-12 (which OpenAPI 3.1 uses), and their examples. */
#pragma once

#include "http/field.h"
#include "http/json_out.h"

/* The value is open: its members. */
void openapi_shape_write(struct json_out *j, unsigned shape);
/* One field's schema, as a value. `nullable`: as its need says. */
void openapi_shape_field(struct json_out *j, const struct field *f, bool nullable);
/* "key": {"$ref": …} to what the document keeps under components/KIND. */
void openapi_shape_pair_ref(struct json_out *j, const char *key, const char *kind, const char *name);
/* {"$ref": …} to a shape. */
void openapi_shape_ref(struct json_out *j, unsigned shape);
/* What a value of the shape may look like, as a value. */
void openapi_shape_example(struct json_out *j, unsigned shape);
/* The example of one field: its own, or its item shape's. */
void openapi_shape_field_example(struct json_out *j, const struct field *f);
