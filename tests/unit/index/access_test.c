/* Access lists: the compiled form answers as a walk over the record does, whatever is in the list. */
#include "unit.h"
#include "world.h"

#include "index/access.h"

#include <urcu/urcu-memb.h>

enum { ENTRIES_MAX = 40, LISTS = 200, QUESTIONS = 200 };

static struct world world;
static struct record_access entries[ENTRIES_MAX];
static char texts[ENTRIES_MAX][64];

static int set_up(void **state)
{
    (void)state;
    urcu_memb_register_thread();
    world_init(&world);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    world_drop(&world);
    urcu_memb_unregister_thread();
    return 0;
}

static void put(struct uuid id, bool enabled, size_t n)
{
    const struct snapshot *s = index_snapshot(world.index);
    struct record r = {.kind = RECORD_ACCESS_LIST};
    r.version = snapshot_record_version(s, RECORD_ACCESS_LIST, &id) + 1;
    r.of.access_list = (struct record_access_list){
        .id = id, .organization = WORLD_ORG, .enabled = enabled, .entries = entries, .entries_n = n};
    world_apply(&world, &(struct change){.verb = CHANGE_PUT, .record = r}, NULL);
}

static void entry(size_t i, const char *text, bool enabled)
{
    snprintf(texts[i], sizeof texts[i], "%s", text);
    entries[i] = (struct record_access){.address = bytes_of_text(texts[i]), .enabled = enabled};
}

static bool admits(struct uuid id, const char *text)
{
    struct ip from;
    assert_ok(ip_read_peer(bytes_of_text(text), &from));
    return index_admits(world.index, &id, &from);
}

/* --- the text --- */

static void what_is_no_range_is_refused(void **state)
{
    static const char *const bad[] = {"", "/", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0/8", "::/129", "10.0.0.0/-1",
                                      "10.0.0.0/8 ", " 10.0.0.0/8", "10.0.0.0/8/8", "::ffff:10.0.0.0/8", "fe80::1%eth0",
                                      "localhost", "010.0.0.1", "1.2.3.4:80", "10.0.0.0/0008", "[::1]"};
    struct ip_prefix range;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_err(ip_prefix_read(bytes_of_text(bad[i]), &range), BAD_INPUT);
    }
}

static void spellings_of_one_range_are_one(void **state)
{
    static const char *const same[][2] = {{"10.1.2.3/8", "10.0.0.0/8"}, {"0.0.0.1/0", "0.0.0.0/0"},
                                          {"1.2.3.4", "1.2.3.4/32"}, {"::ffff:1.2.3.4", "1.2.3.4"},
                                          {"::ffff:10.0.0.0/104", "10.0.0.0/8"}, {"2001:DB8::1/32", "2001:db8::/32"}};
    struct ip_prefix a;
    struct ip_prefix b;
    (void)state;
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        assert_ok(ip_prefix_read(bytes_of_text(same[i][0]), &a));
        assert_ok(ip_prefix_read(bytes_of_text(same[i][1]), &b));
        assert_true(ip_prefix_eq(&a, &b));
    }
}

static void a_range_is_written_as_it_is_read(void **state)
{
    static const char *const rows[][2] = {{"10.1.2.3/8", "10.0.0.0/8"}, {"1.2.3.4/32", "1.2.3.4"},
                                          {"::ffff:10.0.0.5/120", "10.0.0.0/24"}, {"::1/128", "::1"},
                                          {"2001:DB8:0:0::1/32", "2001:db8::/32"}, {"::/0", "::/0"},
                                          {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/127",
                                           "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127"}};
    struct ip_prefix range;
    char text[IP_PREFIX_TEXT];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_ok(ip_prefix_read(bytes_of_text(rows[i][0]), &range));
        ip_prefix_write(&range, text);
        assert_string_equal(text, rows[i][1]);
    }
}

static void a_peer_has_a_port_or_none(void **state)
{
    static const char *const good[][2] = {{"1.2.3.4:80", "1.2.3.4"}, {"[::1]:80", "::1"}, {"::1", "::1"},
                                          {"[::ffff:1.2.3.4]:1", "1.2.3.4"}};
    static const char *const bad[] = {"", "-", "uid=0", ":80", "[]:80", "1.2.3.4.5:80"};
    struct ip a;
    struct ip b;
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_ok(ip_read_peer(bytes_of_text(good[i][0]), &a));
        assert_ok(ip_read(bytes_of_text(good[i][1]), &b));
        assert_int_equal(a.family, b.family);
        assert_memory_equal(a.b, b.b, sizeof a.b);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_err(ip_read_peer(bytes_of_text(bad[i]), &a), BAD_INPUT);
    }
}

/* --- the lists --- */

