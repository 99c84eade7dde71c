/* A million statements, each a little wrong: nothing crashes, and what is still accepted reads the
 * same when written again. */
#include "unit.h"

#include "volume.h"

#include "statement/corpus.h"

enum { TEXT_MAX = 4096 };

static uint64_t seed = UINT64_C(0x9E3779B97F4A7C15);

static size_t pick(size_t n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (size_t)(seed % n);
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* The word or sign around a place. */
static bytes piece(const char *line, size_t n)
{
    size_t from = pick(n);
    size_t to = from + 1;
    if (is_word(line[from])) {
        while (from > 0 && is_word(line[from - 1])) from--;
        while (to < n && is_word(line[to])) to++;
    }
    return bytes_of(line + from, to - from);
}

static size_t replace(char *text, size_t n, size_t at, size_t gone, bytes with)
{
    if (at > n) at = n;
    if (gone > n - at) gone = n - at;
    if (n - gone + with.n > TEXT_MAX) return n;
    memmove(text + at + with.n, text + at + gone, n - at - gone);
    if (with.n) memcpy(text + at, with.p, with.n);
    return n - gone + with.n;
}

static const char *line_of(const struct corpus *c)
{
    const char *line = c->lines[pick(c->n)];
    return strncmp(line, "refused ", 8) == 0 ? line + 8 : line;
}

static size_t mutate(const struct corpus *c, char *text, size_t n)
{
    static const char odd[] = "'\"$-/*()[]{}<>.,;:=+%? \n\t\0\x80\xff\xc2\xb5" "aZ09_";
    const bytes byte = bytes_of(odd + pick(sizeof odd - 1), 1);
    const char *other = line_of(c);
    const bytes old = n ? piece(text, n) : (bytes){0};
    const size_t at = n ? (size_t)((const char *)old.p - text) : 0;
    switch (pick(6)) {
    case 0: return replace(text, n, at, old.n, (bytes){0});
    case 1: return replace(text, n, at, old.n, piece(other, strlen(other)));
    case 2: return replace(text, n, at, 0, piece(other, strlen(other)));
    case 3: return replace(text, n, n ? pick(n) : 0, pick(2), byte);
    case 4: {
        const size_t from = pick(30);
        return replace(text, n, at, pick(12), bytes_part(bytes_of_text(other), from, pick(40)));
    }
    default: return n ? pick(n) : 0;
    }
}

static bool check(const struct schema *schema, bytes text, struct arena *call)
{
    struct statement s;
    struct statement again;
    struct note note;
    if (!err_is_ok(statement_understand(schema, BYTES("ks"), text, call, &s, &note))) return false;
    assert_ok(statement_understand(schema, (bytes){0}, s.text, call, &again, &note));
    assert_true(bytes_eq(s.text, again.text));
    assert_int_equal(s.kind, again.kind);
    assert_int_equal(s.needs_n, again.needs_n);
    return true;
}

static void survives(void **state)
{
    (void)state;
    struct corpus c = {0};
    struct arena picture;
    struct arena call;
    struct schema *schema;
    static char text[TEXT_MAX];
    corpus_read(&c);
    arena_init(&picture, 1 << 20);
    arena_init(&call, 1 << 20);
    assert_ok(schema_new(&picture, (struct hash_seed){0}, &schema));
    corpus_schema(schema, &call);
    const size_t runs = volume(100000, 1000000, 10000000);
    size_t accepted = 0;
    for (size_t i = 0; i < runs; i++) {
        const char *line = line_of(&c);
        size_t n = strlen(line);
        memcpy(text, line, n);
        for (size_t k = 1 + pick(3); k > 0; k--) n = mutate(&c, text, n);
        accepted += check(schema, bytes_of(text, n), &call);
        arena_reset(&call);
    }
    assert_true(accepted > runs / 50);
    corpus_drop(&c);
    arena_drop(&call);
    arena_drop(&picture);
}

UNIT_MAIN(cmocka_unit_test(survives))
