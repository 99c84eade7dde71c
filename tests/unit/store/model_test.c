/* Random operations, with a fixed seed: SQLite, reopened at random moments, answers what memory answers. */
#include "fixture.h"

#include "volume.h"

enum { TOKENS = 40, ROLES = 12, SCOPES = 3, CHANGES = 4 };

static uint64_t seed;

static unsigned below(unsigned n)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(seed >> 33) % n;
}

/* Mostly one scope, so that foreign records are met but do not rule. */
static unsigned random_scope(void)
{
    return below(8) ? 0 : below(SCOPES);
}

static struct record random_record(char *room, size_t size)
{
    static const char *const names[] = {"Reader", "READER", "writer", "Writer two", "\xc3\x84rger",
                                        "\xc3\xa4rger"};
    if (below(3) == 0) return fixture_role(below(ROLES), random_scope(), names[below(6)]);
    snprintf(room, size, "description %u", below(1000));
    return fixture_token(below(TOKENS), random_scope(), room);
}

static uint64_t random_expectation(void)
{
    const unsigned dice = below(8);
    if (dice == 0) return 1 + below(3);
    return dice < 3 ? CHANGE_ABSENT : CHANGE_ANY_VERSION;
}

struct seen {
    struct wr w;
    size_t n;
};

static bool write_down(void *owner, const struct record *r)
{
    struct seen *s = owner;
    wr_u64be(&s->w, r->version);
    record_write(r, &s->w);
    s->n++;
    return true;
}

static bool write_row(void *owner, uint64_t row, bytes event)
{
    struct seen *s = owner;
    (void)event;
    wr_u64be(&s->w, row);
    return true;
}

static void assert_same_scan(struct store *a, struct store *b, enum record_kind kind,
                             const struct uuid *scope, bytes after, size_t max)
{
    struct seen one = {wr_growing(1 << 24), 0};
    struct seen two = {wr_growing(1 << 24), 0};
    uint64_t cursor_one = 0;
    uint64_t cursor_two = 0;
    assert_ok(store_scan(a, kind, scope, after, max, write_down, &one, &cursor_one));
    assert_ok(store_scan(b, kind, scope, after, max, write_down, &two, &cursor_two));
    assert_int_equal(one.n, two.n);
    assert_true(one.n <= max);
    assert_int_equal(cursor_one, cursor_two);
    assert_true(bytes_eq(wr_view(&one.w), wr_view(&two.w)));
    wr_drop(&one.w);
    wr_drop(&two.w);
}

static void assert_same(struct store *a, struct store *b)
{
    struct store_numbers x;
    struct store_numbers y;
    assert_ok(store_count(a, &x));
    assert_ok(store_count(b, &y));
    assert_memory_equal(x.records, y.records, sizeof x.records);
    assert_int_equal(x.sequence, y.sequence);
    assert_int_equal(x.outbox_last, y.outbox_last);
    const struct uuid scope = fixture_uuid(below(SCOPES));
    const struct record r = fixture_token(below(TOKENS), 0, "");
    char id[RECORD_ID_MAX];
    const bytes after = bytes_of(id, record_id(&r, id));
    assert_same_scan(a, b, RECORD_TOKEN, NULL, (bytes){0}, 1000);
    assert_same_scan(a, b, RECORD_TOKEN, &scope, (bytes){0}, 1000);
    assert_same_scan(a, b, RECORD_TOKEN, &scope, after, below(5));
    assert_same_scan(a, b, RECORD_TOKEN, NULL, after, below(5));
    assert_same_scan(a, b, RECORD_ROLE, NULL, (bytes){0}, 1000);
    struct seen one = {wr_growing(1 << 24), 0};
    struct seen two = {wr_growing(1 << 24), 0};
    assert_ok(store_outbox_read(a, 0, 100000, write_row, &one));
    assert_ok(store_outbox_read(b, 0, 100000, write_row, &two));
    assert_true(bytes_eq(wr_view(&one.w), wr_view(&two.w)));
    wr_drop(&one.w);
    wr_drop(&two.w);
}

static void assert_same_get(struct fixture *f, struct store *a, struct store *b, const struct record *r)
{
    struct record one = {.version = 0};
    struct record two = {.version = 0};
    char text[RECORD_ID_MAX];
    const bytes id = bytes_of(text, record_id(r, text));
    const err x = store_get(a, r->kind, id, &f->arena, &one);
    const err y = store_get(b, r->kind, id, &f->arena, &two);
    assert_int_equal(x.code, y.code);
    assert_int_equal(one.version, two.version);
}

static void sqlite_answers_what_memory_answers(void **state)
{
    (void)state;
    struct fixture f;
    struct store *memory;
    const int rounds = (int)volume(2000, 20000, 100000);
    unsigned refused = 0;
    seed = 7;
    fixture_init(&f);
    assert_ok(store_memory_open(NULL, &memory));
    struct store *sqlite = fixture_open(&f, true, NULL);
    for (int i = 0; i < rounds; i++) {
        struct change changes[CHANGES];
        char room[CHANGES][64];
        const size_t n = below(2) ? 1 : 1 + below(CHANGES);
        for (size_t c = 0; c < n; c++) {
            const struct record r = random_record(room[c], sizeof room[c]);
            changes[c] = fixture_change(below(4) ? CHANGE_PUT : CHANGE_REMOVE, random_expectation(), r);
        }
        const char *event = below(8) ? "test.change" : NULL;
        const struct store_commit x = fixture_commit(&f, memory, changes, n, event);
        const struct store_commit y = fixture_commit(&f, sqlite, changes, n, event);
        assert_string_equal(err_row(x.result)->name, err_row(y.result)->name);
        assert_string_equal(x.note.text, y.note.text);
        assert_int_equal(x.sequence, y.sequence);
        if (!err_is_ok(x.result)) refused++;
        assert_same_get(&f, memory, sqlite, &changes[0].record);
        if (below(20) == 0) {
            store_outbox_done(memory, x.sequence / 2);
            store_outbox_done(sqlite, x.sequence / 2);
        }
        if (below(50) == 0) {
            store_close(sqlite);
            sqlite = fixture_open(&f, false, NULL);
            struct store_numbers numbers;
            assert_ok(store_count(sqlite, &numbers));
        }
        if (i % 50 == 0) assert_same(memory, sqlite);
    }
    struct note note = {{0}};
    assert_true(refused > (unsigned)rounds / 10 && refused < (unsigned)rounds * 9 / 10);
    assert_same(memory, sqlite);
    assert_ok(store_check(sqlite, &note));
    store_close(sqlite);
    store_close(memory);
    fixture_drop(&f);
}

UNIT_MAIN(cmocka_unit_test(sqlite_answers_what_memory_answers))
