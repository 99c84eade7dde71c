/* PLAIN and nothing but PLAIN. */
#include "cql/sasl.h"

#include "base/rd.h"
#include "base/utf8.h"

/* What stands before the next NUL; `*ended` when there is none. */
static bytes cut_field(bytes *left, bool *ended)
{
    const uint8_t *nul = left->n ? memchr(left->p, 0, left->n) : NULL;
    const size_t n = nul ? (size_t)(nul - left->p) : left->n;
    const bytes field = bytes_part(*left, 0, n);
    *ended = nul == NULL;
    *left = bytes_part(*left, nul ? n + 1 : n, left->n);
    return field;
}

static bool is_field(bytes field)
{
    return field.n > 0 && field.n <= SASL_FIELD_MAX && utf8_is_valid(field);
}

static err read_token(bytes body, bytes *token)
{
    struct rd r = rd_over(body);
    const int32_t n = rd_i32be(&r);
    if (r.bad) return FAIL(FRAME_SHORT);
    if (n < 0) return FAIL(FRAME_BAD);
    *token = rd_take(&r, (size_t)n);
    if (r.bad) return FAIL(FRAME_SHORT);
    return rd_at_end(&r) ? DONE : FAIL(FRAME_BAD);
}

err sasl_read_plain(bytes body, struct sasl_plain *out)
{
    bytes left;
    bool ended;
    TRY(read_token(body, &left));
    const bytes identity = cut_field(&left, &ended);
    if (ended || identity.n) return FAIL(TOKEN_MALFORMED);
    const bytes user = cut_field(&left, &ended);
    if (ended) return FAIL(TOKEN_MALFORMED);
    const bytes password = cut_field(&left, &ended);
    if (!ended || !is_field(user) || !is_field(password)) return FAIL(TOKEN_MALFORMED);
    *out = (struct sasl_plain){user, password};
    return DONE;
}

bool sasl_is_mechanism(bytes body)
{
    bytes token;
    return read_token(body, &token).code == ERR_OK && bytes_eq(token, BYTES("PLAIN"));
}

void sasl_write_plain(struct wr *w, bytes user, bytes password)
{
    const size_t hole = wr_hole_u32(w);
    wr_u8(w, 0);
    wr_bytes(w, user);
    wr_u8(w, 0);
    wr_bytes(w, password);
    wr_fill_u32(w, hole);
}
