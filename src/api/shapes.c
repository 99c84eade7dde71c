/* The rows of shape.def. */
#include "api/shapes.h"

#include "api/access_groups.h"
#include "api/access_list.h"
#include "api/api.h"
#include "api/policy_rows.h"
#include "api/token_filter.h"
#include "api/token_summary.h"
#include "api/token_tree.h"
#include "api/question.h"
#include "base/secret.h"
#include "http/http.h"
#include "model/resource.h"
#include "model/role.h"
#include "people/email.h"
#include "people/password.h"

const struct shape api_shapes[API_SHAPES] = {
#define SHAPE(id, name, kind, item, says) [API_SHAPE_##id] = {name, SHAPE_##kind, API_SHAPE_##item, says},
#define FIELD(shape, id, name, type, need, least, most, item, says, example)
#define CHOICE(shape, value)
#include "api/shape.def"
#undef SHAPE
#undef FIELD
#undef CHOICE
};

const struct field api_fields[API_FIELDS] = {
#define SHAPE(id, name, kind, item, says)
#define FIELD(shape, id, name, type, need, least, most, item, says, example)                       \
    [API_FIELD_##shape##_##id] = {name, FIELD_##type, FIELD_##need, least, most, API_SHAPE_##shape, \
                                  API_SHAPE_##item, says, example},
#define CHOICE(shape, value)
#include "api/shape.def"
#undef SHAPE
#undef FIELD
#undef CHOICE
};

const struct choice api_choices[API_CHOICES] = {
#define SHAPE(id, name, kind, item, says)
#define FIELD(shape, id, name, type, need, least, most, item, says, example)
#define CHOICE(shape, value) {API_SHAPE_##shape, value},
#include "api/shape.def"
#undef SHAPE
#undef FIELD
#undef CHOICE
};
