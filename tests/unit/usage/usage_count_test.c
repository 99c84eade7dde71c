/* What is counted for whom, and that nothing is counted twice or lost between two takings. */
#include "unit.h"

#include "usage/usage_count.h"

#include <stdio.h>
#include <stdlib.h>

#define ADA "AdaAdaAdaAdaAdaAdaAdaAda"
#define BOB "BobBobBobBobBobBobBobBob"

static const struct uuid org = {{1}};
static const struct uuid database = {{2}};
static const struct usage_who here = {"192.0.2.1", "driver 1"};
static const struct usage_who there = {"192.0.2.2", "driver 2"};

static struct usage_key key_of(const char *id)
{
    return (struct usage_key){bytes_of_text(id), org, database};
}

/* A whole round. */
static struct usage_delta *take(struct usage_count *c, struct arena *a)
{
    struct usage_delta *first = NULL;
    arena_drop(a);
    arena_init(a, 64 << 20);
    while (usage_count_take(c, 5000, a, &first)) continue;
    return first;
}

static struct usage_delta_table *table_of(const struct usage_delta *d, const char *name)
{
    for (struct usage_delta_table *t = d->tables; t; t = t->next) {
        if (bytes_eq_text(t->table, name)) return t;
    }
    return NULL;
}

/* A statement that is sent on: short where it can be. */
static void send(struct usage_entry *e, const struct usage_who *who, uint64_t number,
                 const char *table, bool write)
{
    if (number != USAGE_COUNT_UNNUMBERED && usage_count_again(e, who, number)) return;
    usage_count_table(e, BYTES("shop"), bytes_of_text(table), write);
    usage_count_request(e, who, number);
}

struct world {
    struct usage_count *c;
    struct arena a;
};

static int set_up(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    assert_ok(usage_count_new(&w->c));
    arena_init(&w->a, 1 << 20);
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    usage_count_free(w->c);
    arena_drop(&w->a);
    free(w);
    return 0;
}

static void a_login_is_a_use(void **state)
{
    struct world *w = *state;
    const struct usage_key ada = key_of(ADA);
    struct usage_entry *e = usage_count_enter(w->c, &ada, &here, 1000);
    assert_ptr_equal(usage_count_enter(w->c, &ada, &there, 2000), e);
    struct usage_delta *d = take(w->c, &w->a);
    assert_bytes(d->client_id, ADA);
    assert_int_equal(d->logins, 2);
    assert_int_equal(d->sessions, 2);
    assert_int_equal(d->used_ms, 2000);
    assert_bytes(d->from, "192.0.2.2");
    assert_bytes(d->by, "driver 2");
    assert_null(d->next);
    assert_null(take(w->c, &w->a));
    usage_count_leave(e, &here);
    usage_count_leave(e, &there);
    d = take(w->c, &w->a);
    assert_int_equal(d->sessions, -2);
    assert_int_equal(d->used_ms, 0);
    assert_int_equal(usage_count_entries(w->c), 0);
}

static void statements_count_for_their_tables(void **state)
{
    struct world *w = *state;
    const struct usage_key ada = key_of(ADA);
    struct usage_entry *e = usage_count_enter(w->c, &ada, &here, 1000);
    for (int i = 0; i < 1000; i++) {
        send(e, &here, 7, "orders", false);
        send(e, &here, 7 + USAGE_COUNT_SLOTS, "orders", true); /* the same slot */
        send(e, &there, 8, "users", false);
        send(e, &here, USAGE_COUNT_UNNUMBERED, "users", true);
    }
    const struct usage_delta *d = take(w->c, &w->a);
    assert_int_equal(d->statements, 4000);
    assert_int_equal(d->used_ms, 5000);
    assert_int_equal(table_of(d, "orders")->reads, 1000);
    assert_int_equal(table_of(d, "orders")->writes, 1000);
    assert_int_equal(table_of(d, "users")->reads, 1000);
    assert_int_equal(table_of(d, "users")->writes, 1000);
    assert_null(take(w->c, &w->a));
    send(e, &here, 8, "users", false);
    d = take(w->c, &w->a);
    assert_int_equal(d->statements, 1);
    assert_int_equal(table_of(d, "users")->reads, 1);
    assert_null(table_of(d, "orders"));
    usage_count_leave(e, &here);
}

