/* Versions of what a path shows: lists of quoted tags, read strictly; what cannot be read names
 * nothing, so that a change is refused and a read is answered in full. */
#include "http/etag.h"

#include "base/check.h"
#include "base/rd.h"

static void skip_blanks(struct rd *r)
{
    while (r->left.n && (r->left.p[0] == ' ' || r->left.p[0] == '\t' || r->left.p[0] == ','))
        (void)rd_u8(r);
}

/* The next tag without its quotes; false: there is none, or it is not one. */
static bool next_tag(struct rd *r, bytes *tag, bool *weak)
{
    skip_blanks(r);
    *weak = bytes_has_prefix(r->left, BYTES("W/"));
    if (*weak) (void)rd_take(r, 2);
    if (rd_at_end(r) || rd_u8(r) != '"') return false;
    size_t n = 0;
    while (n < r->left.n && r->left.p[n] != '"')
        n++;
    if (n == r->left.n) return false;
    *tag = rd_take(r, n);
    (void)rd_u8(r);
    return true;
}

bool etag_names(bytes value, bytes version, bool weak)
{
    struct rd r = rd_over(value);
    bytes tag = {0};
    bool is_weak = false;
    skip_blanks(&r);
    if (bytes_eq_text(r.left, "*")) return version.n > 0;
    while (next_tag(&r, &tag, &is_weak)) {
        if (version.n && bytes_eq(tag, version) && (weak || !is_weak)) return true;
    }
    return false;
}

void etag_set(struct http_request *rq, bytes version)
{
    CHECK(version.n > 0 && version.n <= ETAG_MAX);
    rq->answer.etag = arena_format(&rq->call.arena, "\"%.*s\"", BYTES_FMT(version));
}

err etag_check(struct http_request *rq, bytes version)
{
    const bytes wanted = http_header(rq, "If-Match");
    if (wanted.n == 0 || etag_names(wanted, version, false)) return DONE;
    return note_fail(&rq->call.note, FAIL(PRECONDITION),
                     "changed by somebody else meanwhile: it is not what If-Match names any more");
}

/* The fields stay: what a browser has kept, it updates with them (RFC 9111, section 4.3.4). */
static void say_known(struct http_request *rq)
{
    const size_t headers_n = rq->answer.headers_n;
    http_empty(rq, 304);
    rq->answer.headers_n = headers_n;
}

void etag_answer(struct http_request *rq)
{
    const char *etag = rq->answer.etag;
    if (!etag) return;
    const bytes version = bytes_part(bytes_of_text(etag), 1, strlen(etag) - 2);
    const bytes known = http_header(rq, "If-None-Match");
    if (rq->method == HTTP_GET && rq->answer.status == 200 && etag_names(known, version, true))
        say_known(rq);
    http_add_header(rq, "ETag", etag);
}
