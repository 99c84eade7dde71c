/* One route as an operation of the document: parameters, body, answers, and what can be done with what
 * was made. */
#include "api/openapi_route.h"

#include "api/openapi_shape.h"
#include "api/route_facts.h"

#include <ctype.h>
#include <stdio.h>

static void pair_true(struct json_out *j, const char *key)
{
    json_out_key(j, key);
    json_out_bool(j, true);
}

static void name_operation(const struct http_route *r, const char *method, char *out, size_t size)
{
    size_t n = (size_t)snprintf(out, size, "%s", method);
    for (size_t i = 0; i < n; i++)
        out[i] = (char)tolower((unsigned char)out[i]);
    for (const char *p = r->pattern; *p && n + 2 < size; p++) {
        const bool plain = isalnum((unsigned char)*p);
        if (plain || (*p == '/' && p[1])) out[n++] = plain ? *p : '_';
    }
    out[n] = 0;
}

void openapi_route_id(size_t route, char *out, size_t size)
{
    const struct http_route *r = &api_routes()->rows[route];
    name_operation(r, route_facts_method(r), out, size);
}

/* --- parameters --- */

static void write_parameter(struct json_out *j, const char *where, bytes name, const struct field *f)
{
    const bool path = strcmp(where, "path") == 0;
    json_out_object(j);
    json_out_pair(j, "name", name);
    json_out_pair_text(j, "in", where);
    if (path || (f && f->need == FIELD_NEEDED)) pair_true(j, "required");
    json_out_key(j, "schema");
    if (f) {
        openapi_shape_field(j, f, false);
    } else {
        json_out_raw_text(j, "{\"type\":\"string\"}");
    }
    json_out_end(j);
}

static void write_parameters(struct json_out *j, const struct route_facts *f)
{
    const struct field *end;
    json_out_key(j, "parameters");
    json_out_array(j);
    for (size_t i = 0; i < f->params_n; i++)
        write_parameter(j, "path", f->names[i], f->params[i]);
    if (f->shapes->query) {
        const struct field *q = route_facts_fields(f->shapes->query, &end);
        for (; q < end; q++)
            write_parameter(j, "query", bytes_of_text(q->name), q);
    }
    if (f->route->who == HTTP_CALLER_ONCE) {
        json_out_raw_text(j, "{\"$ref\":\"#/components/parameters/IdempotencyKey\"}");
    }
    json_out_end(j);
}

/* --- bodies and answers --- */

static void write_content(struct json_out *j, unsigned shape)
{
    json_out_key_object(j, "content");
    json_out_key_object(j, route_facts_media(shape));
    json_out_key(j, "schema");
    openapi_shape_ref(j, shape);
    json_out_key(j, "example");
    openapi_shape_example(j, shape);
    json_out_end(j);
    json_out_end(j);
}

static bool needs_body(unsigned shape)
{
    const struct field *end;
    const struct field *f = route_facts_fields(shape, &end);
    for (; f < end; f++) {
        if (f->need == FIELD_NEEDED || f->need == FIELD_SOMETIMES) return true;
    }
    return false;
}

static void write_body(struct json_out *j, unsigned shape)
{
    if (shape == API_SHAPE_NONE) return;
    json_out_key_object(j, "requestBody");
    json_out_pair_text(j, "description", api_shapes[shape].says);
    if (needs_body(shape)) pair_true(j, "required");
    write_content(j, shape);
    json_out_end(j);
}

/* Whether `below` is `pattern`, one placeholder, and perhaps words. */
static bool placeholder_below(const char *pattern, const char *below, bytes *name)
{
    const size_t n = strlen(pattern);
    if (strncmp(pattern, below, n) != 0 || strncmp(below + n, "/{", 2) != 0) return false;
    const char *from = below + n + 2;
    const char *end = strchr(from, '}');
    if (!end || strchr(end, '{')) return false;
    *name = bytes_of(from, (size_t)(end - from));
    return true;
}

/* What is made here has a path of its own: then its id comes in Location, where nothing else says it. */
static bool gives_location(const struct route_facts *f)
{
    bytes name;
    if (f->shapes->status != 201 || f->shapes->answer) return false;
    for (size_t i = 0; i < api_routes()->n; i++) {
        if (placeholder_below(f->route->pattern, api_routes()->rows[i].pattern, &name)) return true;
    }
    return false;
}

/* Where a new thing's id is in the answer that made it. */
static bool id_of_new(const struct route_facts *of, bytes name, char *out, size_t size)
{
    const unsigned answer = of->shapes->answer;
    const struct field *f = answer ? route_facts_field(answer, name) : NULL;
    if (!f && answer) f = route_facts_field(answer, BYTES("id"));
    if (f) {
        (void)snprintf(out, size, "$response.body#/%s", f->name);
        return true;
    }
    (void)snprintf(out, size, "$response.header.Location");
    return gives_location(of);
}

