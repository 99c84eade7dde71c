/* Follows Cassandra's lexer to the letter: as long as several kinds of token are possible, the text
 * decides; as soon as one is left, the text must be that one or it is an error (1AND is none). */
#include "cql/lexer_number.h"

enum {
    UUID_LENGTH = 36,
    UUID_HEAD = 8,
    AS_INTEGER = 1,
    AS_FLOAT = 2,
    AS_DURATION = 4,
    AS_UUID = 8
};

static uint8_t peek(bytes b, size_t i)
{
    return i < b.n ? b.p[i] : 0;
}

static bool is_digit(uint8_t c)
{
    return (uint8_t)(c - '0') < 10;
}

static bool is_hex(uint8_t c)
{
    return is_digit(c) || (uint8_t)((c | 0x20) - 'a') < 6;
}

static size_t digits(bytes b, size_t i)
{
    while (is_digit(peek(b, i))) i++;
    return i;
}

static bool is_uuid_dash(size_t i)
{
    return i == 8 || i == 13 || i == 18 || i == 23;
}

static size_t read_uuid(bytes b)
{
    if (b.n < UUID_LENGTH) return 0;
    for (size_t i = 0; i < UUID_LENGTH; i++) {
        const uint8_t c = b.p[i];
        if (is_uuid_dash(i) ? c != '-' : !is_hex(c)) return 0;
    }
    return UUID_LENGTH;
}

/* E, a sign, digits; i is at the E. */
static size_t read_exponent(bytes b, size_t i)
{
    i++;
    if (peek(b, i) == '+' || peek(b, i) == '-') i++;
    const size_t end = digits(b, i);
    return end == i ? 0 : end;
}

/* `whole` is where the digits before the point end. */
static size_t read_float(bytes b, size_t whole, enum token_type *type)
{
    size_t i = whole;
    *type = TOKEN_FLOAT;
    if (peek(b, i) == '.') {
        if (peek(b, i + 1) == '.') {
            if (peek(b, i + 2) == '.') return i + 1;    /* 1... is 1. and a range */
            *type = TOKEN_INTEGER;                      /* 1.. is 1 and a range */
            return i;
        }
        i = digits(b, i + 1);
    }
    return (peek(b, i) | 0x20) == 'e' ? read_exponent(b, i) : i;
}

/* y mo w d h m s ms us µs ns, in any case; 0 when there is none. */
static size_t unit_length(bytes b, size_t i)
{
    const uint8_t next = peek(b, i + 1) | 0x20;
    switch (peek(b, i) | 0x20) {
    case 'y': case 'w': case 'd': case 'h': case 's': return 1;
    case 'm': return next == 'o' || next == 's' ? 2 : 1;
    case 'u': case 'n': return next == 's' ? 2 : 0;
    case 0xE2: /* µ, C2 B5, with the bit of lower case set */
        if (peek(b, i) != 0xC2 || peek(b, i + 1) != 0xB5) return 0;
        return (peek(b, i + 2) | 0x20) == 's' ? 3 : 0;
    default: return 0;
    }
}

static size_t read_units(bytes b, size_t i)
{
    do {
        i = digits(b, i);
        const size_t n = unit_length(b, i);
        if (!n) return 0;
        i += n;
    } while (is_digit(peek(b, i)));
    return i;
}

/* One to three counts with the letters of `order`, each at most once and in order; i: a digit. */
static size_t read_designators(bytes b, size_t i, const char *order)
{
    do {
        const size_t end = digits(b, i);
        if (end == i) return 0;
        while (*order && *order != (char)peek(b, end)) order++;
        if (!*order) return 0;
        order++;
        i = end + 1;
    } while (*order && is_digit(peek(b, i)));
    return i;
}

/* PnnnnY…: digits and dashes as a date and a time have them. */
static size_t read_alternative(bytes b, size_t i)
{
    const char *shape = "PNNNN-NN-NNTNN:NN:NN";
    for (; *shape; shape++, i++) {
        const uint8_t c = peek(b, i);
        if (*shape == 'N' ? !is_digit(c) : c != (uint8_t)*shape) return 0;
    }
    return i;
}

/* ISO 8601, without its sign; i is at the P. */
static size_t read_period(bytes b, size_t i)
{
    if (digits(b, i + 1) == i + 5 && peek(b, i + 5) == '-') return read_alternative(b, i);
    if (peek(b, i + 1) == 'T') return read_designators(b, i + 2, "HMS");
    const size_t count = digits(b, i + 1);
    if (count > i + 1 && peek(b, count) == 'W') return count + 1;
    i = read_designators(b, i + 1, "YMD");
    if (i && peek(b, i) == 'T') return read_designators(b, i + 1, "HMS");
    return i;
}

/* What each candidate has seen so far. */
struct candidates {
    unsigned alive;
    enum { WHOLE, FRACTION, EXPONENT, SIGNED, POWER } number;
    enum { COUNT, HALF, UNIT, UNIT_M } duration;
    size_t i;
};

