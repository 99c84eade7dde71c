#include "http/json_in.h"

#include "base/utf8.h"

enum { FIRST_OPEN = 32 };

struct reader {
    bytes text;
    size_t at;
    struct arena *arena;
    struct json_in *open; /* elements of all arrays and objects that are not closed yet */
    size_t open_n;
    size_t open_size;
    size_t values;
    unsigned depth;
    enum json_in_fault fault;
};

/* --- bytes --- */

/* 0 at the end, which no JSON has in it. */
static uint8_t peek(const struct reader *r)
{
    return r->at < r->text.n ? r->text.p[r->at] : 0;
}

static void skip_blanks(struct reader *r)
{
    while (peek(r) == ' ' || peek(r) == '\t' || peek(r) == '\n' || peek(r) == '\r')
        r->at++;
}

static bool take(struct reader *r, uint8_t c)
{
    if (peek(r) != c) return false;
    r->at++;
    return true;
}

static bool take_after_blanks(struct reader *r, uint8_t c)
{
    skip_blanks(r);
    return take(r, c);
}

static bool take_word(struct reader *r, bytes word)
{
    if (!bytes_has_prefix(bytes_part(r->text, r->at, word.n), word)) return false;
    r->at += word.n;
    return true;
}

static bool fail(struct reader *r, enum json_in_fault fault)
{
    r->fault = fault;
    return false;
}

/* --- texts --- */

static bool read_hex4(struct reader *r, uint32_t *out)
{
    uint32_t v = 0;
    for (int i = 0; i < 4; i++, r->at++) {
        const uint8_t c = peek(r);
        const uint8_t low = c | 0x20;
        if (c >= '0' && c <= '9')
            v = v * 16 + (uint32_t)(c - '0');
        else if (low >= 'a' && low <= 'f')
            v = v * 16 + (uint32_t)(low - 'a' + 10);
        else
            return false;
    }
    *out = v;
    return true;
}

/* Behind "\u": one code point, perhaps of two halves. */
static bool read_code_point(struct reader *r, uint32_t *out)
{
    uint32_t low = 0;
    if (!read_hex4(r, out)) return false;
    if (*out == 0 || (*out >= 0xdc00 && *out < 0xe000)) return false;
    if (*out < 0xd800 || *out >= 0xdc00) return true;
    if (!take(r, '\\') || !take(r, 'u') || !read_hex4(r, &low)) return false;
    if (low < 0xdc00 || low >= 0xe000) return false;
    *out = 0x10000 + ((*out - 0xd800) << 10) + (low - 0xdc00);
    return true;
}

static uint8_t *write_utf8(uint8_t *to, uint32_t c)
{
    if (c < 0x80) {
        *to++ = (uint8_t)c;
        return to;
    }
    const int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    const uint8_t lead = more == 1 ? 0xc0 : more == 2 ? 0xe0 : 0xf0;
    *to++ = (uint8_t)(lead | (c >> (6 * more)));
    for (int i = more - 1; i >= 0; i--)
        *to++ = (uint8_t)(0x80 | ((c >> (6 * i)) & 0x3f));
    return to;
}

static bool read_escape(struct reader *r, uint8_t **to)
{
    static const char from[] = "\"\\/bfnrt";
    static const char into[] = "\"\\/\b\f\n\r\t";
    uint32_t c = 0;
    if (take(r, 'u')) {
        if (!read_code_point(r, &c)) return false;
    } else {
        const char *found = peek(r) ? strchr(from, peek(r)) : NULL;
        if (!found) return false;
        c = (uint8_t)into[found - from];
        r->at++;
    }
    *to = write_utf8(*to, c);
    return true;
}

/* Up to the quote, with escapes: never longer than it came. */
static bool decode(struct reader *r, size_t most, bytes *out)
{
    uint8_t *start = arena_take(r->arena, most);
    uint8_t *to = start;
    if (!start) return false;
    while (peek(r) != '"') {
        if (peek(r) < ' ') return false;
        if (take(r, '\\')) {
            if (!read_escape(r, &to)) return false;
        } else {
            *to++ = r->text.p[r->at++];
        }
    }
    r->at++;
    *out = bytes_of(start, (size_t)(to - start));
    return true;
}

/* The length of what `decode` has to do, generously: to the first quote that no backslash stands before. */
static bool read_text(struct reader *r, bytes *out)
{
    bool escapes = false;
    size_t end = r->at;
    for (; end < r->text.n && r->text.p[end] != '"'; end++) {
        if (r->text.p[end] < ' ') break;
        if (r->text.p[end] != '\\') continue;
        escapes = true;
        end++;
    }
    if (end >= r->text.n || r->text.p[end] != '"') {
        r->at = end < r->text.n ? end : r->text.n;
        return false;
    }
    if (escapes) return decode(r, end - r->at, out);
    *out = bytes_part(r->text, r->at, end - r->at);
    r->at = end + 1;
    return true;
}

/* --- numbers --- */

static size_t take_digits(struct reader *r)
{
    const size_t from = r->at;
    while (peek(r) >= '0' && peek(r) <= '9')
        r->at++;
    return r->at - from;
}

static bool read_fraction(struct reader *r)
{
    if (take(r, '.') && take_digits(r) == 0) return false;
    if (!take(r, 'e') && !take(r, 'E')) return true;
    if (!take(r, '+')) (void)take(r, '-');
    return take_digits(r) > 0;
}

