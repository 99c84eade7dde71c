/* Accept-Encoding: each part is "coding" or "coding;q=0.5". A part that cannot be read says nothing;
 * of two parts about one coding the first counts. */
#include "portal/coding.h"

enum {
    NOT_SAID = -1,
    WEIGHT_FULL = 1000,
    WEIGHT_LEAST = 1, /* of the file as it is, where nobody asked for that: below all that was asked for */
    SCALE = 2         /* so that there is something below the least weight that can be written */
};

const char *coding_name(enum coding c)
{
    static const char *const names[CODINGS] = {
#define CODING(id, name) name,
#include "portal/coding.def"
#undef CODING
    };
    return names[c];
}

/* What stands before the separator; *rest goes behind it. */
static bytes cut(bytes *rest, uint8_t separator)
{
    size_t n = 0;
    while (n < rest->n && rest->p[n] != separator)
        n++;
    const bytes part = bytes_part(*rest, 0, n);
    *rest = bytes_part(*rest, n + 1, rest->n);
    return bytes_trimmed(part);
}

/* "0", "0.5", "1.000": one digit, and at most three behind a point. */
static bool read_weight(bytes text, int *out)
{
    int weight = 0;
    int unit = WEIGHT_FULL;
    if (text.n == 0 || text.n > 5 || (text.n > 1 && text.p[1] != '.')) return false;
    for (size_t i = 0; i < text.n; i++) {
        if (i == 1) continue;
        if (text.p[i] < '0' || text.p[i] > '9') return false;
        weight += (text.p[i] - '0') * unit;
        unit /= 10;
    }
    *out = weight;
    return weight <= WEIGHT_FULL;
}

static bool read_part(bytes part, bytes *name, int *weight)
{
    bytes rest = part;
    *name = cut(&rest, ';');
    *weight = WEIGHT_FULL;
    if (name->n == part.n) return name->n > 0;
    rest = bytes_trimmed(rest);
    const bool is_weight = rest.n > 2 && (rest.p[0] | 0x20) == 'q' && rest.p[1] == '=';
    return name->n && is_weight && read_weight(bytes_part(rest, 2, rest.n), weight);
}

static bool is_coding(bytes name, enum coding c)
{
    if (c == CODING_GZIP && bytes_eq_nocase(name, BYTES("x-gzip"))) return true;
    return bytes_eq_nocase(name, bytes_of_text(coding_name(c)));
}

enum coding coding_choose(bytes accept_encoding, unsigned have)
{
    int weights[CODINGS] = {NOT_SAID, NOT_SAID, NOT_SAID};
    int others = NOT_SAID;
    enum coding best = CODING_IDENTITY;
    int best_weight = 0;
    while (accept_encoding.n) {
        bytes name;
        int weight = 0;
        if (!read_part(cut(&accept_encoding, ','), &name, &weight)) continue;
        if (bytes_eq_text(name, "*") && others == NOT_SAID) others = weight * SCALE;
        for (unsigned c = 0; c < CODINGS; c++) {
            if (weights[c] == NOT_SAID && is_coding(name, (enum coding)c)) weights[c] = weight * SCALE;
        }
    }
    for (unsigned c = 0; c < CODINGS; c++) {
        if (c != CODING_IDENTITY && !(have & 1u << c)) continue;
        int weight = weights[c] == NOT_SAID ? others : weights[c];
        if (weight == NOT_SAID && c == CODING_IDENTITY) weight = WEIGHT_LEAST;
        if (weight <= best_weight) continue;
        best = (enum coding)c;
        best_weight = weight;
    }
    return best;
}
