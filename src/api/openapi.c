/* The API as an OpenAPI 3.1 document: routes are paths, shapes are schemas, refusals are shared. */
#include "api/openapi.h"

#include "api/openapi_route.h"
#include "api/openapi_shape.h"
#include "api/route_facts.h"

#include <stdio.h>

static bool is_first_of_path(size_t i)
{
    const struct http_route *rows = api_routes()->rows;
    for (size_t n = 0; n < i; n++) {
        if (strcmp(rows[n].pattern, rows[i].pattern) == 0) return false;
    }
    return true;
}

static void write_paths(struct json_out *j)
{
    const struct http_routes *all = api_routes();
    json_out_key_object(j, "paths");
    for (size_t i = 0; i < all->n; i++) {
        if (!is_first_of_path(i)) continue;
        json_out_key_object(j, all->rows[i].pattern);
        for (size_t n = i; n < all->n; n++) {
            if (strcmp(all->rows[n].pattern, all->rows[i].pattern) == 0) openapi_route_write(j, n);
        }
        json_out_end(j);
    }
    json_out_end(j);
}

static void write_tags(struct json_out *j)
{
    const size_t n = api_routes()->n;
    const struct api_route_shapes *s = api_route_shapes();
    json_out_key(j, "tags");
    json_out_array(j);
    for (size_t i = 0; i < n; i++) {
        bool seen = false;
        for (size_t k = 0; k < i; k++)
            seen = seen || strcmp(s[k].group, s[i].group) == 0;
        if (seen) continue;
        json_out_object(j);
        json_out_pair_text(j, "name", s[i].group);
        json_out_end(j);
    }
    json_out_end(j);
}

/* --- what operations share --- */

static void write_problem(struct json_out *j, const struct problem_case *c, bool text)
{
    char name[16];
    (void)snprintf(name, sizeof name, "%s%u", text ? "Text" : "Problem", c->status);
    json_out_key_object(j, name);
    json_out_pair_text(j, "description", c->says);
    json_out_key_object(j, "headers");
    openapi_shape_pair_ref(j, "X-Request-Id", "headers", "RequestId");
    if (c->status == 401) openapi_shape_pair_ref(j, "WWW-Authenticate", "headers", "WwwAuthenticate");
    if (c->status == 429 || c->status == 503) openapi_shape_pair_ref(j, "Retry-After", "headers", "RetryAfter");
    json_out_end(j);
    json_out_key_object(j, "content");
    json_out_key_object(j, text ? "text/plain" : "application/json");
    json_out_key(j, "schema");
    if (text) {
        json_out_raw_text(j, "{\"type\":\"string\",\"contentMediaType\":\"application/json\"}");
    } else {
        openapi_shape_ref(j, API_SHAPE_PROBLEMS);
    }
    json_out_end(j);
    json_out_end(j);
    json_out_end(j);
}

static void write_shared_responses(struct json_out *j)
{
    json_out_key_object(j, "responses");
    for (size_t i = 0; i < PROBLEM_CASES; i++) {
        write_problem(j, &problem_cases[i], false);
        write_problem(j, &problem_cases[i], true);
    }
    json_out_end(j);
}

static void write_schemas(struct json_out *j)
{
    json_out_key_object(j, "schemas");
    for (unsigned i = API_SHAPE_NONE + 1; i < API_SHAPES; i++) {
        json_out_key_object(j, api_shapes[i].name);
        openapi_shape_write(j, i);
        json_out_end(j);
    }
    json_out_end(j);
}

static void write_components(struct json_out *j)
{
    json_out_key_object(j, "components");
    json_out_key(j, "securitySchemes");
    json_out_raw_text(j, "{\"bearer\":{\"type\":\"http\",\"scheme\":\"bearer\",\"description\":\"an application token\"},"
                         "\"pair\":{\"type\":\"http\",\"scheme\":\"basic\",\"description\":\"client id and secret\"}}");
    json_out_key(j, "parameters");
    json_out_raw_text(j, "{\"IdempotencyKey\":{\"name\":\"Idempotency-Key\",\"in\":\"header\",\"description\":"
                         "\"the same request with the same key is carried out once: for ten minutes it is answered alike, for a day with 409\","
                         "\"schema\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":255,\"pattern\":\"^[!-~]+$\"}}}");
    json_out_key(j, "headers");
    json_out_raw_text(
        j, "{\"RequestId\":{\"description\":\"the request's own id, or one that was made for it; in log and "
           "audit\",\"schema\":{\"type\":\"string\",\"pattern\":\"^[A-Za-z0-9._-]{1,64}$\"}},"
           "\"Location\":{\"description\":\"the id of what was made\",\"required\":true,"
           "\"schema\":{\"type\":\"string\"}},"
           "\"WwwAuthenticate\":{\"description\":\"how to say who is calling\",\"schema\":{\"type\":\"string\"}},"
           "\"RetryAfter\":{\"description\":\"seconds\",\"schema\":{\"type\":\"integer\",\"minimum\":1}}}");
    write_shared_responses(j);
    write_schemas(j);
    json_out_end(j);
}

static void write_info(struct json_out *j)
{
    json_out_key_object(j, "info");
    json_out_pair_text(j, "title", "Latchkey");
    json_out_pair_text(j, "version", LATCHKEY_VERSION);
    json_out_pair_text(j, "summary", "application tokens for Apache Cassandra clusters");
    json_out_pair_text(j, "description",
         "Every answer carries X-Request-Id. Unknown fields of bodies and unknown query arguments are "
         "ignored. HEAD and OPTIONS are answered on every path. Over the UNIX socket in the data "
         "folder no token is needed: the caller is the local operator.");
    json_out_key_object(j, "license");
    json_out_pair_text(j, "name", "Apache-2.0");
    json_out_pair_text(j, "identifier", "Apache-2.0");
    json_out_end(j);
    json_out_end(j);
}

void openapi_write(struct json_out *j)
{
    json_out_object(j);
    json_out_pair_text(j, "openapi", "3.1.0");
    write_info(j);
    json_out_key(j, "servers");
    json_out_raw_text(j, "[{\"url\":\"/\"}]");
    json_out_key(j, "security");
    json_out_raw_text(j, "[{\"bearer\":[]}]");
    write_tags(j);
    write_paths(j);
    write_components(j);
    json_out_end(j);
}