/* What can be done with what was made. */
static void write_links(struct json_out *j, const struct route_facts *f)
{
    char where[64];
    bytes name = {0};
    if (f->route->method != HTTP_POST || f->shapes->status >= 300) return;
    json_out_key_object(j, "links");
    for (size_t i = 0; i < api_routes()->n; i++) {
        char id[128];
        char key[64];
        if (!placeholder_below(f->route->pattern, api_routes()->rows[i].pattern, &name)) continue;
        if (api_route_shapes()[i].status >= 400) continue;
        if (!id_of_new(f, name, where, sizeof where)) continue;
        openapi_route_id(i, id, sizeof id);
        json_out_key_object(j, id);
        json_out_pair_text(j, "operationId", id);
        json_out_key_object(j, "parameters");
        (void)snprintf(key, sizeof key, "%.*s", BYTES_FMT(name));
        json_out_pair_text(j, key, where);
        json_out_end(j);
        json_out_end(j);
    }
    json_out_end(j);
}

static void write_success_headers(struct json_out *j, const struct route_facts *f)
{
    json_out_key_object(j, "headers");
    openapi_shape_pair_ref(j, "X-Request-Id", "headers", "RequestId");
    if (gives_location(f)) {
        openapi_shape_pair_ref(j, "Location", "headers", "Location");
    }
    json_out_end(j);
}

static void write_success(struct json_out *j, const struct route_facts *f)
{
    char status[16];
    if (f->shapes->status >= 400) return;
    (void)snprintf(status, sizeof status, "%u", f->shapes->status);
    json_out_key_object(j, status);
    json_out_pair_text(j, "description",
         f->shapes->answer ? api_shapes[f->shapes->answer].says : "done; nothing more is said");
    write_success_headers(j, f);
    if (f->shapes->answer) write_content(j, f->shapes->answer);
    write_links(j, f);
    json_out_end(j);
}

static void write_responses(struct json_out *j, const struct route_facts *f)
{
    json_out_key_object(j, "responses");
    write_success(j, f);
    for (size_t i = 0; i < PROBLEM_CASES; i++) {
        char status[16];
        char name[16];
        if (!f->problem[i]) continue;
        (void)snprintf(status, sizeof status, "%u", problem_cases[i].status);
        (void)snprintf(name, sizeof name, "%s%u", f->problem_text[i] ? "Text" : "Problem",
                       problem_cases[i].status);
        openapi_shape_pair_ref(j, status, "responses", name);
    }
    json_out_end(j);
}

/* --- operations --- */

static void write_security(struct json_out *j, enum http_who who)
{
    switch (who) {
    case HTTP_ANYBODY:
    case HTTP_OPERATOR:
        json_out_key(j, "security");
        json_out_raw_text(j, "[]");
        return;
    case HTTP_CALLER_BASIC:
    case HTTP_ASKER:
        json_out_key(j, "security");
        json_out_raw_text(j, "[{\"bearer\":[]},{\"pair\":[]}]");
        return;
    case HTTP_CALLER:
    case HTTP_CALLER_ONCE:
        return; /* as the document says for all */
    }
}

static void write_operation(struct json_out *j, size_t i, enum http_method m)
{
    const struct route_facts f = route_facts(i);
    char id[128];
    char says[512];
    char method[16];
    name_operation(f.route, http_method_name(m), id, sizeof id);
    (void)snprintf(method, sizeof method, "%.*s", (int)strcspn(id, "_"), id);
    (void)snprintf(says, sizeof says, "Who may ask: %s.%s%s%s", route_facts_who(f.route->who),
                   f.route->actions[0] ? " Permission: " : "", f.route->actions,
                   f.route->actions[0] ? "." : "");
    json_out_key_object(j, method);
    json_out_pair_text(j, "operationId", id);
    json_out_pair_text(j, "summary", f.route->summary);
    json_out_pair_text(j, "description", says);
    json_out_key(j, "tags");
    json_out_array(j);
    json_out_text(j, bytes_of_text(f.shapes->group));
    json_out_end(j);
    if (f.shapes->status >= 400) pair_true(j, "deprecated");
    write_security(j, f.route->who);
    write_parameters(j, &f);
    write_body(j, f.shapes->body);
    write_responses(j, &f);
    json_out_end(j);
}

void openapi_route_write(struct json_out *j, size_t i)
{
    const enum http_method m = api_routes()->rows[i].method;
    if (m != HTTP_ANY) {
        write_operation(j, i, m);
        return;
    }
    for (unsigned any = 0; any < HTTP_METHODS; any++)
        write_operation(j, i, (enum http_method)any);
}