static bool read_whole(bytes digits, bool negative, int64_t *out)
{
    uint64_t v = 0;
    const uint64_t most = (uint64_t)INT64_MAX + negative;
    for (size_t i = 0; i < digits.n; i++) {
        const uint64_t d = (uint64_t)(digits.p[i] - '0');
        if (v > (most - d) / 10) return false;
        v = v * 10 + d;
    }
    *out = negative ? (int64_t)(0 - v) : (int64_t)v;
    return true;
}

static bool read_number(struct reader *r, struct json_in *v)
{
    const size_t from = r->at;
    const bool negative = take(r, '-');
    const bool zero = peek(r) == '0';
    const size_t n = take_digits(r);
    const bytes digits = bytes_part(r->text, r->at - n, n);
    if (n == 0 || (zero && n > 1)) return false;
    const uint8_t next = peek(r);
    if (next == '.' || next == 'e' || next == 'E') {
        if (!read_fraction(r)) return false;
        v->kind = JSON_IN_REAL;
        v->text = bytes_part(r->text, from, r->at - from);
        return true;
    }
    v->kind = JSON_IN_NUMBER;
    return read_whole(digits, negative, &v->number) || fail(r, JSON_IN_OUT_OF_RANGE);
}

/* --- arrays and objects --- */

static bool read_value(struct reader *r, struct json_in *v);

/* Elements of the innermost stand last; when it is closed they get a place of their own. */
static struct json_in *add_element(struct reader *r)
{
    if (r->open_n == r->open_size) {
        const size_t size = r->open_size ? 2 * r->open_size : FIRST_OPEN;
        struct json_in *more = arena_take_array(r->arena, size, sizeof *more);
        if (!more) return NULL;
        if (r->open_n) memcpy(more, r->open, r->open_n * sizeof *more);
        r->open = more;
        r->open_size = size;
    }
    return &r->open[r->open_n++];
}

static bool close_elements(struct reader *r, size_t from, struct json_in *v)
{
    const size_t n = r->open_n - from;
    struct json_in *items = arena_take_array(r->arena, n, sizeof *items);
    if (n && !items) return false;
    if (n) memcpy(items, r->open + from, n * sizeof *items);
    r->open_n = from;
    v->items = items;
    v->n = n;
    return true;
}

static bool is_new_key(struct reader *r, size_t from, bytes key)
{
    for (size_t i = from; i < r->open_n; i++) {
        if (bytes_eq(r->open[i].key, key)) return fail(r, JSON_IN_KEY_TWICE);
    }
    return r->open_n - from < JSON_IN_KEYS_MAX || fail(r, JSON_IN_TOO_MUCH);
}

static bool read_key(struct reader *r, size_t from, bytes *key)
{
    return take_after_blanks(r, '"') && read_text(r, key) && is_new_key(r, from, *key) &&
           take_after_blanks(r, ':');
}

/* The value is read before its place is taken, for the places move. */
static bool read_element(struct reader *r, size_t from, bool keyed)
{
    struct json_in v = {0};
    bytes key = {0};
    if (keyed && !read_key(r, from, &key)) return false;
    if (!read_value(r, &v)) return false;
    struct json_in *place = add_element(r);
    if (!place) return false;
    *place = v;
    place->key = key;
    return true;
}

static bool read_elements(struct reader *r, struct json_in *v, uint8_t end)
{
    const size_t from = r->open_n;
    const bool keyed = end == '}';
    v->kind = keyed ? JSON_IN_OBJECT : JSON_IN_ARRAY;
    if (++r->depth > JSON_IN_DEPTH_MAX) return fail(r, JSON_IN_TOO_MUCH);
    if (!take_after_blanks(r, end)) {
        do {
            if (!read_element(r, from, keyed)) return false;
        } while (take_after_blanks(r, ','));
        if (!take_after_blanks(r, end)) return false;
    }
    r->depth--;
    return close_elements(r, from, v);
}

static bool read_word(struct reader *r, struct json_in *v)
{
    if (take_word(r, BYTES("null"))) return true;
    v->kind = JSON_IN_TRUTH;
    v->truth = take_word(r, BYTES("true"));
    return v->truth || take_word(r, BYTES("false"));
}

static bool read_value(struct reader *r, struct json_in *v)
{
    if (++r->values > JSON_IN_VALUES_MAX) return fail(r, JSON_IN_TOO_MUCH);
    skip_blanks(r);
    const uint8_t c = peek(r);
    if (c == '-' || (c >= '0' && c <= '9')) return read_number(r, v);
    if (take(r, '{')) return read_elements(r, v, '}');
    if (take(r, '[')) return read_elements(r, v, ']');
    if (!take(r, '"')) return read_word(r, v);
    v->kind = JSON_IN_TEXT;
    return read_text(r, &v->text);
}

/* --- the whole --- */

static err tell(const struct reader *r, struct json_in_error *why)
{
    *why = (struct json_in_error){.fault = r->fault, .line = 1, .column = 1};
    for (size_t i = 0; i < r->at && i < r->text.n; i++) {
        why->column++;
        if (r->text.p[i] != '\n') continue;
        why->line++;
        why->column = 1;
    }
    return r->arena->bad ? FAIL(NO_MEMORY) : FAIL(BAD_JSON);
}

err json_in_read(bytes text, struct arena *a, const struct json_in **out, struct json_in_error *why)
{
    struct reader r = {.text = text, .arena = a};
    struct json_in *v = arena_take(a, sizeof *v);
    const size_t valid = utf8_valid_part(text);
    if (!v || valid < text.n) {
        r.at = valid;
        return tell(&r, why);
    }
    const bool good = read_value(&r, v);
    if (good) skip_blanks(&r);
    if (!good || r.at < text.n) return tell(&r, why);
    *out = v;
    return DONE;
}
