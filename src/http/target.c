/* The request target: cut first, decoded afterwards, so that an escape can never move a boundary.
 */
#include "http/target.h"

#include "base/rd.h"
#include "base/utf8.h"

static int digit(uint8_t c)
{
    if (c >= '0' && c <= '9') return c - '0';
    c = (uint8_t)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Up to the next byte that is the one or two of `stops`, which stays. */
static bytes take_until(struct rd *r, const char *stops)
{
    const uint8_t one = (uint8_t)stops[0];
    const uint8_t other = (uint8_t)(stops[1] ? stops[1] : stops[0]);
    size_t n = 0;
    while (n < r->left.n && r->left.p[n] != one && r->left.p[n] != other)
        n++;
    return rd_take(r, n);
}

static bool has_control(bytes b)
{
    for (size_t i = 0; i < b.n; i++) {
        if (b.p[i] < 0x20 || b.p[i] == 0x7f) return true;
    }
    return false;
}

static bool is_plain(bytes in, bool query)
{
    return !in.n || (!memchr(in.p, '%', in.n) && !(query && memchr(in.p, '+', in.n)));
}

/* In the query '+' stands for a space. What needs no decoding is lent as it is. */
static err decode(bytes in, bool query, struct arena *a, bytes *out)
{
    if (is_plain(in, query)) {
        if (has_control(in) || !utf8_is_valid(in)) return FAIL(BAD_INPUT);
        *out = in;
        return DONE;
    }
    uint8_t *p = arena_take(a, in.n + 1);
    size_t n = 0;
    struct rd r = rd_over(in);
    if (!p) return FAIL(NO_MEMORY);
    while (!rd_at_end(&r)) {
        uint8_t c = rd_u8(&r);
        if (c == '%') {
            const int high = digit(rd_u8(&r));
            const int low = digit(rd_u8(&r));
            if (r.bad || high < 0 || low < 0) return FAIL(BAD_INPUT);
            c = (uint8_t)(high << 4 | low);
        } else if (c == '+' && query) {
            c = ' ';
        }
        p[n++] = c;
    }
    const bytes got = {p, n};
    if (has_control(got) || !utf8_is_valid(got)) return FAIL(BAD_INPUT);
    *out = got;
    return DONE;
}

/* What cannot be read stays empty, and what comes after it is read all the same. */
static err read_path(bytes path, struct arena *a, struct target *t)
{
    struct rd r = rd_over(path);
    err fault = DONE;
    while (!rd_at_end(&r)) {
        if (rd_u8(&r) != '/' || t->segments_n == TARGET_SEGMENTS_MAX) return FAIL(BAD_INPUT);
        const bytes raw = take_until(&r, "/");
        if (t->segments_n == 0 && raw.n == 0 && rd_at_end(&r)) return DONE;
        const err e = decode(raw, false, a, &t->segments[t->segments_n++]);
        if (err_is_ok(fault)) fault = e;
    }
    return fault;
}

static err read_query(bytes query, struct arena *a, struct target *t)
{
    struct rd r = rd_over(query);
    while (!rd_at_end(&r)) {
        struct target_argument *arg = &t->arguments[t->arguments_n];
        if (t->arguments_n == TARGET_ARGUMENTS_MAX) return FAIL(BAD_INPUT);
        TRY(decode(take_until(&r, "=&"), true, a, &arg->name));
        if (!rd_at_end(&r) && r.left.p[0] == '=') {
            (void)rd_u8(&r);
            TRY(decode(take_until(&r, "&"), true, a, &arg->value));
        }
        if (arg->name.n) t->arguments_n++;
        if (!rd_at_end(&r)) (void)rd_u8(&r);
    }
    return DONE;
}

/* "http://host/path" becomes "/path"; the Host field says the same and is checked elsewhere. */
static bytes without_authority(bytes text)
{
    const bytes schemes[] = {BYTES("http://"), BYTES("https://")};
    for (size_t i = 0; i < 2; i++) {
        if (!bytes_eq_nocase(bytes_part(text, 0, schemes[i].n), schemes[i])) continue;
        struct rd r = rd_over(bytes_part(text, schemes[i].n, text.n));
        (void)take_until(&r, "/?");
        return r.left.n ? r.left : BYTES("/");
    }
    return text;
}

static err read_all(bytes text, struct arena *a, struct target *t)
{
    struct rd r = rd_over(without_authority(text));
    t->raw = take_until(&r, "?#");
    TRY(read_path(t->raw, a, t));
    if (!rd_at_end(&r) && rd_u8(&r) == '?') TRY(read_query(take_until(&r, "#"), a, t));
    return DONE;
}

err target_read(bytes text, struct arena *a, struct target *out)
{
    *out = (struct target){.raw = text};
    if (text.n == 0) return FAIL(BAD_INPUT);
    if (bytes_eq_text(text, "*")) {
        out->any = true;
        return DONE;
    }
    const err e = read_all(text, a, out);
    return text.n > TARGET_MAX ? FAIL(TARGET_TOO_LONG) : e;
}

/* Whether a name as sent is this one; an escape is three bytes for one. */
static bool is_name(bytes sent, const char *name, struct arena *a)
{
    bytes got = {0};
    return sent.n <= 3 * strlen(name) && err_is_ok(decode(sent, true, a, &got)) && bytes_eq_text(got, name);
}

err target_form_field(bytes body, const char *name, struct arena *a, bytes *value, size_t *times)
{
    struct rd r = rd_over(body);
    *times = 0;
    while (!rd_at_end(&r)) {
        struct rd pair = rd_over(take_until(&r, "&"));
        if (!rd_at_end(&r)) (void)rd_u8(&r);
        const bytes sent = take_until(&pair, "=");
        if (!is_name(sent, name, a)) continue;
        if (!rd_at_end(&pair)) (void)rd_u8(&pair);
        TRY(decode(pair.left, true, a, value));
        ++*times;
    }
    return DONE;
}

const struct target_argument *target_argument(const struct target *t, const char *name)
{
    for (size_t i = 0; i < t->arguments_n; i++) {
        if (bytes_eq_text(t->arguments[i].name, name)) return &t->arguments[i];
    }
    return NULL;
}
