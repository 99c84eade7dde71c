/* Routes: which row answers a method and a path. */
#pragma once

#include "http/http.h"

struct http_routes {
    const struct http_route *rows;
    size_t n;
};

/* Finds the row and fills rq->route and rq->params. NO_ROUTE; METHOD_NOT_ALLOWED with the methods
 * that there are in `allow` ("GET, POST"), which is also filled for OPTIONS. */
enum { ROUTE_ALLOW_SIZE = 64 };
/* A route that takes every method. */
bool route_find_any(const struct http_routes *routes, struct http_request *rq);
MUST err route_find(const struct http_routes *routes, struct http_request *rq,
                    char allow[ROUTE_ALLOW_SIZE]);
/* The methods that a target has, for OPTIONS; false when it has none. */
bool route_allowed(const struct http_routes *routes, const struct target *t,
                   char allow[ROUTE_ALLOW_SIZE]);
