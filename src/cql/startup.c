/* Two maps of strings: what a client wants at the start, and what a server offers. */
#include "cql/startup.h"

static bool is_on(bytes value)
{
    return bytes_eq(value, BYTES("1")) || bytes_eq_nocase(value, BYTES("true"));
}

static void keep(struct startup *s, bytes key, bytes value)
{
    const struct {
        bytes key;
        bytes *field;
    } known[] = {
        {BYTES("CQL_VERSION"), &s->cql_version},
        {BYTES("COMPRESSION"), &s->compression},
        {BYTES("DRIVER_NAME"), &s->driver_name},
        {BYTES("DRIVER_VERSION"), &s->driver_version},
        {BYTES("APPLICATION_NAME"), &s->application_name},
        {BYTES("APPLICATION_VERSION"), &s->application_version},
        {BYTES("CLIENT_ID"), &s->client_id},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (bytes_eq_nocase(key, known[i].key)) *known[i].field = value;
    }
    if (bytes_eq_nocase(key, BYTES("THROW_ON_OVERLOAD"))) s->throw_on_overload = is_on(value);
}

err startup_read(bytes body, struct startup *out)
{
    struct rd r = rd_over(body);
    struct startup s = {0};
    const uint16_t n = rd_u16be(&r);
    if (n > STARTUP_OPTIONS_MAX) return FAIL(FRAME_BAD);
    for (uint16_t i = 0; i < n; i++) {
        const bytes key = rd_bytes16(&r);
        const bytes value = rd_bytes16(&r);
        keep(&s, key, value);
    }
    if (r.bad) return FAIL(FRAME_SHORT);
    if (!rd_at_end(&r) || !s.cql_version.n) return FAIL(FRAME_BAD);
    *out = s;
    return DONE;
}

void startup_write(struct wr *w, const struct startup_option *options, size_t n)
{
    wr_u16be(w, (uint16_t)n);
    for (size_t i = 0; i < n; i++) {
        wr_bytes16(w, options[i].key);
        wr_bytes16(w, options[i].value);
    }
}

err startup_find(bytes multimap, bytes key, bytes *values, bool *found)
{
    struct rd r = rd_over(multimap);
    *found = false;
    *values = (bytes){0};
    const uint16_t n = rd_u16be(&r);
    for (uint16_t i = 0; i < n; i++) {
        const bytes name = rd_bytes16(&r);
        const uint16_t values_n = rd_u16be(&r);
        const bytes from = r.left;
        for (uint16_t v = 0; v < values_n && !r.bad; v++)
            (void)rd_bytes16(&r);
        if (r.bad) return FAIL(FRAME_SHORT);
        if (!bytes_eq_nocase(name, key)) continue;
        *values = bytes_part(from, 0, from.n - r.left.n);
        *found = true;
    }
    return r.bad ? FAIL(FRAME_SHORT) : DONE;
}

bool startup_next_string(struct rd *r, bytes *value)
{
    if (r->bad || r->left.n == 0) return false;
    *value = rd_bytes16(r);
    return !r->bad;
}
