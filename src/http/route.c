/* Routes: a pattern is compared with the target's segments one by one; a placeholder takes
 * one, and {*} all that are left. */
#include "http/route.h"

#include "base/check.h"

#include <stdio.h>
#include <stdlib.h>

/* "/" has no segments. */
struct pattern {
    const char *text;
    bytes segments[TARGET_SEGMENTS_MAX];
    size_t segments_n;
    size_t placeholders;
    bool rest; /* ends in {*}, which is no segment */
    const struct http_route *rows[HTTP_METHODS + 1]; /* by method; HTTP_ANY takes them all */
};

struct route_table {
    size_t n;
    struct pattern patterns[];
};

/* --- cutting --- */

/* The next segment of a pattern; *pattern moves behind it. */
static bytes next_segment(const char **pattern)
{
    const char *from = *pattern + 1;
    const char *end = strchrnul(from, '/');
    *pattern = end;
    return bytes_of(from, (size_t)(end - from));
}

static bool is_placeholder(bytes segment)
{
    return segment.n && segment.p[0] == '{';
}

static void cut(struct pattern *p, const char *text)
{
    p->text = text;
    if (strcmp(text, "/") == 0) return;
    while (*text) {
        const bytes segment = next_segment(&text);
        p->rest = bytes_eq_text(segment, "{*}");
        p->placeholders += is_placeholder(segment);
        if (p->rest) return;
        CHECK(p->segments_n < TARGET_SEGMENTS_MAX);
        p->segments[p->segments_n++] = segment;
    }
    CHECK(p->placeholders <= HTTP_PARAMS_MAX);
}

static struct pattern *pattern_for(struct route_table *t, const char *text)
{
    for (size_t i = 0; i < t->n; i++) {
        if (strcmp(t->patterns[i].text, text) == 0) return &t->patterns[i];
    }
    struct pattern *p = &t->patterns[t->n++];
    cut(p, text);
    return p;
}

err route_table_new(const struct http_routes *routes, struct route_table **out)
{
    struct route_table *t = calloc(1, sizeof *t + routes->n * sizeof t->patterns[0]);
    if (!t) return FAIL(NO_MEMORY);
    for (size_t i = 0; i < routes->n; i++) {
        const struct http_route *r = &routes->rows[i];
        struct pattern *p = pattern_for(t, r->pattern);
        if (!p->rows[r->method]) p->rows[r->method] = r;
    }
    *out = t;
    return DONE;
}

void route_table_free(struct route_table *t)
{
    free(t);
}

/* --- comparing --- */

static bool fits_segment(bytes wanted, bytes got)
{
    return is_placeholder(wanted) ? got.n > 0 : bytes_eq(wanted, got);
}

static bool fits(const struct pattern *p, const struct target *t)
{
    if (p->rest ? t->segments_n <= p->segments_n : t->segments_n != p->segments_n) return false;
    for (size_t i = 0; i < p->segments_n; i++) {
        if (!fits_segment(p->segments[i], t->segments[i])) return false;
    }
    return true;
}

/* NULL: none fits. */
static const struct pattern *pattern_of(const struct route_table *t, const struct target *target)
{
    const struct pattern *best = NULL;
    for (size_t i = 0; i < t->n && !target->any; i++) {
        const struct pattern *p = &t->patterns[i];
        if (best && p->placeholders >= best->placeholders) continue;
        if (fits(p, target)) best = p;
    }
    return best;
}

static void take_params(const struct pattern *p, struct http_request *rq)
{
    size_t n = 0;
    for (size_t i = 0; i < p->segments_n; i++) {
        if (is_placeholder(p->segments[i])) rq->params[n++] = rq->target.segments[i];
    }
}

static void add_method(char *allow, const char *name)
{
    const size_t n = strlen(allow);
    snprintf(allow + n, ROUTE_ALLOW_SIZE - n, "%s%s", n ? ", " : "", name);
}

static bool list_methods(const struct pattern *p, bool all, char allow[ROUTE_ALLOW_SIZE])
{
    bool any = all;
    allow[0] = 0;
    for (unsigned m = 0; m < HTTP_METHODS; m++) {
        if (!all && !(p && p->rows[m])) continue;
        any = true;
        add_method(allow, m == HTTP_GET ? "GET, HEAD" : http_method_name((enum http_method)m));
    }
    add_method(allow, "OPTIONS");
    return any;
}

bool route_allowed(const struct route_table *t, const struct target *target,
                   char allow[ROUTE_ALLOW_SIZE])
{
    return list_methods(pattern_of(t, target), target->any, allow);
}

err route_find(const struct route_table *t, struct http_request *rq, char allow[ROUTE_ALLOW_SIZE])
{
    const struct pattern *p = pattern_of(t, &rq->target);
    allow[0] = 0;
    if (!p) return FAIL(NO_ROUTE);
    rq->route = p->rows[HTTP_ANY];
    if (!rq->route && rq->method < HTTP_METHODS) rq->route = p->rows[rq->method];
    if (rq->route) {
        take_params(p, rq);
        return DONE;
    }
    (void)list_methods(p, false, allow);
    return FAIL(METHOD_NOT_ALLOWED);
}
