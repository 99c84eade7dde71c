/* What every description of a route needs, worked out from its rows. */
#pragma once

#include "api/api.h"
#include "api/shapes.h"

/* On which routes a refusal may come. */
enum facts_when {
    FACTS_ALWAYS,
    FACTS_CALLER, /* where the caller must be known */
    FACTS_NAMED,  /* where the request names something */
    FACTS_CHANGE  /* where something may change */
};

struct problem_case {
    unsigned status;
    enum facts_when when;
    const char *says;
};

enum {
    PROBLEM_CASES = 0
#define CASE(status, when, says) +1
#include "api/problem_case.def"
#undef CASE
};

/* In order of their statuses. */
extern const struct problem_case problem_cases[PROBLEM_CASES];

struct route_facts {
    const struct http_route *route;
    const struct api_route_shapes *shapes;
    const struct field *params[HTTP_PARAMS_MAX]; /* rows of the shape PATH; unknown: NULL */
    bytes names[HTTP_PARAMS_MAX];
    size_t params_n;
    bool problem[PROBLEM_CASES];      /* may come */
    bool problem_text[PROBLEM_CASES]; /* as text/plain */
};

/* Of route `i` of api_routes(). */
struct route_facts route_facts(size_t i);
/* The first field of a shape; `*end` is behind its last. */
const struct field *route_facts_fields(unsigned shape, const struct field **end);
/* NULL: the shape has none of this name. */
const struct field *route_facts_field(unsigned shape, bytes name);
/* The media type of an answer or body; NULL: there is none. */
const char *route_facts_media(unsigned shape);
/* How who() is said to people. */
const char *route_facts_who(enum http_who who);
/* ANY: every method. */
const char *route_facts_method(const struct http_route *r);
