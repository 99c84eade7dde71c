/* What a request presents to say who is calling: one Authorization field, or the socket itself. */
#include "http/credential.h"

#include "http/cookie.h"
#include "http/inside.h"

#include <nettle/base64.h>

enum { BASIC_MAX = 2048 };

/* What follows the scheme, in any case; false: another scheme. */
static bool has_scheme(bytes header, const char *scheme, bytes *rest)
{
    const size_t n = strlen(scheme);
    if (!bytes_eq_nocase(bytes_part(header, 0, n), bytes_of_text(scheme))) return false;
    if (header.n > n && header.p[n] != ' ') return false;
    *rest = bytes_trimmed(bytes_part(header, n, header.n));
    return true;
}

static err malformed(struct http_request *rq, const char *why)
{
    rq->tell_note = true;
    return note_fail(&rq->call.note, FAIL(TOKEN_MALFORMED), "%s", why);
}

static bool decode(struct http_request *rq, bytes in, bytes *out)
{
    struct base64_decode_ctx ctx;
    size_t n = BASE64_DECODE_LENGTH(in.n);
    uint8_t *p = in.n && in.n <= BASIC_MAX ? arena_take(&rq->call.arena, n + 1) : NULL;
    if (!p) return false;
    base64_decode_init(&ctx);
    if (!base64_decode_update(&ctx, &n, p, in.n, (const char *)in.p)) return false;
    *out = bytes_of(p, n);
    return base64_decode_final(&ctx) == 1;
}

/* "CLIENT_ID:SECRET" in base64 (RFC 7617). */
static err read_basic(struct http_request *rq, bytes text, struct credential *out)
{
    bytes pair = {0};
    size_t colon = 0;
    if (!decode(rq, text, &pair))
        return malformed(rq, "invalid token format: Authorization: Basic is not base64");
    while (colon < pair.n && pair.p[colon] != ':')
        colon++;
    if (colon == 0 || colon >= pair.n)
        return malformed(rq, "invalid token format: Authorization: Basic needs CLIENT_ID:SECRET");
    out->kind = CREDENTIAL_PAIR;
    out->client_id = bytes_part(pair, 0, colon);
    out->secret = bytes_part(pair, colon + 1, pair.n);
    return DONE;
}

bytes credential_bearer(bytes header)
{
    bytes rest = {0};
    return has_scheme(bytes_trimmed(header), "Bearer", &rest) ? rest : (bytes){0};
}

static bool takes_basic(const struct http_request *rq)
{
    return rq->route && (rq->route->who == HTTP_CALLER_BASIC || rq->route->who == HTTP_ASKER);
}

/* Where somebody who is signed in acts: one of their scopes by its id; absent: their first. */
static err read_scope(struct http_request *rq, struct uuid *out)
{
    bytes text = http_header(rq, "X-Latchkey-Organization");
    if (text.n == 0) text = http_header(rq, "X-Latchkey-Enterprise");
    if (text.n == 0 || uuid_read(text, out)) return DONE;
    return note_fail(&rq->call.note, FAIL(BAD_INPUT),
                     "X-Latchkey-Organization and X-Latchkey-Enterprise take an id here");
}

/* Never for programs that ask on behalf of others (takes_basic): those have tokens. */
static bool takes_cookie(const struct http_request *rq)
{
    return rq->call.door == CALL_HTTP && !takes_basic(rq) && cookie_secret(rq).n;
}

err credential_read(struct http_request *rq, struct credential *out)
{
    const bytes header = bytes_trimmed(http_header(rq, "Authorization"));
    bytes rest = {0};
    if (header.n == 0 && rq->call.door == CALL_SOCKET) {
        *out = (struct credential){.kind = CREDENTIAL_UID, .uid = rq->inside->link->uid};
        return DONE;
    }
    if (header.n == 0 && takes_cookie(rq)) {
        *out = (struct credential){.kind = CREDENTIAL_SESSION, .session = cookie_secret(rq)};
        return read_scope(rq, &out->scope);
    }
    if (header.n == 0)
        return malformed(rq, "no token: the header Authorization: Bearer <token> is missing");
    if (has_scheme(header, "Bearer", &rest)) {
        *out = (struct credential){.kind = CREDENTIAL_TOKEN, .token = rest};
        return DONE;
    }
    if (takes_basic(rq) && has_scheme(header, "Basic", &rest)) return read_basic(rq, rest, out);
    return malformed(rq, "invalid token format: Authorization must be Bearer <token>");
}
