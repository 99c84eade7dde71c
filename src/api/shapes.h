/* Shapes of bodies, answers and queries, by the names that shape.def gives them. */
#pragma once

#include "http/field.h"

enum api_shape {
    API_SHAPE_NONE,
#define SHAPE(id, name, kind, item, says) API_SHAPE_##id,
#define FIELD(shape, id, name, type, need, least, most, item, says, example)
#define CHOICE(shape, value)
#include "api/shape.def"
#undef SHAPE
#undef FIELD
#undef CHOICE
    API_SHAPES
};

enum api_field {
#define SHAPE(id, name, kind, item, says)
#define FIELD(shape, id, name, type, need, least, most, item, says, example)                       \
    API_FIELD_##shape##_##id,
#define CHOICE(shape, value)
#include "api/shape.def"
#undef SHAPE
#undef FIELD
#undef CHOICE
    API_FIELDS
};

enum {
    API_CHOICES = 0
#define SHAPE(id, name, kind, item, says)
#define FIELD(shape, id, name, type, need, least, most, item, says, example)
#define CHOICE(shape, value) +1
#include "api/shape.def"
#undef SHAPE
#undef FIELD
#undef CHOICE
};

/* One value of a CHOICE shape. */
struct choice {
    unsigned shape;
    const char *value;
};

/* What a row of route.def says of its bodies; for the description. */
struct api_route_shapes {
    enum api_shape query;
    enum api_shape body;
    unsigned status; /* of success */
    enum api_shape answer;
    const char *group;
};

/* One for each of api_routes(), in the same order. */
const struct api_route_shapes *api_route_shapes(void);

extern const struct shape api_shapes[API_SHAPES];
/* In order of their shapes. */
extern const struct field api_fields[API_FIELDS];
extern const struct choice api_choices[API_CHOICES];

/* The row of a field: F(TOKEN_NEW_ROLES). */
#define F(id) (&api_fields[API_FIELD_##id])