/* Who asked last is shown, not who came last. */
static void the_latest_request_says_who(void **state)
{
    struct world *w = *state;
    const struct usage_key ada = key_of(ADA);
    struct usage_entry *e = usage_count_enter(w->c, &ada, &here, 1000);
    (void)usage_count_enter(w->c, &ada, &there, 1000);
    send(e, &there, 1, "orders", false);
    send(e, &here, 1, "orders", false);
    assert_bytes(take(w->c, &w->a)->from, "192.0.2.1");
    send(e, &there, 1, "orders", false);
    usage_count_leave(e, &there); /* and is gone before it is taken */
    assert_bytes(take(w->c, &w->a)->from, "192.0.2.2");
    usage_count_leave(e, &here);
}

/* A batch names a table ten times: it counts once; what was not sent does not count. */
static void a_request_counts_a_table_once(void **state)
{
    struct world *w = *state;
    const struct usage_key ada = key_of(ADA);
    struct usage_entry *e = usage_count_enter(w->c, &ada, &here, 1000);
    usage_count_table(e, BYTES("shop"), BYTES("lost"), true);
    usage_count_drop(e);
    for (int i = 0; i < 10; i++) {
        usage_count_table(e, BYTES("shop"), BYTES("orders"), true);
        usage_count_table(e, BYTES("shop"), BYTES("users"), true);
    }
    usage_count_request(e, &here, USAGE_COUNT_UNNUMBERED);
    const struct usage_delta *d = take(w->c, &w->a);
    assert_int_equal(d->statements, 1);
    assert_int_equal(table_of(d, "orders")->writes, 1);
    assert_int_equal(table_of(d, "users")->writes, 1);
    assert_null(table_of(d, "lost"));
    for (int i = 0; i < 3 * USAGE_COUNT_REQUEST; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "t%d", i);
        usage_count_table(e, BYTES("shop"), bytes_of_text(name), true);
    }
    usage_count_request(e, &here, USAGE_COUNT_UNNUMBERED);
    d = take(w->c, &w->a);
    assert_int_equal(table_of(d, USAGE_COUNT_OTHERS)->writes, 1);
    assert_int_equal(table_of(d, "t0")->writes, 1);
    usage_count_leave(e, &here);
}

static void tables_over_the_cap_are_counted_together(void **state)
{
    struct world *w = *state;
    const struct usage_key ada = key_of(ADA);
    struct usage_entry *e = usage_count_enter(w->c, &ada, &here, 1000);
    char name[USAGE_COUNT_NAME + 2];
    for (int i = 0; i < USAGE_COUNT_TABLES + 5; i++) {
        (void)snprintf(name, sizeof name, "t%d", i);
        send(e, &here, USAGE_COUNT_UNNUMBERED, name, false);
    }
    memset(name, 'x', sizeof name);
    name[USAGE_COUNT_NAME + 1] = '\0';
    send(e, &here, USAGE_COUNT_UNNUMBERED, name, false);
    const struct usage_delta *d = take(w->c, &w->a);
    assert_int_equal(table_of(d, USAGE_COUNT_OTHERS)->reads, 6);
    assert_int_equal(table_of(d, "t0")->reads, 1);
    assert_int_equal(d->statements, USAGE_COUNT_TABLES + 6);
    usage_count_leave(e, &here);
}

static void write_id(int i, char id[TOKEN_CLIENT_ID + 1])
{
    (void)snprintf(id, TOKEN_CLIENT_ID + 1, "%024d", i);
    for (int at = 0; at < TOKEN_CLIENT_ID; at++) id[at] = (char)('A' + id[at] - '0');
}

static void tables_of_many_tokens_have_a_cap_of_their_own(void **state)
{
    enum { TOKENS = USAGE_COUNT_TABLES_ALL / USAGE_COUNT_TABLES };
    struct world *w = *state;
    static struct usage_entry *all[TOKENS + 1];
    char id[TOKEN_CLIENT_ID + 1];
    char name[16];
    for (int i = 0; i <= TOKENS; i++) {
        write_id(i, id);
        const struct usage_key key = key_of(id);
        all[i] = usage_count_enter(w->c, &key, &here, 1000);
        for (int t = 0; t < USAGE_COUNT_TABLES; t++) {
            (void)snprintf(name, sizeof name, "t%d", t);
            usage_count_table(all[i], BYTES("shop"), bytes_of_text(name), false);
            usage_count_request(all[i], &here, USAGE_COUNT_UNNUMBERED);
        }
    }
    assert_int_equal(all[TOKENS - 1]->tables_n, USAGE_COUNT_TABLES);
    assert_int_equal(all[TOKENS]->tables_n, 1);
    for (int i = 0; i < TOKENS; i++) usage_count_leave(all[i], &here);
    (void)take(w->c, &w->a); /* entries that nobody is in go, and their tables with them */
    send(all[TOKENS], &here, USAGE_COUNT_UNNUMBERED, "one more", false);
    assert_int_equal(all[TOKENS]->tables_n, 2);
    usage_count_leave(all[TOKENS], &here);
}

