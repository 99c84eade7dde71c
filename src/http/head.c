#include "http/head.h"

/* tchar of RFC 9110, section 5.6.2: the bit of each character below 64, and of each from 64 on. */
static bool is_token_char(uint8_t c)
{
    const uint64_t low = 0x03ff6cfa00000000;
    const uint64_t high = 0x57ffffffc7fffffe;
    if (c >= 0x80) return false;
    return (c < 64 ? low >> c : high >> (c - 64)) & 1;
}

static bool is_token(bytes b)
{
    for (size_t i = 0; i < b.n; i++) {
        if (!is_token_char(b.p[i])) return false;
    }
    return b.n > 0;
}

static bool has_control(bytes b)
{
    for (size_t i = 0; i < b.n; i++) {
        if ((b.p[i] < ' ' && b.p[i] != '\t') || b.p[i] == 0x7f) return true;
    }
    return false;
}

/* --- where it ends --- */

/* The line ends at `end`, where its LF is. */
static enum head_state end_line(struct head_scan *s, bytes text, size_t end)
{
    if (end == s->line || text.p[end - 1] != '\r') return HEAD_BROKEN;
    const bool blank = end == s->line + 1;
    s->line = s->at = end + 1;
    if (blank && s->lines == 0) return ++s->blank > HEAD_BLANK_LINES_MAX ? HEAD_BROKEN : HEAD_PART;
    if (!blank) s->lines++;
    return blank ? HEAD_WHOLE : HEAD_PART;
}

/* So that another protocol is told so at its first byte. */
static bool may_begin(const struct head_scan *s, bytes text)
{
    if (s->lines > 0 || s->line == text.n) return true;
    return is_token_char(text.p[s->line]) || text.p[s->line] == '\r';
}

enum head_state head_scan(struct head_scan *s, bytes text)
{
    enum head_state state = HEAD_PART;
    while (state == HEAD_PART && s->at < text.n) {
        if (!may_begin(s, text)) return HEAD_BROKEN;
        const uint8_t *lf = memchr(text.p + s->at, '\n', text.n - s->at);
        if (lf)
            state = end_line(s, text, (size_t)(lf - text.p));
        else
            s->at = text.n;
    }
    return state;
}

/* --- what it says --- */

/* The next line without its CR LF; there is one. */
static bytes next_line(bytes *rest)
{
    const uint8_t *lf = memchr(rest->p, '\n', rest->n);
    const size_t n = (size_t)(lf - rest->p);
    const bytes line = bytes_part(*rest, 0, n - 1);
    *rest = bytes_part(*rest, n + 1, rest->n);
    return line;
}

/* What stands before the first `mark`, which is taken too; false: there is none. */
static bool take_to(bytes *rest, uint8_t mark, bytes *out)
{
    const uint8_t *at = rest->n ? memchr(rest->p, mark, rest->n) : NULL;
    if (!at) return false;
    const size_t n = (size_t)(at - rest->p);
    *out = bytes_part(*rest, 0, n);
    *rest = bytes_part(*rest, n + 1, rest->n);
    return true;
}

static bool is_target(bytes b)
{
    for (size_t i = 0; i < b.n; i++) {
        if (b.p[i] <= ' ' || b.p[i] == 0x7f) return false;
    }
    return b.n > 0;
}

static err read_first_line(bytes line, struct head *out, struct note *note)
{
    if (!take_to(&line, ' ', &out->method) || !take_to(&line, ' ', &out->target) ||
        !is_token(out->method) || !is_target(out->target))
        return note_fail(note, FAIL(BAD_INPUT), "the request is not well-formed HTTP/1.1");
    out->http_1_0 = bytes_eq(line, BYTES("HTTP/1.0"));
    if (out->http_1_0 || bytes_eq(line, BYTES("HTTP/1.1"))) return DONE;
    return note_fail(note, FAIL(BAD_INPUT), "unknown HTTP version");
}

/* A folded line begins with a blank, which is no name (section 5.2). */
static err read_field(bytes line, struct head_field *out, struct note *note)
{
    if (!take_to(&line, ':', &out->name) || !is_token(out->name))
        return note_fail(note, FAIL(BAD_INPUT), "malformed field name");
    out->value = bytes_trimmed(line);
    if (!has_control(out->value)) return DONE;
    return note_fail(note, FAIL(BAD_INPUT), "control character in a field");
}

static err read_fields(bytes rest, struct head *h, struct note *note)
{
    for (size_t i = 0; i < h->fields_n; i++)
        TRY(read_field(next_line(&rest), &h->fields[i], note));
    return DONE;
}

err head_read(bytes text, const struct head_scan *scan, struct arena *a, struct head *out,
              struct note *note)
{
    const size_t fields_n = scan->lines - 1;
    bytes rest = bytes_part(text, 2 * scan->blank, scan->at - 2 * scan->blank);
    *out = (struct head){0};
    if (scan->at > HEAD_MAX)
        return note_fail(note, FAIL(HEADER_TOO_BIG), "header over %d bytes", HEAD_MAX);
    if (fields_n > HEAD_FIELDS_MAX)
        return note_fail(note, FAIL(HEADER_TOO_BIG), "more than %d header fields", HEAD_FIELDS_MAX);
    TRY(read_first_line(next_line(&rest), out, note));
    out->fields = arena_take_array(a, fields_n, sizeof *out->fields);
    if (fields_n && !out->fields) return FAIL(NO_MEMORY);
    out->fields_n = fields_n;
    const err e = read_fields(rest, out, note);
    if (!err_is_ok(e)) out->fields_n = 0;
    return e;
}

const struct head_field *head_field(const struct head *h, bytes name)
{
    for (size_t i = 0; i < h->fields_n; i++) {
        if (bytes_eq_nocase(h->fields[i].name, name)) return &h->fields[i];
    }
    return NULL;
}
