/* The rights of the gateway's role, in Cassandra's words, against what a keyspace needs. */
#include "unit.h"

#include "cluster/picture.h"
#include "serve/grants.h"

enum {
    READ_WRITE = 1u << GRANT_SELECT | 1u << GRANT_MODIFY,
    SCHEMA = 1u << GRANT_CREATE | 1u << GRANT_ALTER | 1u << GRANT_DROP
};

struct right {
    const char *resource;
    const char *permission;
};

/* A picture of keyspaces "app" (tables a and b) and "funs" (table t, a function). */
static void look(const struct right *rights, size_t n, const char *keyspace, struct grants *out)
{
    static const struct response_column tables[] = {{.name = {(const uint8_t *)"keyspace_name", 13}},
                                                    {.name = {(const uint8_t *)"table_name", 10}}};
    static const struct response_column functions[] = {
        {.name = {(const uint8_t *)"keyspace_name", 13}}};
    bytes table_cells[] = {BYTES("app"), BYTES("a"), BYTES("app"), BYTES("b"), BYTES("funs"), BYTES("t")};
    bytes function_cells[] = {BYTES("funs")};
    struct picture_table all[] = {
        {BYTES("system_schema"), BYTES("tables"), tables, 2, table_cells, 3, 3},
        {BYTES("system_schema"), BYTES("functions"), functions, 1, function_cells, 1, 1},
    };
    struct picture_grant grants[8];
    struct picture p = {.tables = all, .tables_n = 2, .grants_known = true};
    for (size_t i = 0; i < n; i++) {
        grants[i] = (struct picture_grant){p.grants, bytes_of_text(rights[i].resource),
                                           bytes_of_text(rights[i].permission)};
        p.grants = &grants[i];
    }
    grants_of_keyspace(&p, bytes_of_text(keyspace), out);
}

static void what_is_not_granted_is_missing(void **state)
{
    static const struct right all[] = {{"<keyspace app>", "SELECT"}, {"<keyspace app>", "MODIFY"},
                                       {"<keyspace app>", "CREATE"}, {"<keyspace app>", "ALTER"},
                                       {"<keyspace app>", "DROP"}};
    struct grants g;
    (void)state;
    look(all, 5, "app", &g);
    assert_int_equal(g.held, READ_WRITE | SCHEMA);
    assert_int_equal(g.missing, 0);
    for (unsigned without = 0; without < 5; without++) {
        struct right some[4];
        for (unsigned i = 0, n = 0; i < 5; i++) {
            if (i != without) some[n++] = all[i];
        }
        look(some, 4, "app", &g);
        assert_int_equal(g.missing, 1u << without);
        assert_int_equal(g.left_out, 0);
    }
}

static void no_schema_changes_at_all_are_a_choice(void **state)
{
    static const struct right two[] = {{"<keyspace app>", "SELECT"}, {"<keyspace app>", "MODIFY"}};
    struct grants g;
    (void)state;
    look(two, 2, "app", &g);
    assert_int_equal(g.missing, 0);
    assert_int_equal(g.left_out, SCHEMA);
    look(NULL, 0, "app", &g);
    assert_int_equal(g.missing, READ_WRITE);
    assert_int_equal(g.left_out, SCHEMA);
}

static void a_right_counts_where_it_reaches(void **state)
{
    static const struct {
        struct right right;
        unsigned held;
    } rows[] = {
        {{"<keyspace apps>", "SELECT"}, 0},
        {{"<keyspace ap>", "SELECT"}, 0},
        {{"<keyspace app>", "AUTHORIZE"}, 0},
        {{"<all keyspaces>", "CREATE"}, 1u << GRANT_CREATE},
        {{"<all tables in app>", "MODIFY"}, 1u << GRANT_MODIFY},
        {{"<all tables in app>", "DROP"}, 0},
        {{"<table app.a>", "SELECT"}, 0},
        {{"<all functions in app>", "EXECUTE"}, 1u << GRANT_EXECUTE},
        {{"<keyspace app>", "EXECUTE"}, 0},
        {{"", "SELECT"}, 0},
        {{"<table app>", "SELECT"}, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct grants g;
        look(&rows[i].right, 1, "app", &g);
        assert_int_equal(g.held, rows[i].held);
    }
}

static void table_by_table_is_enough_when_none_is_left_out(void **state)
{
    static const struct right both[] = {{"<table app.a>", "SELECT"}, {"<table app.b>", "SELECT"}};
    static const struct right one[] = {{"<table app.a>", "SELECT"}, {"<table app.a>", "SELECT"}};
    struct grants g;
    (void)state;
    look(both, 2, "app", &g);
    assert_int_equal(g.held, 1u << GRANT_SELECT);
    look(one, 2, "app", &g);
    assert_int_equal(g.held, 0);
}

static void functions_need_execute_where_there_are_some(void **state)
{
    static const struct right two[] = {{"<keyspace funs>", "SELECT"}, {"<keyspace funs>", "MODIFY"},
                                       {"<all functions>", "EXECUTE"}};
    struct grants g;
    (void)state;
    look(two, 2, "funs", &g);
    assert_int_equal(g.missing, 1u << GRANT_EXECUTE);
    look(two, 3, "funs", &g);
    assert_int_equal(g.missing, 0);
}

static void what_reaches_roles_and_passwords_is_dangerous(void **state)
{
    static const struct {
        struct right right;
        enum grant_danger danger;
    } rows[] = {
        {{"<all keyspaces>", "SELECT"}, GRANT_DANGEROUS},
        {{"<all keyspaces>", "CREATE"}, GRANT_HARMLESS},
        {{"<all roles>", "CREATE"}, GRANT_DANGEROUS},
        {{"<role other>", "AUTHORIZE"}, GRANT_DANGEROUS},
        {{"<keyspace system_auth>", "SELECT"}, GRANT_DANGEROUS},
        {{"<table system_auth.roles>", "MODIFY"}, GRANT_DANGEROUS},
        {{"<all tables in system_auth>", "SELECT"}, GRANT_DANGEROUS},
        {{"<keyspace system_traces>", "SELECT"}, GRANT_NEEDLESS},
        {{"<all mbeans>", "EXECUTE"}, GRANT_NEEDLESS},
        {{"<keyspace app>", "AUTHORIZE"}, GRANT_HARMLESS},
        {{"<table app.system_auth>", "SELECT"}, GRANT_HARMLESS},
        {{"<all functions>", "EXECUTE"}, GRANT_HARMLESS},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(grants_danger(bytes_of_text(rows[i].right.resource),
                                       bytes_of_text(rows[i].right.permission)),
                         rows[i].danger);
    }
}

UNIT_MAIN(cmocka_unit_test(what_is_not_granted_is_missing),
          cmocka_unit_test(no_schema_changes_at_all_are_a_choice),
          cmocka_unit_test(a_right_counts_where_it_reaches),
          cmocka_unit_test(table_by_table_is_enough_when_none_is_left_out),
          cmocka_unit_test(functions_need_execute_where_there_are_some),
          cmocka_unit_test(what_reaches_roles_and_passwords_is_dangerous))