static void tokens_over_the_cap_are_counted_together(void **state)
{
    struct world *w = *state;
    char id[TOKEN_CLIENT_ID + 1];
    for (int i = 0; i < USAGE_COUNT_ENTRIES + 3; i++) {
        write_id(i, id);
        const struct usage_key key = key_of(id);
        usage_count_refused(w->c, &key, REFUSAL_EXPIRED);
    }
    assert_int_equal(usage_count_entries(w->c), USAGE_COUNT_ENTRIES + 1);
    uint64_t together = 0, alone = 0;
    for (const struct usage_delta *d = take(w->c, &w->a); d; d = d->next)
        *(d->client_id.n ? &alone : &together) += d->refused[REFUSAL_EXPIRED];
    assert_int_equal(alone, USAGE_COUNT_ENTRIES);
    assert_int_equal(together, 3);
    assert_int_equal(usage_count_entries(w->c), 0);
}

static void refusals_are_no_use(void **state)
{
    struct world *w = *state;
    const struct usage_key bob = key_of(BOB);
    const struct usage_key nobody = {.scope = org};
    usage_count_refused(w->c, &bob, REFUSAL_EXPIRED);
    usage_count_refused(w->c, &bob, REFUSAL_EXPIRED);
    usage_count_refused(w->c, &bob, REFUSAL_DATABASE);
    usage_count_refused(w->c, &nobody, REFUSAL_API);
    const struct usage_delta *d = take(w->c, &w->a);
    assert_int_equal(d->refused[REFUSAL_EXPIRED], 2);
    assert_int_equal(d->refused[REFUSAL_DATABASE], 1);
    assert_int_equal(d->refusals, 3);
    assert_int_equal(d->used_ms, 0);
    assert_null(d->next);
}

/* Without memory it is all there the next time. */
static void nothing_is_lost_without_memory(void **state)
{
    struct world *w = *state;
    const struct usage_key ada = key_of(ADA);
    struct usage_entry *e = usage_count_enter(w->c, &ada, &here, 1000);
    struct usage_delta *d = NULL;
    struct arena small;
    send(e, &here, 3, "orders", true);
    arena_init(&small, 16);
    assert_false(usage_count_take(w->c, 1, &small, &d));
    assert_null(d);
    arena_drop(&small);
    d = take(w->c, &w->a);
    assert_int_equal(d->statements, 1);
    assert_int_equal(d->logins, 1);
    assert_int_equal(table_of(d, "orders")->writes, 1);
    usage_count_leave(e, &here);
}

static void databases_are_kept_apart(void **state)
{
    struct world *w = *state;
    const struct usage_key one = key_of(ADA);
    struct usage_key other = one;
    other.database.b[0] = 9;
    struct usage_entry *e = usage_count_enter(w->c, &one, &here, 1000);
    struct usage_entry *f = usage_count_enter(w->c, &other, &here, 1000);
    assert_ptr_not_equal(e, f);
    usage_count_leave(e, &here);
    usage_count_leave(f, &here);
}

static void names_are_printable_and_short(void **state)
{
    (void)state;
    char by[USAGE_COUNT_BY];
    char long_name[300];
    usage_count_write_by(BYTES("DataStax Java driver"), BYTES("4.17.0"), by);
    assert_string_equal(by, "DataStax Java driver 4.17.0");
    usage_count_write_by(BYTES("a\x1b[31m\n\xc3\xa9"), BYTES(""), by);
    assert_string_equal(by, "a?[31m???");
    usage_count_write_by((bytes){0}, (bytes){0}, by);
    assert_string_equal(by, "");
    memset(long_name, 'x', sizeof long_name);
    usage_count_write_by(bytes_of(long_name, sizeof long_name), bytes_of(long_name, sizeof long_name),
                         by);
    assert_int_equal(strlen(by), USAGE_COUNT_BY - 1);
    assert_int_equal(by[USAGE_COUNT_BY * 2 / 3], ' ');
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
UNIT_MAIN(TEST(a_login_is_a_use), TEST(statements_count_for_their_tables),
          TEST(the_latest_request_says_who), TEST(a_request_counts_a_table_once),
          TEST(tables_over_the_cap_are_counted_together),
          TEST(tables_of_many_tokens_have_a_cap_of_their_own),
          TEST(tokens_over_the_cap_are_counted_together), TEST(refusals_are_no_use),
          TEST(nothing_is_lost_without_memory), TEST(databases_are_kept_apart),
          cmocka_unit_test(names_are_printable_and_short))