static void what_is_not_enabled_is_open_and_empty_is_closed(void **state)
{
    const struct uuid id = WORLD_DB;
    (void)state;
    assert_false(index_is_closed(world.index, &id));
    assert_true(admits(id, "10.0.0.1"));
    put(id, false, 0);
    assert_true(admits(id, "10.0.0.1"));
    put(id, true, 0);
    assert_true(index_is_closed(world.index, &id));
    assert_false(admits(id, "10.0.0.1"));
    entry(0, "10.0.0.0/8", false);
    put(id, true, 1);
    assert_false(admits(id, "10.0.0.1"));
    entry(0, "10.0.0.0/8", true);
    put(id, true, 1);
    assert_true(admits(id, "10.0.0.1:9042"));
    assert_true(admits(id, "::ffff:10.0.0.1"));
    assert_false(admits(id, "11.0.0.1"));
    assert_false(admits(id, "a00::1"));
    const struct ip nowhere = {0};
    assert_false(index_admits(world.index, &id, &nowhere));
    struct change gone = {.verb = CHANGE_REMOVE, .record = {.kind = RECORD_ACCESS_LIST}};
    gone.record.of.access_list.id = id;
    world_apply(&world, &gone, NULL);
    assert_true(admits(id, "11.0.0.1"));
}

static void families_do_not_cover_each_other(void **state)
{
    const struct uuid id = WORLD_DB;
    (void)state;
    entry(0, "::/0", true);
    put(id, true, 1);
    assert_true(admits(id, "2001:db8::1"));
    assert_false(admits(id, "1.2.3.4"));
    entry(0, "0.0.0.0/0", true);
    put(id, true, 1);
    assert_false(admits(id, "::1"));
    assert_true(admits(id, "1.2.3.4"));
}

/* Few bits vary, so that ranges meet, nest and repeat. */
static void random_address(char *out, size_t size, bool v6)
{
    const uint32_t r = world_below(1 << 12);
    if (v6) {
        snprintf(out, size, "2001:db8:%x::%x", r >> 6 & 7, r & 63);
    } else {
        snprintf(out, size, "10.%u.%u.%u", r >> 9, r >> 4 & 3, r & 15);
    }
}

static void random_entry(size_t i)
{
    char text[48];
    char range[64];
    const bool v6 = world_below(2);
    random_address(text, sizeof text, v6);
    snprintf(range, sizeof range, "%s/%u", text, v6 ? 30 + world_below(99) : 6 + world_below(27));
    entry(i, range, world_below(8) > 0);
}

static void the_compiled_form_answers_as_the_record(void **state)
{
    size_t admitted = 0;
    struct access alone;
    (void)state;
    for (uint8_t l = 0; l < LISTS; l++) {
        const struct uuid id = world_id(0x0d, (uint8_t)(l % 5 + 1));
        const size_t n = world_below(ENTRIES_MAX);
        for (size_t i = 0; i < n; i++) random_entry(i);
        put(id, true, n);
        const struct record_access_list *list =
            snapshot_access_list(index_snapshot(world.index), &id);
        assert_ok(access_of(&alone, list));
        for (int q = 0; q < QUESTIONS; q++) {
            char text[48];
            struct ip from;
            random_address(text, sizeof text, world_below(2));
            assert_ok(ip_read(bytes_of_text(text), &from));
            const bool want = access_record_admits(list, &from);
            assert_int_equal(index_admits(world.index, &id, &from), want);
            assert_int_equal(access_admits(&alone, &id, &from), want);
            admitted += want;
        }
        access_drop(&alone);
    }
    assert_in_range(admitted, LISTS * QUESTIONS / 10, LISTS * QUESTIONS * 9 / 10);
}

static void count_change(void *owner, const struct uuid *list)
{
    const struct uuid id = WORLD_DB;
    assert_true(uuid_eq(list, &id));
    assert_false(admits(id, "10.0.0.1"));
    (*(int *)owner)++;
}

static void a_change_is_told_when_it_is_in_force(void **state)
{
    int told = 0;
    const struct index_effects effects = {.owner = &told, .access_changed = count_change};
    struct record r = {.kind = RECORD_ACCESS_LIST, .version = 1000};
    (void)state;
    r.of.access_list = (struct record_access_list){.id = WORLD_DB, .organization = WORLD_ORG, .enabled = true};
    world_apply(&world, &(struct change){.verb = CHANGE_PUT, .record = r}, &effects);
    assert_int_equal(told, 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

UNIT_MAIN(cmocka_unit_test(what_is_no_range_is_refused),
          cmocka_unit_test(spellings_of_one_range_are_one), cmocka_unit_test(a_range_is_written_as_it_is_read),
          cmocka_unit_test(a_peer_has_a_port_or_none),
          TEST(what_is_not_enabled_is_open_and_empty_is_closed),
          TEST(families_do_not_cover_each_other),
          TEST(the_compiled_form_answers_as_the_record),
          TEST(a_change_is_told_when_it_is_in_force))
