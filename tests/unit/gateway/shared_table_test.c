/* Found by hash and by what it is, whatever else falls on the same places; by readers of other
 * threads while it changes. Meant for ThreadSanitizer as well. */
#include "unit.h"

#include "base/list.h"
#include "gateway/shared_table.h"

#include <pthread.h>
#include <stdlib.h>

struct item {
    struct grace grace;
    uint64_t number;
    uint64_t twice; /* 2 * number, as long as it is whole */
};

static bool has_number(const void *item, const void *key)
{
    return ((const struct item *)item)->number == *(const uint64_t *)key;
}

static struct item *find(const struct shared_table *t, uint64_t hash, uint64_t number)
{
    return shared_table_find(t, hash, has_number, &number);
}

static struct item *item_new(uint64_t number)
{
    struct item *i = calloc(1, sizeof *i);
    assert_non_null(i);
    i->number = number;
    i->twice = 2 * number;
    return i;
}

static void free_item(struct grace *g)
{
    free(LIST_OF(g, struct item, grace));
}

static void put(struct shared_table *t, uint64_t hash, uint64_t number)
{
    assert_ok(shared_table_reserve(t));
    shared_table_put(t, hash, item_new(number));
}

static void take(struct shared_table *t, uint64_t hash, uint64_t number)
{
    struct item *i = find(t, hash, number);
    assert_non_null(i);
    shared_table_take(t, hash, i);
    grace_call(&i->grace, free_item);
}

static void what_shares_a_hash_is_told_apart(void **state)
{
    (void)state;
    struct shared_table t;
    assert_ok(shared_table_init(&t));
    for (uint64_t n = 0; n < 50; n++)
        put(&t, 7, n);
    assert_null(find(&t, 7, 50));
    assert_null(find(&t, 8, 1));
    take(&t, 7, 0);
    take(&t, 7, 30);
    assert_null(find(&t, 7, 30));
    for (uint64_t n = 1; n < 50; n++) {
        if (n == 30) continue;
        assert_non_null(find(&t, 7, n)); /* over the places that were emptied */
        take(&t, 7, n);
    }
    assert_int_equal(t.n, 0);
    shared_table_drop(&t);
}

static void it_grows_with_what_is_in_it_only(void **state)
{
    (void)state;
    struct shared_table t;
    assert_ok(shared_table_init(&t));
    for (uint64_t n = 0; n < 100000; n++) {
        put(&t, n * 31, n);
        if (n >= 10) take(&t, (n - 10) * 31, n - 10);
    }
    assert_int_equal(t.n, 10);
    assert_true(atomic_load(&t.places)->size <= 512);
    for (uint64_t n = 100000 - 10; n < 100000; n++)
        take(&t, n * 31, n);
    shared_table_drop(&t);
}

/* --- threads --- */

enum { STAYING = 64, COMING = 200, ROUNDS = 2000 };

static struct shared_table shared;
static atomic_bool stop;
static atomic_uint wrong;

static void *read_on(void *unused)
{
    (void)unused;
    urcu_memb_register_thread();
    while (!atomic_load_explicit(&stop, memory_order_relaxed)) {
        for (uint64_t n = 0; n < STAYING + COMING; n++) {
            urcu_memb_read_lock();
            const struct item *i = find(&shared, n % 16, n);
            if (i ? i->twice != 2 * n : n < STAYING) atomic_fetch_add(&wrong, 1);
            urcu_memb_read_unlock();
        }
    }
    urcu_memb_unregister_thread();
    return NULL;
}

static void what_stays_is_always_found(void **state)
{
    (void)state;
    pthread_t readers[2];
    assert_ok(shared_table_init(&shared));
    for (uint64_t n = 0; n < STAYING; n++)
        put(&shared, n % 16, n);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&readers[i], NULL, read_on, NULL), 0);
    for (uint64_t round = 0; round < ROUNDS; round++) {
        const uint64_t n = STAYING + round * 7 % COMING;
        if (find(&shared, n % 16, n))
            take(&shared, n % 16, n);
        else
            put(&shared, n % 16, n);
    }
    atomic_store(&stop, true);
    for (size_t i = 0; i < 2; i++)
        (void)pthread_join(readers[i], NULL);
    assert_int_equal(atomic_load(&wrong), 0);
    for (uint64_t n = 0; n < STAYING + COMING; n++) {
        if (find(&shared, n % 16, n)) take(&shared, n % 16, n);
    }
    shared_table_drop(&shared);
}

static int group(void **state)
{
    (void)state;
    urcu_memb_register_thread();
    return 0;
}
static int group_end(void **state)
{
    (void)state;
    urcu_memb_barrier();
    urcu_memb_unregister_thread();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_shares_a_hash_is_told_apart),
                                       cmocka_unit_test(it_grows_with_what_is_in_it_only),
                                       cmocka_unit_test(what_stays_is_always_found)};
    return cmocka_run_group_tests(tests, group, group_end);
}
