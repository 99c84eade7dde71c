/* Routes: a pattern is compared with the target's segments one by one; a placeholder takes
 * one, and {*} all that are left. */
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
        if (bytes_eq_text(want, "{*}")) return true;
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

static size_t placeholders(const char *pattern)
{
    size_t n = 0;
    for (; *pattern; pattern++)
        n += *pattern == '{';
    return n;
}

/* The pattern with the fewest placeholders that fits, whatever the method: "/v2/tokens/revoke" is
 * that and nobody's id, as OpenAPI has it. NULL: none fits. */
static const char *pattern_of(const struct http_routes *routes, const struct target *t)
{
    bytes params[HTTP_PARAMS_MAX];
    const char *best = NULL;
    for (size_t i = 0; i < routes->n; i++) {
        const char *pattern = routes->rows[i].pattern;
        if (!matches(pattern, t, params)) continue;
        if (!best || placeholders(pattern) < placeholders(best)) best = pattern;
    }
    return best;
}

static const struct http_route *row_of(const struct http_routes *routes, const char *pattern,
                                       enum http_method m)
{
    for (size_t i = 0; pattern && i < routes->n; i++) {
        const struct http_route *r = &routes->rows[i];
        if (r->method == m && strcmp(r->pattern, pattern) == 0) return r;
    }
    return NULL;
}

/* "*" stands for the door as a whole. */
bool route_allowed(const struct http_routes *routes, const struct target *t,
                   char allow[ROUTE_ALLOW_SIZE])
{
    const char *pattern = pattern_of(routes, t);
    bool any = t->any;
    allow[0] = 0;
    for (unsigned m = 0; m < HTTP_METHODS; m++) {
        if (!t->any && !row_of(routes, pattern, (enum http_method)m)) continue;
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
    const char *pattern = pattern_of(routes, &rq->target);
    const struct http_route *r = row_of(routes, pattern, rq->method);
    allow[0] = 0;
    if (r) {
        rq->route = r;
        (void)matches(pattern, &rq->target, rq->params);
        return DONE;
    }
    if (!pattern) return FAIL(NO_ROUTE);
    (void)route_allowed(routes, &rq->target, allow);
    return FAIL(METHOD_NOT_ALLOWED);
}
