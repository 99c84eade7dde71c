/* Routes: which row answers a method and a path. */
#pragma once

#include "http/http.h"

struct http_routes {
    const struct http_route *rows;
    size_t n;
};

/* The rows in the form in which they are searched: a pattern once, cut into its segments. */
struct route_table;

/* The rows must outlive it. NO_MEMORY. */
MUST err route_table_new(const struct http_routes *routes, struct route_table **out);
void route_table_free(struct route_table *t);

enum { ROUTE_ALLOW_SIZE = 64 };
/* Finds the row and fills rq->route and rq->params: of the patterns that fit the one with the fewest
 * placeholders, so that "/v2/tokens/revoke" is that and nobody's id, as OpenAPI has it. NO_ROUTE;
 * METHOD_NOT_ALLOWED with the methods that there are in `allow` ("GET, POST"). */
MUST err route_find(const struct route_table *t, struct http_request *rq,
                    char allow[ROUTE_ALLOW_SIZE]);
/* The methods that a target has, for OPTIONS; false when it has none. "*" stands for the door as a whole. */
bool route_allowed(const struct route_table *t, const struct target *target,
                   char allow[ROUTE_ALLOW_SIZE]);
