/* Pictures: nodes, facts and schema out of rows. */
#include "picture_of.h"

#include "cluster/release.h"
#include "statement/schema.h"

static void releases_are_compared_by_number(void **state)
{
    (void)state;
    assert_int_equal(release_compare(BYTES("4.1.10"), BYTES("4.1.8")), 1);
    assert_int_equal(release_compare(BYTES("5.0.2"), BYTES("5.0.10")), -1);
    assert_int_equal(release_compare(BYTES("5.0-beta1"), BYTES("5.0.0")), 0);
    assert_int_equal(release_compare(BYTES(""), BYTES("garbage")), 0);
    assert_int_equal(release_compare(BYTES("99999999999999999999.1"), BYTES("5")), 1);
    assert_true(release_is_old(BYTES("4.0.11")));
    assert_true(release_is_old(BYTES("4.1.7")));
    assert_false(release_is_old(BYTES("4.1.8")));
    assert_true(release_is_old(BYTES("5.0.2")));
    assert_false(release_is_old(BYTES("5.0.3")));
    assert_false(release_is_old(BYTES("6.0-alpha2")));
}

static void nodes_are_those_that_can_be_used(void **state)
{
    (void)state;
    struct picture *p = picture_of_cluster();
    assert_int_equal(p->nodes_n, 3);
    assert_memory_equal(p->nodes[0].address, "\x7f\0\0\1", 4); /* the one that was dialled */
    assert_int_equal(p->nodes[0].port, 9042);
    assert_memory_equal(p->nodes[1].address, "\x0a\0\1\2", 4);
    assert_int_equal(p->nodes[1].port, 0x2353);
    assert_memory_equal(p->nodes[2].address, "\x0a\0\0\3", 4); /* any address: the peer's own */
    assert_int_equal(p->nodes[2].port, 9042);
    assert_true(p->nodes[0].is_local);
    assert_true(p->nodes[1].is_local);
    assert_false(p->nodes[2].is_local);
    assert_bytes(p->dc, "dc1");
    assert_bytes(p->release_version, "4.1.10");
    assert_bytes(p->cluster_name, "demo");
    assert_false(p->agreed);
    picture_free(p);
}

static void the_datacenter_may_be_chosen(void **state)
{
    (void)state;
    struct picture *p = picture_of_tables();
    assert_ok(picture_finish(p, BYTES("dc2"), BYTES("\x7f\0\0\1"), 9042));
    assert_false(p->nodes[0].is_local);
    assert_true(p->nodes[2].is_local);
    picture_free(p);
}

static void a_reading_without_the_node_itself_is_refused(void **state)
{
    (void)state;
    struct picture *p;
    assert_ok(picture_new(&p));
    assert_err(picture_finish(p, (bytes){0}, BYTES("\x7f\0\0\1"), 9042), FRAME_BAD);
    picture_free(p);
    p = picture_of_tables();
    assert_err(picture_finish(p, (bytes){0}, BYTES("odd"), 9042), FRAME_BAD);
    picture_free(p);
}

static void the_schema_knows_what_the_rows_say(void **state)
{
    (void)state;
    struct picture *p = picture_of_cluster();
    assert_true(schema_has_keyspace(p->schema, BYTES("app")));
    const struct schema_entry *view =
        schema_find(p->schema, SCHEMA_TABLE, BYTES("app"), BYTES("view_of_secret"));
    assert_non_null(view);
    assert_true(view->view);
    assert_bytes(view->owner->name, "secret");
    const struct schema_entry *index =
        schema_find(p->schema, SCHEMA_INDEX, BYTES("app"), BYTES("secret_s"));
    assert_non_null(index);
    assert_bytes(index->owner->name, "secret");
    assert_non_null(schema_find(p->schema, SCHEMA_TYPE, BYTES("app"), BYTES("Outer")));
    assert_null(schema_find(p->schema, SCHEMA_TYPE, BYTES("app"), BYTES("outer")));
    picture_free(p);
}

static void pages_are_joined_and_nulls_kept(void **state)
{
    (void)state;
    struct picture *p;
    const struct response_column columns[] = {{.name = BYTES("a"), .type = TEXT_TYPE},
                                              {.name = BYTES("b"), .type = TEXT_TYPE}};
    const struct picture_of_row rows[] = {{{BYTES("1"), {0}}}, {{BYTES("2"), BYTES("")}}};
    assert_ok(picture_new(&p));
    for (unsigned page = 0; page < 50; page++)
        picture_of_add(p, "ks", "t", columns, 2, rows, 2);
    const struct picture_table *t = picture_table(p, BYTES("ks"), BYTES("t"));
    assert_int_equal(t->rows_n, 100);
    assert_bytes(picture_cell(t, 99, "a"), "2");
    assert_non_null(picture_cell(t, 99, "b").p);
    assert_null(picture_cell(t, 98, "b").p);
    assert_null(picture_cell(t, 98, "c").p);
    assert_null(picture_cell(t, 100, "a").p);
    picture_free(p);
}

static void differences_are_seen(void **state)
{
    (void)state;
    struct picture *a = picture_of_cluster();
    struct picture *b = picture_of_cluster();
    assert_true(picture_is_same(a, b, false));
    struct picture_table *local = NULL;
    for (size_t i = 0; i < b->tables_n; i++) {
        if (bytes_eq_text(b->tables[i].name, "local")) local = &b->tables[i];
    }
    assert_non_null(local);
    local->cells[0] = BYTES("lokal");
    assert_false(picture_is_same(a, b, false));
    assert_true(picture_is_same(a, b, true));
    picture_free(b);
    b = picture_of_tables();
    const struct response_column columns[] = {{.name = BYTES("keyspace_name"), .type = TEXT_TYPE},
                                               {.name = BYTES("replication"), .type = MAP_TYPE}};
    const struct picture_of_row rows[] = {{{BYTES("new")}}};
    picture_of_add(b, "system_schema", "keyspaces", columns, 2, rows, 1);
    assert_ok(picture_finish(b, (bytes){0}, BYTES("\x7f\0\0\1"), 9042));
    assert_false(picture_is_same(a, b, true));
    picture_free(a);
    picture_free(b);
}

UNIT_MAIN(cmocka_unit_test(releases_are_compared_by_number),
          cmocka_unit_test(nodes_are_those_that_can_be_used),
          cmocka_unit_test(the_datacenter_may_be_chosen),
          cmocka_unit_test(a_reading_without_the_node_itself_is_refused),
          cmocka_unit_test(the_schema_knows_what_the_rows_say),
          cmocka_unit_test(pages_are_joined_and_nulls_kept), cmocka_unit_test(differences_are_seen))
