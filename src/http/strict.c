/* Framing that two readers could read differently is refused before anything else is looked at. */
#include "http/strict.h"

void strict_begin(struct strict *s, const char *version)
{
    *s = (struct strict){0};
    s->http_1_1 = bytes_eq_text(BYTES("HTTP/1.1"), version);
    s->version_known = s->http_1_1 || bytes_eq_text(BYTES("HTTP/1.0"), version);
}

/* RFC 9110, section 5.6.2. "Content-Length :" is a field that another reader may know. */
static bool is_token(bytes name)
{
    for (size_t i = 0; i < name.n; i++) {
        const uint8_t c = name.p[i];
        if (c <= ' ' || c >= 0x7f || strchr("\"(),/:;<=>?@[\\]{}", c)) return false;
    }
    return name.n > 0;
}

static bool is_longer(bytes name, const char *than)
{
    const size_t n = strlen(than);
    return name.n > n && bytes_eq_nocase(bytes_part(name, 0, n), bytes_of_text(than));
}

/* Of a folded line ("Content-Length:", and on the next line " 5") libmicrohttpd 0.9.75 makes a field
 * "Content-Length5", which says nothing to us but something to whoever unfolds. */
static bool looks_folded(bytes name)
{
    return is_longer(name, "Content-Length") || is_longer(name, "Transfer-Encoding") ||
           is_longer(name, "Host");
}

static bool has_control(bytes value)
{
    for (size_t i = 0; i < value.n; i++) {
        if ((value.p[i] < ' ' && value.p[i] != '\t') || value.p[i] == 0x7f) return true;
    }
    return false;
}

void strict_see(struct strict *s, bytes name, bytes value)
{
    if (!is_token(name) || looks_folded(name)) s->name_bad = true;
    if (has_control(value)) s->value_bad = true;
    if (bytes_eq_nocase(name, BYTES("Host"))) {
        s->hosts++;
    } else if (bytes_eq_nocase(name, BYTES("Content-Length"))) {
        s->lengths++;
        s->length = value;
    } else if (bytes_eq_nocase(name, BYTES("Transfer-Encoding"))) {
        s->codings++;
        s->coding_known = bytes_eq_nocase(value, BYTES("chunked"));
    } else if (bytes_eq_nocase(name, BYTES("Authorization"))) {
        s->authorizations++;
    }
}

static bool read_length(bytes text, uint64_t *out)
{
    uint64_t v = 0;
    if (text.n == 0 || text.n > 18) return false;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9') return false;
        v = v * 10 + (uint64_t)(text.p[i] - '0');
    }
    *out = v;
    return true;
}

static const char *wrong_with(const struct strict *s)
{
    if (!s->version_known) return "unknown HTTP version";
    if (s->name_bad) return "malformed field name";
    if (s->value_bad) return "control character in a field";
    if (s->hosts > 1) return "several Host fields";
    if (s->http_1_1 && s->hosts == 0) return "no Host field";
    if (s->lengths > 1) return "several Content-Length fields";
    if (s->codings > 1) return "several Transfer-Encoding fields";
    if (s->lengths && s->codings) return "Content-Length together with Transfer-Encoding";
    if (s->codings && !s->coding_known) return "unknown transfer coding";
    if (s->codings && !s->http_1_1) return "Transfer-Encoding in HTTP/1.0";
    if (s->authorizations > 1) return "several Authorization fields";
    return NULL;
}

err strict_judge(const struct strict *s, uint64_t drain_max, uint64_t *length, struct note *note)
{
    uint64_t n = 0;
    const char *wrong = wrong_with(s);
    if (wrong) return note_fail(note, FAIL(BAD_INPUT), "%s", wrong);
    if (s->lengths && !read_length(s->length, &n)) {
        return note_fail(note, FAIL(BAD_INPUT), "Content-Length is not a number");
    }
    if (n > drain_max) return FAIL(BODY_TOO_BIG);
    *length = n;
    return DONE;
}
