/* Requests that somebody might send: made of the route table and its shapes, and then broken. */
#include "fuzz_request.h"

#include "api/openapi_shape.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PICK(m, list) ((list)[random_to(&(m)->random, sizeof(list) / sizeof *(list))])

static const char *const methods[] = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE",
                                      "get", "PROPFIND", "X", "QUERY"};
static const char *const bad_ids[] = {
    "x", "..", ".", "%2e%2e", "%2f", "%00", "%0a", "%ff", "%", "%zz", "*", "%2A", "-1", "null", "a%20b",
    "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "QQQQQQQQQQQQQQQQQQQQQQQQ",
    "%F0%9F%94%91", "%C2%84", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", ""};
static const char *const bad_queries[] = {
    "limit=1", "limit=0", "limit=-1", "limit=99999999999999999999", "limit=a", "limit=1&limit=2", "limit", "=", "&&&",
    "starting_after=x", "starting_after=", "starting_after=%00", "starting_after=%ff", "n=5", "n=999999", "n=-1",
    "include=all&provider=ALL", "a=%", "a=%zz", "%E2%80%AE=1", "token=AstraCS:x", "force=true", "all=true"};
static const char *const bad_tokens[] = {
    "", "Bearer", "Bearer ", "bearer x", "Basic eDp5", "Basic !", "Basic", "AstraCS:x", "Bearer AstraCS:",
    "Bearer AstraCS:QwErTyUiOpAsDfGhJkLzXcVb:204ccadf2bd0f2015446fc9e31521a138b4f3ede30d8a12d569da389c02441e5",
    "Bearer AstraCS:QwErTyUiOpAsDfGhJkLzXcVb:204CCADF", "Bearer \xff\xfe", "Digest username=\"x\"", "Token x"};
static const char *const extra_headers[] = {
    "X-Request-Id: abc.1", "X-Request-Id: \xff", "X-Request-Id: ", "Idempotency-Key: one", "Idempotency-Key: two",
    "Idempotency-Key: \x01", "If-None-Match: *", "If-None-Match: \"x\"", "If-Match: \"x\"", "If-Match: *", "If-Match: W/\"",
    "Expect: 100-continue", "Expect: 200-ok", "Range: bytes=0-1", "Accept: text/html", "Accept-Encoding: gzip",
    "Content-Encoding: gzip", "Origin: http://evil.example", "Origin: null", "Cookie: a=b; __Host-latchkey=x",
    "X-HTTP-Method-Override: DELETE", "X-Forwarded-For: 1.2.3.4, ::1", "X-Latchkey-Organization: Acme",
    "X-Latchkey-Organization: nobody", "X-Latchkey-Enterprise: true", "Transfer-Encoding: gzip", "Upgrade: h2c",
    "TE: trailers", "Content-Type: text/plain", "Content-Type: application/json; charset=utf-16", "Connection: close",
    "Authorization: Bearer twice", "Host: twice.example", "Content-Length: x", "X-A:\tb", "No-Colon"};
static const char *const values[] = {
    "null", "true", "false", "0", "-1", "1", "9223372036854775807", "11161103754368468910080", "1e308", "-0.5", "\"\"",
    "\"x\"", "[]", "{}", "[null]", "[[]]", "[{}]", "{\"a\":{\"b\":[1,2,{\"c\":null}]}}", "\"\\u202e\"", "\"\\u0001\"",
    "\"\\ud83d\\udd11\"", "\"0001-01-01T00:00:00Z\"", "\"2020-02-30T25:61:61Z\"", "\"9999-12-31T23:59:59.999999999Z\"",
    "\"drn:astra:org:*\"", "\"drn:astra:org:__ORG_ID__:db:*:keyspace:*:table:*\"", "[\"*\"]", "[\"db-cql\",\"db-cql\"]",
    "\"enterprise-read\"", "\"127.0.0.1:0\"", "\"[::1]:0\"", "\"127.0.0.1:99999\"", "\"SELECT * FROM a.b\"",
    "\"deny\"", "\"ad0566b5-2a67-49de-89e8-92258c2f2c98\"", "[\"ad0566b5-2a67-49de-89e8-92258c2f2c98\"]"};

/* --- the pool --- */

static void keep(struct maker *m, struct pool *p, const char *text)
{
    if (!text || !*text || strlen(text) >= POOL_TEXT || (m->keep && strcmp(text, m->keep) == 0)) return;
    if (m->fenced && strcmp(text, m->fenced) == 0) return;
    const size_t at = p->n < POOL_MAX ? p->n++ : random_to(&m->random, POOL_MAX);
    (void)snprintf(p->text[at], POOL_TEXT, "%s", text);
}

void request_learn(struct maker *m, const json_t *answer)
{
    keep(m, &m->ids, json_string_value(json_object_get(answer, "clientId")));
    keep(m, &m->ids, json_string_value(json_object_get(answer, "id")));
    const char *token = json_string_value(json_object_get(answer, "token"));
    if (token && m->keep && !strstr(token, m->keep)) keep(m, &m->tokens, token);
    const json_t *list = json_is_array(answer) ? answer : json_object_get(answer, "clients");
    if (json_array_size(list)) request_learn(m, json_array_get(list, random_to(&m->random, json_array_size(list))));
}

static const char *from_pool(struct maker *m, const struct pool *p, const char *otherwise)
{
    return p->n ? p->text[random_to(&m->random, p->n)] : otherwise;
}

/* --- the target --- */

static void put_id(struct maker *m, struct wr *w, const struct field *f)
{
    const size_t way = random_to(&m->random, 10);
    if (way < 6) {
        wr_text(w, from_pool(m, &m->ids, "x"));
    } else if (way < 7 && f && f->example) {
        const size_t quoted = f->example[0] == '"' ? 1 : 0;
        wr_bytes(w, bytes_of(f->example + quoted, strlen(f->example) - 2 * quoted));
    } else {
        wr_text(w, PICK(m, bad_ids));
    }
}

/* The list of who asks for everything else would end the run: it shuts out who asks. */
static bool is_fenced(const struct route_facts *f)
{
    return strstr(f->route->pattern, "/devops-acl") != NULL;
}

static void put_fenced(struct maker *m, struct wr *w)
{
    wr_text(w, random_one_in(&m->random, 8) ? PICK(m, bad_ids) : m->fenced);
}

static void put_path(struct maker *m, struct wr *w, const struct route_facts *f)
{
    size_t param = 0;
    for (const char *p = f->route->pattern; *p; p++) {
        if (*p != '{') {
            wr_u8(w, (uint8_t)*p);
            continue;
        }
        if (is_fenced(f)) put_fenced(m, w);
        else put_id(m, w, f->params[param++]);
        p = strchr(p, '}');
    }
    if (random_one_in(&m->random, 20)) wr_text(w, "/");
    if (random_one_in(&m->random, 60)) {
        for (size_t i = random_to(&m->random, 9000); i > 0; i--) wr_u8(w, 'a');
    }
    if (random_one_in(&m->random, 8)) wr_text(w, "/nowhere");
}

static void put_target(struct maker *m, struct wr *w, const struct route_facts *f)
{
    if (random_one_in(&m->random, 200)) {
        wr_text(w, "*");
        return;
    }
    if (random_one_in(&m->random, 100)) wr_text(w, "http://other.example");
    put_path(m, w, f);
    if (!random_one_in(&m->random, 3)) return;
    wr_u8(w, '?');
    for (size_t i = 1 + random_to(&m->random, 3); i > 0; i--) {
        wr_text(w, PICK(m, bad_queries));
        if (i > 1) wr_u8(w, '&');
    }
}

/* --- the body --- */

static json_t *some_value(struct maker *m)
{
    return json_loads(PICK(m, values), JSON_DECODE_ANY, NULL);
}

/* A member somewhere in it, by a walk of random length. */
static void change_member(struct maker *m, json_t *object)
{
    const size_t n = json_object_size(object);
    if (n == 0) return;
    void *at = json_object_iter(object);
    for (size_t i = random_to(&m->random, n); i > 0; i--) at = json_object_iter_next(object, at);
    char key[128];
    (void)snprintf(key, sizeof key, "%s", json_object_iter_key(at));
    json_t *inner = json_object_iter_value(at);
    if (json_is_object(inner) && !random_one_in(&m->random, 3)) {
        change_member(m, inner);
        return;
    }
    const size_t way = random_to(&m->random, 6);
    json_t *value = some_value(m);
    if (way == 0) (void)json_object_del(object, key);
    if (way == 1 && value) (void)json_object_set(object, "unknownField", value);
    if (way == 2 && json_is_array(inner)) {
        for (size_t i = random_to(&m->random, 100); i > 0 && value; i--) (void)json_array_append(inner, value);
    }
    if (way >= 3 && value) (void)json_object_set(object, key, value);
    json_decref(value);
}

/* Names are unique, and roles are some that there are, so that much of it is carried out. A cluster is never there:
 * what else listens on this machine is not asked anything. */
static void make_plausible(struct maker *m, json_t *body)
{
    char name[64];
    (void)snprintf(name, sizeof name, "fuzz %llx", (unsigned long long)random_next(&m->random));
    if (json_object_get(body, "name")) (void)json_object_set_new(body, "name", json_string(name));
    if (json_object_get(body, "orgId")) (void)json_object_del(body, "orgId");
    if (json_object_get(body, "contactPoints")) {
        (void)json_object_set_new(body, "contactPoints", json_string(m->nowhere));
        (void)json_object_set_new(body, "listen", json_string(m->door));
    }
}

static json_t *example_of(unsigned shape)
{
    struct wr w = wr_growing(1 << 20);
    struct json_out j = json_out_to(&w);
    openapi_shape_example(&j, shape);
    json_t *v = json_loadb((const char *)w.p, w.n, JSON_DECODE_ANY, NULL);
    wr_drop(&w);
    return v;
}

static void damage(struct maker *m, struct wr *body)
{
    const size_t way = random_to(&m->random, 5);
    if (body->n == 0) return;
    const size_t at = random_to(&m->random, body->n);
    if (way == 0) body->p[at] = (uint8_t)random_next(&m->random);
    if (way == 1) body->n = at;
    if (way == 2) wr_consume(body, at);
    if (way == 3) wr_text(body, PICK(m, values));
    for (size_t i = random_to(&m->random, 5000); way == 4 && i > 0; i--) wr_u8(body, '[');
}

static void put_body(struct maker *m, struct wr *body, unsigned shape)
{
    json_t *v = shape ? example_of(shape) : some_value(m);
    if (json_is_object(v)) {
        make_plausible(m, v);
        for (size_t i = random_to(&m->random, 4); i > 0; i--) change_member(m, v);
    }
    char *text = v ? json_dumps(v, JSON_ENCODE_ANY | (random_one_in(&m->random, 2) ? JSON_ENSURE_ASCII : 0)) : NULL;
    if (random_one_in(&m->random, 40)) wr_text(body, "\xef\xbb\xbf");
    wr_text(body, text ? text : "");
    free(text);
    json_decref(v);
    if (random_one_in(&m->random, 6)) damage(m, body);
}

/* --- the whole --- */

static void put_authorization(struct maker *m, struct wr *w, const struct route_facts *f, bool socket)
{
    const size_t way = random_to(&m->random, 16);
    if (socket && way < 12) return;
    if (way < 12) {
        wr_format(w, "Authorization: Bearer %s\r\n", is_fenced(f) ? m->fenced_token : m->token);
    } else if (way < 14) {
        wr_format(w, "Authorization: Bearer %s\r\n", from_pool(m, &m->tokens, "x"));
    } else if (way < 15) {
        wr_format(w, "Authorization: %s\r\n", PICK(m, bad_tokens));
    }
}

static void put_framed(struct maker *m, struct request *out, const struct wr *body)
{
    struct wr *w = &out->bytes;
    if (random_one_in(&m->random, 12)) {
        const size_t half = body->n / 2;
        wr_text(w, "Transfer-Encoding: chunked\r\n\r\n");
        if (half) wr_format(w, "%zx\r\n", half);
        if (half) wr_bytes(w, bytes_of(body->p, half));
        if (half) wr_text(w, "\r\n");
        if (body->n - half) wr_format(w, "%zx;x=y\r\n", body->n - half);
        if (body->n - half) wr_bytes(w, bytes_of(body->p + half, body->n - half));
        wr_text(w, body->n - half ? "\r\n0\r\n\r\n" : "0\r\n\r\n");
        return;
    }
    if (body->n || random_one_in(&m->random, 2)) wr_format(w, "Content-Length: %zu\r\n", body->n);
    wr_text(w, "\r\n");
    wr_bytes(w, wr_view(body));
}

static void put_headers(struct maker *m, struct request *out, const struct route_facts *f, bool socket)
{
    struct wr *w = &out->bytes;
    if (!random_one_in(&m->random, 100)) wr_text(w, "Host: localhost\r\n");
    put_authorization(m, w, f, socket);
    while (random_one_in(&m->random, 4)) {
        const char *line = PICK(m, extra_headers);
        out->odd = true;
        wr_format(w, "%s\r\n", line);
    }
    if (!random_one_in(&m->random, 300)) return;
    out->odd = true;
    wr_text(w, "X-Long: ");
    for (size_t i = random_to(&m->random, 60000); i > 0; i--) wr_u8(w, 'a');
    wr_text(w, "\r\n");
}

void request_make(struct maker *m, bool socket, struct request *out)
{
    struct wr body = wr_growing(4 << 20);
    *out = (struct request){.bytes = wr_growing(8 << 20), .route = random_to(&m->random, api_routes()->n)};
    const struct route_facts f = route_facts(out->route);
    const bool own = !random_one_in(&m->random, 6);
    const char *method = own ? http_method_name(f.route->method) : PICK(m, methods);
    out->head = strcmp(method, "HEAD") == 0;
    const bool bodiless = strcmp(method, "GET") == 0 || out->head || strcmp(method, "DELETE") == 0;
    if (!bodiless || random_one_in(&m->random, 10)) put_body(m, &body, f.shapes->body);
    wr_format(&out->bytes, "%s ", method);
    put_target(m, &out->bytes, &f);
    const bool old = random_one_in(&m->random, 100);
    wr_text(&out->bytes, old ? " HTTP/1.0\r\n" : random_one_in(&m->random, 500) ? " HTTP/2.0\r\n" : " HTTP/1.1\r\n");
    put_headers(m, out, &f, socket);
    put_framed(m, out, &body);
    wr_drop(&body);
}
