/* From those who count to those who ask: handed over, kept in memory, written, swept, and begun anew when
 * the file is damaged. */
#include "unit.h"

#include "base/clock.h"
#include "index/grace.h"
#include "usage/usage_file.h"
#include "usage/usage_own.h"

#include <stdlib.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define ADA "AdaAdaAdaAdaAdaAdaAdaAda"
#define BOB "BobBobBobBobBobBobBobBob"

static const struct uuid org = {{1}};
static const struct usage_who here = {"192.0.2.1", "driver 1"};
static char folder[] = "/tmp/latchkey-usage-XXXXXX";
static char path[64];
static int64_t hour; /* that has begun */

static struct usage_key key_of(const char *id)
{
    return (struct usage_key){bytes_of_text(id), org, {{2}}};
}

static bool has_token(void *owner, bytes client_id)
{
    (void)owner;
    return bytes_eq_text(client_id, ADA);
}

static struct usage *open_it(int64_t bytes_max)
{
    const struct usage_options o = {.path = path, .bytes_max = bytes_max, .has_token = has_token};
    struct usage *u = NULL;
    assert_ok(usage_open(&o, &u));
    return u;
}

static int set_up(void **state)
{
    (void)state;
    static int made;
    if (!made++) assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/usage-%d.db", folder, made);
    return 0;
}

static int64_t last_ms(struct usage *u, const char *id)
{
    urcu_memb_read_lock();
    const int64_t ms = usage_read_last_ms(u, bytes_of_text(id));
    urcu_memb_read_unlock();
    return ms;
}

struct question {
    const char *id;
    struct usage_seen seen;
    int64_t statements;
};

static err ask(void *owner, struct usage_file *f)
{
    struct question *q = owner;
    struct usage_hour hours[48];
    if (!f) return FAIL(NOT_READY);
    TRY(usage_file_token(f, bytes_of_text(q->id), &q->seen));
    const struct usage_span span = {
        .first = hour - 46, .n = 48, .scope = org, .token = q->seen.number};
    TRY(usage_file_hours(f, &span, hours));
    q->statements = 0;
    for (size_t i = 0; i < 48; i++) q->statements += hours[i].statements;
    return DONE;
}

/* Everything that a worker counted is there when it has gone and the collector was closed. */
static void what_is_counted_is_kept(void **state)
{
    struct usage_worker *w;
    struct question q = {.id = ADA};
    (void)state;
    struct usage *u = open_it(1 << 30);
    const int64_t now_ms = hour * USAGE_FILE_HOUR_MS + 5;
    assert_ok(usage_worker_new(u, &w));
    const struct usage_key ada = key_of(ADA);
    struct usage_entry *e = usage_count_enter(usage_worker_count(w), &ada, &here, now_ms);
    for (int i = 0; i < 3; i++) {
        usage_count_table(e, BYTES("shop"), BYTES("orders"), true);
        usage_count_request(e, &here, USAGE_COUNT_UNNUMBERED);
        usage_worker_hand(w, now_ms + i);
    }
    usage_count_leave(e, &here);
    usage_worker_free(w, now_ms + 9);
    const struct usage_key bob = key_of(BOB);
    usage_note_used(u, &bob, &here, now_ms);
    usage_note_refused(u, &bob, REFUSAL_API);
    usage_close(u);
    u = open_it(1 << 30);
    assert_ok(usage_ask(u, ask, &q));
    assert_int_equal(q.statements, 3);
    assert_true(last_ms(u, ADA) >= now_ms);
    assert_int_equal(last_ms(u, BOB), now_ms);
    assert_int_equal(last_ms(u, "CccCccCccCccCccCccCccCcc"), 0);
    usage_close(u);
}

static void nothing_is_known_without_it(void **state)
{
    struct question q = {.id = ADA};
    struct usage_worker *w;
    (void)state;
    assert_int_equal(last_ms(NULL, ADA), 0);
    assert_ok(usage_worker_new(NULL, &w));
    assert_null(usage_worker_count(w));
    usage_worker_hand(w, 1);
    usage_worker_free(w, 1);
    assert_err(usage_ask(NULL, ask, &q), NOT_READY);
}

static void damage(off_t at)
{
    char junk[4096];
    memset(junk, 'x', sizeof junk);
    const int fd = open(path, O_WRONLY);
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, junk, sizeof junk, at), (ssize_t)sizeof junk);
    assert_int_equal(close(fd), 0);
}