static bool float_step(struct candidates *s, uint8_t c)
{
    const uint8_t low = c | 0x20;
    switch (s->number) {
    case WHOLE:
        if (c == '.') s->number = FRACTION;
        else if (low == 'e') s->number = EXPONENT;
        else return is_digit(c);
        return true;
    case FRACTION:
        if (low == 'e') s->number = EXPONENT;
        else return is_digit(c);
        return true;
    case EXPONENT:
        if (c == '+' || c == '-') s->number = SIGNED;
        else if (is_digit(c)) s->number = POWER;
        else return false;
        return true;
    case SIGNED:
    case POWER: s->number = POWER; return is_digit(c);
    }
    return false;
}

static bool duration_step(struct candidates *s, uint8_t c)
{
    const uint8_t low = c | 0x20;
    if (is_digit(c)) {
        const bool ok = s->duration != HALF;
        s->duration = COUNT;
        return ok;
    }
    switch (s->duration) {
    case COUNT:
        if (low == 'm') s->duration = UNIT_M;
        else if (low == 'u' || low == 'n' || c == 0xC2) s->duration = HALF;
        else if (low && strchr("ywdhs", low)) s->duration = UNIT;
        else return false;
        return true;
    case HALF:
        if (c == 0xB5) return true;
        s->duration = UNIT;
        return low == 's';
    case UNIT_M:
        s->duration = UNIT;
        return low == 'o' || low == 's';
    case UNIT: return false;
    }
    return false;
}

static unsigned step(struct candidates *s, uint8_t c)
{
    unsigned next = 0;
    if (s->alive & AS_INTEGER && is_digit(c)) next |= AS_INTEGER;
    if (s->alive & AS_FLOAT && float_step(s, c)) next |= AS_FLOAT;
    if (s->alive & AS_DURATION && duration_step(s, c)) next |= AS_DURATION;
    if (s->alive & AS_UUID && s->i < UUID_LENGTH && (is_uuid_dash(s->i) ? c == '-' : is_hex(c))) {
        next |= AS_UUID;
    }
    return next;
}

static unsigned finished(const struct candidates *s)
{
    if (s->alive & AS_INTEGER) return AS_INTEGER;
    if (s->alive & AS_FLOAT && s->number != EXPONENT && s->number != SIGNED) return AS_FLOAT;
    if (s->alive & AS_DURATION && s->duration >= UNIT) return AS_DURATION;
    if (s->alive & AS_UUID && s->i == UUID_LENGTH) return AS_UUID;
    return 0;
}

/* The one kind that the text can be; 0 when it can be none. */
static unsigned predict(bytes b, size_t from, unsigned alive)
{
    struct candidates s = {.alive = alive, .i = from};
    for (;;) {
        const struct candidates before = s;
        const unsigned next = s.i < b.n ? step(&s, b.p[s.i]) : 0;
        if (!next) return finished(&before);
        if ((next & (next - 1)) == 0) return next;
        s.alive = next;
        s.i++;
    }
}

static bool goes_on(uint8_t c)
{
    return is_digit(c) || (uint8_t)((c | 0x20) - 'a') < 26 || c == '.' || c == '-' || c >= 0x80;
}

size_t lexer_number_read(bytes at, enum token_type *type)
{
    const size_t sign = peek(at, 0) == '-';
    if (peek(at, sign) == 'P') {
        *type = TOKEN_DURATION;
        return read_period(at, sign);
    }
    const size_t whole = digits(at, sign);
    *type = TOKEN_INTEGER;
    if (!goes_on(peek(at, whole))) return whole;
    if (!sign && whole == 1 && at.p[0] == '0' && (peek(at, 1) | 0x20) == 'x') {
        size_t i = 2;
        while (is_hex(peek(at, i))) i++;
        *type = TOKEN_HEX;
        return i;
    }
    const unsigned any = AS_INTEGER | AS_FLOAT | AS_DURATION;
    switch (predict(at, sign, sign ? any : any | AS_UUID)) {
    case AS_INTEGER: return whole;
    case AS_FLOAT: return read_float(at, whole, type);
    case AS_DURATION: *type = TOKEN_DURATION; return read_units(at, sign);
    case AS_UUID: *type = TOKEN_UUID; return read_uuid(at);
    default: return 0;
    }
}

size_t lexer_number_word(bytes at, size_t n, enum token_type *type)
{
    const bool dash = peek(at, n) == '-';
    *type = TOKEN_IDENT;
    if (n == UUID_HEAD && dash) {
        size_t i = 0;
        while (i < UUID_HEAD && is_hex(at.p[i])) i++;
        if (i < UUID_HEAD) return n;
        *type = TOKEN_UUID;
        return read_uuid(at);
    }
    if (at.p[0] != 'P') return n;
    if (n == 5 && dash && digits(at, 1) == 5) {
        *type = TOKEN_DURATION;
        return read_alternative(at, 0);
    }
    if (read_period((bytes){at.p, n}, 0) == n) *type = TOKEN_DURATION;
    return n;
}
