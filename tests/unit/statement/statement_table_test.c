/* tests/table/needs.txt: texts in; kind, needs, facts and rewritten text out, as the table says. */
#include "unit.h"

#include "base/wr.h"
#include "statement/schema_apply.h"
#include "statement/statement.h"
#include "statement/table_path.h"

#include <stdio.h>
#include <stdlib.h>

struct table {
    struct arena picture;
    struct arena call;
    struct schema *schema;
    char session[128];
    unsigned rows;
    unsigned wrong;
};

static const char *route_name(enum statement_route route)
{
    switch (route) {
    case STATEMENT_ROUTE_FORWARD: return "forward";
    case STATEMENT_ROUTE_LOCAL_SYSTEM: return "local";
    case STATEMENT_ROUTE_SCHEMA: return "schema";
    case STATEMENT_ROUTE_ESTIMATES: return "estimates";
    case STATEMENT_ROUTE_ESTIMATES_BOUND: return "estimates-bound";
    case STATEMENT_ROUTE_TRACES: return "traces";
    case STATEMENT_ROUTE_USE: return "use";
    case STATEMENT_ROUTE_DESCRIBE: return "describe";
    }
    return "?";
}

static void write_need(struct wr *w, const struct statement_need *n)
{
    wr_text(w, "  needs ");
    if (n->never) wr_text(w, "never ");
    wr_text(w, action_name(n->action));
    if (n->or_action != n->action) wr_format(w, " or %s", action_name(n->or_action));
    wr_format(w, " on %.*s", BYTES_FMT(n->keyspace));
    if (n->table.n) wr_format(w, ".%.*s", BYTES_FMT(n->table));
    if (!bytes_eq(n->table, n->named)) wr_format(w, " named %.*s", BYTES_FMT(n->named));
    if (n->table.n && n->table_any != bytes_eq(n->table, BYTES("*"))) wr_text(w, " (the name)");
    wr_text(w, "\n");
}

static void write_facts(struct wr *w, const struct statement *s)
{
    wr_format(w, "  is %s %s", statement_kind_name(s->kind), route_name(s->route));
    if (s->conditional) wr_text(w, " conditional");
    if (s->counter) wr_text(w, " counter");
    if (s->unknown_relation) wr_text(w, " unknown");
    if (s->select.simple) wr_text(w, " simple");
    if (s->binds_n) wr_format(w, " binds=%u", s->binds_n);
    if (s->write_type) wr_format(w, " lost=%s", s->write_type);
    wr_text(w, "\n");
}

/* What the statement turned out to be, in the words of the table. */
static void write_outcome(struct table *t, const char *text, struct wr *w)
{
    struct statement s;
    struct note note = {0};
    const err e = statement_understand(t->schema, bytes_of_text(t->session), bytes_of_text(text),
                                       &t->call, &s, &note);
    if (!err_is_ok(e)) {
        wr_format(w, "  error %s: %s\n", err_row(e)->name, note.text);
        return;
    }
    write_facts(w, &s);
    for (size_t i = 0; i < s.needs_n; i++) write_need(w, &s.needs[i]);
    wr_format(w, "  text %.*s\n", BYTES_FMT(s.text));
    struct statement again;
    const err twice = statement_understand(t->schema, (bytes){0}, s.text, &t->call, &again, &note);
    const bool same = err_is_ok(twice) && bytes_eq(again.text, s.text);
    if (!same) wr_text(w, "  changes when read again\n");
}

static void check(struct table *t, const char *text, bytes want, bool print)
{
    struct wr got = wr_growing(1 << 20);
    write_outcome(t, text, &got);
    t->rows++;
    if (print) {
        printf("%s\n%.*s", text, BYTES_FMT(wr_view(&got)));
    } else if (!bytes_eq(wr_view(&got), want)) {
        t->wrong++;
        print_error("%s\nwanted\n%.*sgot\n%.*s", text, BYTES_FMT(want), BYTES_FMT(wr_view(&got)));
    }
    wr_drop(&got);
    arena_reset(&t->call);
}

static bool is_command(struct table *t, const char *line, bool print)
{
    struct note note = {0};
    if (line[0] == '#' || line[0] == '\0') {
        if (print) puts(line);
    } else if (strncmp(line, "in ", 3) == 0 || strcmp(line, "in") == 0) {
        (void)snprintf(t->session, sizeof t->session, "%s", line[2] ? line + 3 : "");
        if (print) puts(line);
    } else if (strncmp(line, "schema ", 7) == 0) {
        if (print) puts(line);
        const bytes ddl = bytes_of_text(line + 7);
        assert_ok(schema_apply(t->schema, (bytes){0}, ddl, &t->call, &note));
        arena_reset(&t->call);
    } else {
        return false;
    }
    return true;
}

static void run(struct table *t, FILE *f, bool print)
{
    char *line = NULL;
    char *statement = NULL;
    size_t size = 0;
    struct wr want = wr_growing(1 << 20);
    for (ssize_t n = getline(&line, &size, f);; n = getline(&line, &size, f)) {
        if (n > 0 && line[n - 1] == '\n') line[n - 1] = '\0';
        if (n > 0 && line[0] == ' ') {
            wr_format(&want, "%s\n", line);
            continue;
        }
        if (statement) check(t, statement, wr_view(&want), print);
        free(statement);
        statement = NULL;
        want.n = 0;
        if (n < 0) break;
        if (!is_command(t, line, print)) statement = strdup(line);
    }
    free(line);
    wr_drop(&want);
}

static void says_what_the_table_says(void **state)
{
    (void)state;
    struct table t = {0};
    arena_init(&t.picture, 1 << 20);
    arena_init(&t.call, 1 << 20);
    assert_true(err_is_ok(schema_new(&t.picture, (struct hash_seed){1, 2}, &t.schema)));
    FILE *f = fopen(TABLE_FOLDER "/needs.txt", "r");
    assert_non_null(f);
    /* LATCHKEY_TABLE_PRINT=1 writes the table as the code would have it, to be read first. */
    run(&t, f, getenv("LATCHKEY_TABLE_PRINT") != NULL);
    (void)fclose(f);
    arena_drop(&t.call);
    arena_drop(&t.picture);
    assert_true(t.rows > 200);
    assert_int_equal(t.wrong, 0);
}

UNIT_MAIN(cmocka_unit_test(says_what_the_table_says))
