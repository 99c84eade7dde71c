/* What every description of a route needs, worked out from its rows. */
#include "api/route_facts.h"

#include "http/problem.h"

const struct problem_case problem_cases[PROBLEM_CASES] = {
#define CASE(status, when, says) {status, FACTS_##when, says},
#include "api/problem_case.def"
#undef CASE
};

const struct field *route_facts_fields(unsigned shape, const struct field **end)
{
    size_t from = 0;
    while (from < API_FIELDS && api_fields[from].shape != shape)
        from++;
    size_t to = from;
    while (to < API_FIELDS && api_fields[to].shape == shape)
        to++;
    *end = api_fields + to;
    return api_fields + from;
}

const struct field *route_facts_field(unsigned shape, bytes name)
{
    const struct field *end;
    for (const struct field *f = route_facts_fields(shape, &end); f < end; f++) {
        if (bytes_eq_text(name, f->name)) return f;
    }
    return NULL;
}

const char *route_facts_media(unsigned shape)
{
    if (shape == API_SHAPE_NONE) return NULL;
    switch (api_shapes[shape].kind) {
    case SHAPE_PLAIN:
        return "text/plain";
    case SHAPE_PAGE:
        return "text/html";
    case SHAPE_FORM:
        return "application/x-www-form-urlencoded";
    case SHAPE_OBJECT:
    case SHAPE_LIST:
    case SHAPE_TEXTS:
    case SHAPE_CHOICE:
    case SHAPE_ACTION:
    case SHAPE_JSON:
        break;
    }
    return "application/json";
}

const char *route_facts_who(enum http_who who)
{
    switch (who) {
    case HTTP_ANYBODY:
        return "anybody";
    case HTTP_CALLER:
        return "a token";
    case HTTP_OPERATOR:
        return "the local operator, over the UNIX socket alone; elsewhere 404";
    case HTTP_CALLER_BASIC:
    case HTTP_ASKER:
        return "a token, or its client id and secret by HTTP Basic";
    case HTTP_CALLER_ONCE:
        return "a token; Idempotency-Key is honoured";
    }
    return "";
}

/* The pattern's segments stand for those of every target that it fits. */
static void read_pattern(const char *pattern, struct target *t)
{
    while (*pattern) {
        const char *from = pattern + 1;
        pattern = strchrnul(from, '/');
        t->segments[t->segments_n++] = bytes_of(from, (size_t)(pattern - from));
    }
}

static void find_params(struct route_facts *f, const struct target *t)
{
    for (size_t i = 0; i < t->segments_n; i++) {
        const bytes s = t->segments[i];
        if (s.n < 2 || s.p[0] != '{') continue;
        const bytes name = bytes_part(s, 1, s.n - 2);
        f->names[f->params_n] = name;
        f->params[f->params_n++] = route_facts_field(API_SHAPE_PATH, name);
    }
}

static bool may_come(const struct route_facts *f, enum facts_when when)
{
    const enum http_who who = f->route->who;
    /* Who is nobody yet may say in a body who they are, or whom they ask about. */
    const bool asks = f->shapes->body || f->shapes->query;
    const bool caller = who == HTTP_ANYBODY ? asks : who != HTTP_OPERATOR;
    switch (when) {
    case FACTS_ALWAYS:
        return true;
    case FACTS_CALLER:
        return caller;
    case FACTS_NAMED:
        return f->params_n > 0 || f->shapes->body || f->shapes->query || who == HTTP_OPERATOR;
    case FACTS_CHANGE:
        return f->route->method != HTTP_GET;
    }
    return false;
}

struct route_facts route_facts(size_t i)
{
    struct route_facts f = {.route = &api_routes()->rows[i], .shapes = &api_route_shapes()[i]};
    struct target t = {0};
    read_pattern(f.route->pattern, &t);
    find_params(&f, &t);
    for (size_t n = 0; n < PROBLEM_CASES; n++) {
        const unsigned status = problem_cases[n].status;
        f.problem[n] = status == f.shapes->status || may_come(&f, problem_cases[n].when);
        f.problem_text[n] = problem_is_text(&t, f.route->method, status);
    }
    return f;
}

const char *route_facts_method(const struct http_route *r)
{
    return r->method == HTTP_ANY ? "ANY" : http_method_name(r->method);
}