static void use(struct usage *u, const char *id, int64_t now_ms)
{
    const struct usage_key key = key_of(id);
    usage_note_used(u, &key, &here, now_ms);
}

static bool is_there(const char *ending)
{
    char name[128];
    struct stat s;
    (void)snprintf(name, sizeof name, "%s%s", path, ending);
    return stat(name, &s) == 0;
}

/* A file whose first page is nothing, or whose tables are: it is set aside, and counting goes on. */
static void a_damaged_file_is_set_aside(void **state)
{
    static const off_t places[] = {0, 4096};
    (void)state;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        struct usage *u = open_it(1 << 30);
        use(u, ADA, 1000);
        usage_close(u);
        damage(places[i]);
        u = open_it(1 << 30);
        use(u, BOB, 2000);
        usage_close(u);
        assert_true(is_there(".damaged"));
        u = open_it(1 << 30);
        /* Damage that is found while writing costs what was being written. */
        assert_int_equal(last_ms(u, ADA), 0);
        use(u, BOB, 3000);
        usage_close(u);
        u = open_it(1 << 30);
        assert_int_equal(last_ms(u, BOB), 3000);
        usage_close(u);
    }
}

static void a_folder_that_is_not_there_stops_nobody(void **state)
{
    (void)state;
    (void)snprintf(path, sizeof path, "%s/none/usage.db", folder);
    struct usage *u = open_it(1 << 30);
    use(u, ADA, 1000);
    usage_close(u);
}

/* Ninety days later: the hours are gone, and so is the token that is there no more. */
static void what_is_gone_is_swept(void **state)
{
    struct question q = {.id = ADA};
    const int64_t now_ms = hour * USAGE_FILE_HOUR_MS;
    (void)state;
    struct usage *u = open_it(1 << 30);
    use(u, ADA, now_ms);
    use(u, BOB, now_ms);
    usage_close(u);
    u = open_it(1 << 30);
    assert_false(usage_sweep_turn(u, now_ms));
    assert_int_equal(last_ms(u, BOB), now_ms);
    assert_false(usage_sweep_turn(u, now_ms + 90 * INT64_C(86400000)));
    assert_int_equal(last_ms(u, BOB), 0);
    assert_int_equal(last_ms(u, ADA), now_ms);
    q.id = BOB;
    assert_ok(usage_ask(u, ask, &q));
    assert_int_equal(q.seen.number, 0);
    usage_close(u);
}

/* Over the bound the oldest hours go first, and the newest stay. */
static void the_file_is_bounded(void **state)
{
    struct question q = {.id = ADA};
    struct note note = {{0}};
    (void)state;
    struct usage *u = open_it(1);
    for (int i = 0; i < 40; i++) {
        const struct usage_delta d = {
            .client_id = BYTES(ADA), .scope = org, .used_ms = 1, .statements = 1};
        assert_ok(usage_file_begin(&u->writer, &note));
        assert_ok(usage_file_add(&u->writer, &d, (hour - i) * USAGE_FILE_HOUR_MS, &note));
        assert_ok(usage_file_commit(&u->writer, &note));
    }
    assert_true(usage_sweep_turn(u, hour * USAGE_FILE_HOUR_MS));
    assert_ok(usage_ask(u, ask, &q));
    assert_in_range(q.statements, 30, 39);
    while (usage_sweep_turn(u, hour * USAGE_FILE_HOUR_MS)) continue;
    assert_ok(usage_ask(u, ask, &q));
    assert_int_equal(q.statements, 1);
    usage_close(u);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_is_counted_is_kept, set_up),
        cmocka_unit_test(nothing_is_known_without_it),
        cmocka_unit_test_setup(a_damaged_file_is_set_aside, set_up),
        cmocka_unit_test_setup(a_folder_that_is_not_there_stops_nobody, set_up),
        cmocka_unit_test_setup(what_is_gone_is_swept, set_up),
        cmocka_unit_test_setup(the_file_is_bounded, set_up)};
    urcu_memb_register_thread();
    hour = clock_utc_ms() / USAGE_FILE_HOUR_MS;
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    char command[128];
    (void)snprintf(command, sizeof command, "rm -rf %s", folder);
    (void)!system(command);
    grace_wait();
    urcu_memb_unregister_thread();
    return failed;
}
