/* The API as an OpenAPI 3.1 document, made of route.def, shape.def and problem_case.def. */
#pragma once

#include "http/json_out.h"

/* The whole document, as a value. */
void openapi_write(struct json_out *j);
/* "get_v2_tokens_clientId": a name of a route that no other has. */
void openapi_operation_id(size_t route, char *out, size_t size);
