/* Every statement of the corpus is understood or named as refused, and reads the same when written
 * again. */
#include "unit.h"

#include "statement/corpus.h"

static void check_refused(const struct schema *schema, const char *line, struct arena *call)
{
    struct statement s;
    struct note note = {0};
    for (int k = 0; k < STATEMENT_KINDS; k++) {
        const enum statement_kind kind = (enum statement_kind)k;
        const bytes name = bytes_of_text(statement_kind_name(kind));
        if (!bytes_has_prefix(bytes_of_text(line), name) || line[name.n] != ' ') continue;
        const err e = statement_understand(schema, BYTES("ks"), bytes_of_text(line + name.n + 1),
                                           call, &s, &note);
        if (e.code != ERR_STATEMENT_REFUSED || s.kind != kind) continue;
        assert_non_null(strstr(note.text, statement_kind_name(kind)));
        return;
    }
    fail_msg("not refused by name: %s", line);
}

static void check_accepted(const struct schema *schema, const char *line, struct arena *call)
{
    struct statement s;
    struct statement again;
    struct note note = {0};
    const err e = statement_understand(schema, BYTES("ks"), bytes_of_text(line), call, &s, &note);
    if (!err_is_ok(e)) fail_msg("%s: %s", line, note.text);
    assert_ok(statement_understand(schema, (bytes){0}, s.text, call, &again, &note));
    assert_int_equal(s.kind, again.kind);
    assert_true(bytes_eq(s.text, again.text));
    assert_int_equal(s.needs_n, again.needs_n);
    assert_int_equal(s.binds_n, again.binds_n);
    for (size_t i = 0; i < s.needs_n; i++) {
        assert_int_equal(s.needs[i].action, again.needs[i].action);
        assert_true(bytes_eq(s.needs[i].keyspace, again.needs[i].keyspace));
        assert_true(bytes_eq(s.needs[i].table, again.needs[i].table));
        assert_false(s.needs[i].never);
    }
}

static void understands_all_of_it(void **state)
{
    (void)state;
    struct corpus c = {0};
    struct arena picture;
    struct arena call;
    struct schema *schema;
    corpus_read(&c);
    arena_init(&picture, 1 << 20);
    arena_init(&call, 1 << 20);
    assert_ok(schema_new(&picture, (struct hash_seed){0}, &schema));
    corpus_schema(schema, &call);
    for (size_t i = 0; i < c.n; i++) {
        const bool refused = strncmp(c.lines[i], "refused ", 8) == 0;
        if (refused) check_refused(schema, c.lines[i] + 8, &call);
        else check_accepted(schema, c.lines[i], &call);
        arena_reset(&call);
    }
    assert_true(c.n > 300);
    corpus_drop(&c);
    arena_drop(&call);
    arena_drop(&picture);
}

UNIT_MAIN(cmocka_unit_test(understands_all_of_it))
