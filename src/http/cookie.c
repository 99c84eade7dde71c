/* The cookie of a signed-in browser. __Host- makes browsers refuse it from other hosts, without TLS
 * and with a path of its own; on this machine alone, where there is no TLS, the name is plain. */
#include "http/cookie.h"

#include "base/hex.h"
#include "base/secret.h"
#include "http/inside.h"
#include "http/site.h"

#include <nettle/hmac.h>

#define NAME "latchkey"
#define SECURE_NAME "__Host-" NAME
#define ATTRIBUTES "Path=/; HttpOnly; SameSite=Strict"

static const char *name_of(const struct http_request *rq)
{
    return site_of(rq)->secure ? SECURE_NAME : NAME;
}

/* Of "a=1; b=2" what stands behind the name (RFC 6265, section 5.4); p NULL: it is not there. */
static bytes find(bytes list, bytes name)
{
    while (list.n) {
        size_t n = 0;
        while (n < list.n && list.p[n] != ';')
            n++;
        const bytes pair = bytes_trimmed(bytes_part(list, 0, n));
        if (pair.n > name.n && bytes_has_prefix(pair, name) && pair.p[name.n] == '=')
            return bytes_part(pair, name.n + 1, pair.n);
        list = bytes_part(list, n + 1, list.n);
    }
    return (bytes){0};
}

bytes cookie_secret(const struct http_request *rq)
{
    const struct head *h = &rq->inside->head;
    const bytes name = bytes_of_text(name_of(rq));
    bytes found = {0};
    for (size_t i = 0; i < h->fields_n && !found.p; i++) {
        if (bytes_eq_nocase(h->fields[i].name, BYTES("Cookie"))) found = find(h->fields[i].value, name);
    }
    return found;
}

static void set(struct http_request *rq, bytes value, int seconds)
{
    char text[COOKIE_SECRET + 128];
    struct wr w = wr_fixed(text, sizeof text - 1);
    wr_format(&w, "%s=%.*s; Max-Age=%d; " ATTRIBUTES "%s", name_of(rq), BYTES_FMT(value), seconds,
              site_of(rq)->secure ? "; Secure" : "");
    text[w.n] = 0;
    http_add_header(rq, "Set-Cookie", text);
    secret_wipe(text, sizeof text);
}

void cookie_set(struct http_request *rq, const char secret[COOKIE_SECRET])
{
    set(rq, bytes_of(secret, COOKIE_SECRET), COOKIE_SECONDS);
}

void cookie_clear(struct http_request *rq)
{
    set(rq, (bytes){0}, 0);
}

void cookie_csrf(bytes secret, char out[COOKIE_CSRF])
{
    const bytes label = BYTES("latchkey csrf v1");
    struct hmac_sha256_ctx hmac;
    uint8_t digest[SHA256_DIGEST_SIZE];
    hmac_sha256_set_key(&hmac, secret.n, secret.p);
    hmac_sha256_update(&hmac, label.n, label.p);
    hmac_sha256_digest(&hmac, sizeof digest, digest);
    hex_write(bytes_of(digest, sizeof digest), out);
    secret_wipe(&hmac, sizeof hmac);
}

err cookie_check(struct http_request *rq, bytes secret)
{
    char want[COOKIE_CSRF];
    if (rq->method == HTTP_GET) return DONE;
    TRY(site_check(rq));
    cookie_csrf(secret, want);
    const bool same = secret_eq(bytes_of(want, sizeof want), http_header(rq, COOKIE_CSRF_FIELD));
    secret_wipe(want, sizeof want);
    if (same) return DONE;
    return note_fail(&rq->call.note, FAIL(CROSS_SITE),
                     "the header " COOKIE_CSRF_FIELD " is missing or wrong; "
                     "GET /v2/sessions/current tells what belongs there");
}
