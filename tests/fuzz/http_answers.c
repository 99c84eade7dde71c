/* Whether what a door said is a row of whole answers: a small reader of its own, so that it shares
 * no mistake with the door. Bodies of the target are JSON; one that answers HEAD is not there. */
#include "http_answers.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    bytes whole;
    size_t at;
};

static void wrong(const struct reader *r, const char *why)
{
    fprintf(stderr, "answer: %s at %zu of:\n%.*s\n", why, r->at, BYTES_FMT(r->whole));
    abort();
}

static bytes rest(const struct reader *r)
{
    return bytes_part(r->whole, r->at, r->whole.n);
}

/* Up to CRLF, which is taken, too. */
static bytes line(struct reader *r)
{
    const bytes left = rest(r);
    const uint8_t *end = left.n ? memmem(left.p, left.n, "\r\n", 2) : NULL;
    if (!end) wrong(r, "a line without end");
    r->at += (size_t)(end - left.p) + 2;
    return bytes_of(left.p, (size_t)(end - left.p));
}

static bytes take(struct reader *r, size_t n)
{
    const bytes got = bytes_part(r->whole, r->at, n);
    if (got.n < n) wrong(r, "a body that ends early");
    r->at += n;
    return got;
}

struct head {
    unsigned status;
    bool chunked;
    bool close;
    bool json;
    bool nosniff;
    bool typed;
    long length; /* -1: not said */
};

static bool is_field(bytes text, const char *name, bytes *value)
{
    const size_t n = strlen(name);
    if (!bytes_eq_nocase(bytes_part(text, 0, n), bytes_of_text(name))) return false;
    *value = bytes_part(text, n, text.n);
    return true;
}

static void see_field(struct head *h, bytes text)
{
    bytes v;
    if (is_field(text, "Content-Length: ", &v)) h->length = strtol((const char *)v.p, NULL, 10);
    if (is_field(text, "Transfer-Encoding: chunked", &v)) h->chunked = true;
    if (is_field(text, "Connection: close", &v)) h->close = true;
    if (is_field(text, "Content-Type: ", &v)) {
        h->typed = true;
        h->json = bytes_has_prefix(v, BYTES("application/json"));
    }
    if (is_field(text, "X-Content-Type-Options: nosniff", &v)) h->nosniff = true;
}

static struct head read_head(struct reader *r)
{
    struct head h = {.length = -1};
    const bytes first = line(r);
    const bool http = bytes_has_prefix(first, BYTES("HTTP/1.1 ")) ||
                      bytes_has_prefix(first, BYTES("HTTP/1.0 "));
    if (!http) wrong(r, "no status line");
    h.status = (unsigned)strtoul((const char *)first.p + 9, NULL, 10);
    for (bytes field = line(r); field.n; field = line(r))
        see_field(&h, field);
    return h;
}

static bool is_bodiless(const struct reader *r, const struct head *h)
{
    const bool next = rest(r).n == 0 || bytes_has_prefix(rest(r), BYTES("HTTP/1."));
    return h->status < 200 || h->status == 204 || h->status == 304 || h->length == 0 || next;
}

static void check_json(const struct reader *r, bytes body)
{
    json_t *j = json_loadb((const char *)body.p, body.n, JSON_DECODE_ANY, NULL);
    if (!j) wrong(r, "a body that is no JSON");
    json_decref(j);
}

static void read_chunks(struct reader *r)
{
    static char joined[1 << 20];
    size_t n = 0;
    for (;;) {
        const size_t size = strtoul((const char *)line(r).p, NULL, 16);
        const bytes piece = take(r, size);
        if (n + size > sizeof joined) wrong(r, "more than any answer here has");
        memcpy(joined + n, piece.p, size);
        n += size;
        if (line(r).n) wrong(r, "a chunk without end");
        if (size == 0) break;
    }
    check_json(r, bytes_of(joined, n));
}

static void read_body(struct reader *r, const struct head *h)
{
    if (is_bodiless(r, h)) return;
    if (!h->json) wrong(r, "a body that says not to be JSON");
    if (h->chunked) {
        read_chunks(r);
    } else {
        check_json(r, take(r, h->length < 0 ? rest(r).n : (size_t)h->length));
    }
}

/* What was not read to its end; a 400 whose request was is about what the request says, and the next one may come. */
static bool must_end(unsigned status, bytes said)
{
    static const char cut[] = "not well-formed HTTP";
    if (status == 400) return memmem(said.p, said.n, cut, sizeof cut - 1) != NULL;
    return status == 408 || status == 413 || status == 414 || status == 421 || status == 431;
}

void http_answers_check(bytes said)
{
    struct reader r = {said, 0};
    while (rest(&r).n) {
        const struct head h = read_head(&r);
        const bytes body = rest(&r);
        if (h.status < 100 || h.status >= 500) wrong(&r, "a status that is ours to be ashamed of");
        read_body(&r, &h);
        if (h.status >= 200 && !h.nosniff) wrong(&r, "an answer without its usual fields");
        if (must_end(h.status, bytes_part(body, 0, body.n - rest(&r).n)) && !h.close) wrong(&r, "a refusal that does not say that it ends");
        if (h.close && rest(&r).n) wrong(&r, "something after the end");
    }
}
