/* The DevOps API: its routes. */
#include "api/api.h"

#include "api/routes.h"
#include "api/shapes.h"

static const struct http_route rows[] = {
#define ROUTE(method, path, who, actions, run, query, body, status, answer, group, summary)         \
    {HTTP_##method, path, HTTP_##who, actions, run, summary},
#include "api/route.def"
#undef ROUTE
};

static const struct api_route_shapes shapes[] = {
#define ROUTE(method, path, who, actions, run, query, body, status, answer, group, summary)         \
    {API_SHAPE_##query, API_SHAPE_##body, status, API_SHAPE_##answer, group},
#include "api/route.def"
#undef ROUTE
};

static const struct http_routes routes = {rows, sizeof rows / sizeof *rows};

const struct http_routes *api_routes(void)
{
    return &routes;
}

const struct api_route_shapes *api_route_shapes(void)
{
    return shapes;
}
