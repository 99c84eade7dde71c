/* Routes: a pattern is compared with the target's segments one by one; a placeholder takes one. */
#include "http/route.h"

#include "base/check.h"

#include <stdio.h>

/* The next segment of a pattern; *pattern moves behind it. */
static bytes pattern_segment(const char **pattern)
{
    const char *from = *pattern + 1;
    const char *end = strchrnul(from, '/');
    *pattern = end;
    return bytes_of(from, (size_t)(end - from));
}

static bool matches(const char *pattern, const struct target *t, bytes params[HTTP_PARAMS_MAX])
{
    size_t params_n = 0;
    if (t->any) return false;
    if (t->segments_n == 0) return strcmp(pattern, "/") == 0;
    for (size_t i = 0; i < t->segments_n; i++) {
        if (!*pattern) return false;
        const bytes want = pattern_segment(&pattern);
        const bytes got = t->segments[i];
        if (want.n && want.p[0] == '{') {
            CHECK(params_n < HTTP_PARAMS_MAX);
            if (got.n == 0) return false;
            params[params_n++] = got;
        } else if (!bytes_eq(want, got)) {
            return false;
        }
    }
    return !*pattern;
}

static void add_method(char *allow, const char *name)
{
    const size_t n = strlen(allow);
    snprintf(allow + n, ROUTE_ALLOW_SIZE - n, "%s%s", n ? ", " : "", name);
}

static bool has_row(const struct http_routes *routes, const struct target *t, enum http_method m)
{
    bytes params[HTTP_PARAMS_MAX];
    for (size_t i = 0; i < routes->n; i++) {
        if (routes->rows[i].method == m && matches(routes->rows[i].pattern, t, params)) return true;
    }
    return false;
}

/* "*" stands for the door as a whole. */
bool route_allowed(const struct http_routes *routes, const struct target *t,
                   char allow[ROUTE_ALLOW_SIZE])
{
    bool any = t->any;
    allow[0] = 0;
    for (unsigned m = 0; m < HTTP_METHODS; m++) {
        if (!t->any && !has_row(routes, t, (enum http_method)m)) continue;
        any = true;
        add_method(allow, m == HTTP_GET ? "GET, HEAD" : http_method_name((enum http_method)m));
    }
    add_method(allow, "OPTIONS");
    return any;
}

bool route_find_any(const struct http_routes *routes, struct http_request *rq)
{
    bytes params[HTTP_PARAMS_MAX] = {{0}};
    for (size_t i = 0; i < routes->n; i++) {
        if (routes->rows[i].method != HTTP_ANY) continue;
        if (!matches(routes->rows[i].pattern, &rq->target, params)) continue;
        rq->route = &routes->rows[i];
        memcpy(rq->params, params, sizeof params);
        return true;
    }
    return false;
}

err route_find(const struct http_routes *routes, struct http_request *rq,
               char allow[ROUTE_ALLOW_SIZE])
{
    bytes params[HTTP_PARAMS_MAX] = {{0}};
    for (size_t i = 0; i < routes->n; i++) {
        if (routes->rows[i].method != rq->method) continue;
        if (!matches(routes->rows[i].pattern, &rq->target, params)) continue;
        rq->route = &routes->rows[i];
        memcpy(rq->params, params, sizeof params);
        return DONE;
    }
    const bool there = !rq->target.any && route_allowed(routes, &rq->target, allow);
    if (there) return FAIL(METHOD_NOT_ALLOWED);
    allow[0] = 0;
    return FAIL(NO_ROUTE);
}
