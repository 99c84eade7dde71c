/* The DevOps API: its routes. */
#include "api/api.h"

#include "api/routes.h"

static const struct http_route rows[] = {
#define ROUTE(method, path, who, actions, run, summary) \
    {HTTP_##method, path, HTTP_##who, actions, run, summary},
#include "api/route.def"
#undef ROUTE
};

static const struct http_routes routes = {rows, sizeof rows / sizeof *rows};

const struct http_routes *api_routes(void)
{
    return &routes;
}
