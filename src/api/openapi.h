/* The API as an OpenAPI 3.1 document, made of route.def, shape.def and problem_case.def. */
#pragma once

#include "http/json_out.h"

/* The whole document, as a value. */
void openapi_write(struct json_out *j);
