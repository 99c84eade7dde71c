/* One route as an operation of the OpenAPI document. */
#pragma once

#include "http/json_out.h"

/* Inside the path's open object: the member of the route's method. */
void openapi_route_write(struct json_out *j, size_t route);
/* "get_v2_tokens_clientId": a name of a route that no other has. */
void openapi_route_id(size_t route, char *out, size_t size);
