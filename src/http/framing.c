#include "http/framing.h"

/* Counted over the fields of one head. */
struct seen {
    unsigned hosts;
    unsigned lengths;
    unsigned codings;
    unsigned authorizations;
    bool coding_known;
    bool closes;
    bool stays; /* HTTP/1.0 */
    bool expects;
    bytes length;
};

/* A list of words between commas. */
static bool has_word(bytes list, bytes word)
{
    while (list.n) {
        size_t n = 0;
        while (n < list.n && list.p[n] != ',')
            n++;
        if (bytes_eq_nocase(bytes_trimmed(bytes_part(list, 0, n)), word)) return true;
        list = bytes_part(list, n + 1, list.n);
    }
    return false;
}

static void see(struct seen *s, const struct head_field *f)
{
    if (bytes_eq_nocase(f->name, BYTES("Host"))) {
        s->hosts++;
    } else if (bytes_eq_nocase(f->name, BYTES("Content-Length"))) {
        s->lengths++;
        s->length = f->value;
    } else if (bytes_eq_nocase(f->name, BYTES("Transfer-Encoding"))) {
        s->codings++;
        s->coding_known = bytes_eq_nocase(f->value, BYTES("chunked"));
    } else if (bytes_eq_nocase(f->name, BYTES("Authorization"))) {
        s->authorizations++;
    } else if (bytes_eq_nocase(f->name, BYTES("Connection"))) {
        s->closes |= has_word(f->value, BYTES("close"));
        s->stays |= has_word(f->value, BYTES("keep-alive"));
    } else if (bytes_eq_nocase(f->name, BYTES("Expect"))) {
        s->expects |= bytes_eq_nocase(f->value, BYTES("100-continue"));
    }
}

static const char *wrong_with(const struct seen *s, const struct head *h)
{
    if (s->hosts > 1) return "several Host fields";
    if (!h->http_1_0 && s->hosts == 0) return "no Host field";
    if (s->lengths > 1) return "several Content-Length fields";
    if (s->codings > 1) return "several Transfer-Encoding fields";
    if (s->lengths && s->codings) return "Content-Length together with Transfer-Encoding";
    if (s->codings && !s->coding_known) return "unknown transfer coding";
    if (s->codings && h->http_1_0) return "Transfer-Encoding in HTTP/1.0";
    if (s->authorizations > 1) return "several Authorization fields";
    return NULL;
}

enum { LENGTH_DIGITS_MAX = 18 };

static err read_length(bytes text, uint64_t max, uint64_t *out, struct note *note)
{
    uint64_t v = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9') text.n = 0;
    }
    if (text.n == 0) return note_fail(note, FAIL(BAD_INPUT), "Content-Length is not a number");
    if (text.n > LENGTH_DIGITS_MAX) return FAIL(BODY_TOO_BIG);
    for (size_t i = 0; i < text.n; i++)
        v = v * 10 + (uint64_t)(text.p[i] - '0');
    *out = v;
    return v > max ? FAIL(BODY_TOO_BIG) : DONE;
}

err framing_read(const struct head *h, uint64_t length_max, struct framing *out, struct note *note)
{
    struct seen s = {0};
    for (size_t i = 0; i < h->fields_n; i++)
        see(&s, &h->fields[i]);
    const char *wrong = wrong_with(&s, h);
    *out = (struct framing){.chunked = s.codings > 0};
    if (wrong) return note_fail(note, FAIL(BAD_INPUT), "%s", wrong);
    if (s.lengths) TRY(read_length(s.length, length_max, &out->length, note));
    out->keeps = !s.closes && (!h->http_1_0 || s.stays);
    out->expects = s.expects && !h->http_1_0;
    return DONE;
}
