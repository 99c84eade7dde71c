/* The file: what is added is found by hour, token and organization, and files that are none of ours are
 * told from those that are. */
#include "unit.h"

#include "base/wr.h"
#include "usage/usage_file.h"

#include <stdlib.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define ADA "AdaAdaAdaAdaAdaAdaAdaAda"
#define BOB "BobBobBobBobBobBobBobBob"
#define HOUR ((int64_t)USAGE_FILE_HOUR_MS)
#define NOW (500000 * HOUR + 10)

static const struct uuid org = {{1}};
static const struct uuid elsewhere = {{3}};
static char folder[] = "/tmp/latchkey-usage-XXXXXX";
static char path[64];

static int set_up(void **state)
{
    (void)state;
    static int made;
    if (!made++) assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/usage-%d.db", folder, made);
    return 0;
}

static void add(struct usage_file *f, struct usage_delta d, int64_t now_ms)
{
    struct note note = {{0}};
    assert_ok(usage_file_begin(f, &note));
    assert_ok(usage_file_add(f, &d, now_ms, &note));
    assert_ok(usage_file_commit(f, &note));
}

static struct usage_delta used(const char *id, int64_t used_ms, const char *from, int64_t statements)
{
    return (struct usage_delta){.client_id = bytes_of_text(id),
                                .scope = org,
                                .database = {{2}},
                                .used_ms = used_ms,
                                .from = bytes_of_text(from),
                                .by = BYTES("driver 1"),
                                .logins = 1,
                                .statements = statements};
}

static struct usage_span span_of(struct usage_file *f, const char *id, size_t hours)
{
    struct usage_seen seen = {0};
    if (id) assert_ok(usage_file_token(f, bytes_of_text(id), &seen));
    return (struct usage_span){.first = NOW / HOUR - (int64_t)hours + 1,
                               .n = hours,
                               .scope = org,
                               .token = seen.number};
}

static void a_use_that_has_not_come_is_replaced(void **state)
{
    struct usage_file f;
    struct usage_seen seen;
    struct note note = {{0}};
    (void)state;
    assert_ok(usage_file_open(path, &f, &note));
    add(&f, used(ADA, NOW + 9000 * HOUR, "192.0.2.1", 1), NOW + 9000 * HOUR);
    add(&f, used(ADA, 0, "192.0.2.3", 0), NOW);
    assert_ok(usage_file_token(&f, BYTES(ADA), &seen));
    assert_int_equal(seen.used_ms, NOW + 9000 * HOUR);
    add(&f, used(ADA, NOW, "192.0.2.2", 1), NOW);
    assert_ok(usage_file_token(&f, BYTES(ADA), &seen));
    assert_int_equal(seen.used_ms, NOW);
    assert_string_equal(seen.from, "192.0.2.2");
    usage_file_close(&f);
}

static void open_it(struct usage_file *f)
{
    struct note note = {{0}};
    assert_ok(usage_file_open(path, f, &note));
}

static void a_later_use_replaces_an_earlier_one(void **state)
{
    struct usage_file f;
    struct usage_seen seen;
    (void)state;
    open_it(&f);
    assert_ok(usage_file_token(&f, BYTES(ADA), &seen));
    assert_int_equal(seen.number, 0);
    add(&f, used(ADA, NOW, "192.0.2.1", 1), NOW);
    add(&f, used(ADA, NOW - 5, "192.0.2.2", 1), NOW);
    struct usage_delta refused = used(ADA, 0, "", 0);
    refused.logins = 0;
    refused.refused[REFUSAL_EXPIRED] = refused.refusals = 1;
    add(&f, refused, NOW);
    assert_ok(usage_file_token(&f, BYTES(ADA), &seen));
    assert_int_equal(seen.used_ms, NOW);
    assert_string_equal(seen.from, "192.0.2.1");
    assert_string_equal(seen.by, "driver 1");
    usage_file_close(&f);
    open_it(&f); /* and is there the next time */
    assert_ok(usage_file_token(&f, BYTES(ADA), &seen));
    assert_int_equal(seen.used_ms, NOW);
    usage_file_close(&f);
}

static void hours_roll_over(void **state)
{
    struct usage_file f;
    struct usage_hour hours[3];
    (void)state;
    open_it(&f);
    add(&f, used(ADA, NOW - HOUR, "", 5), NOW - HOUR);
    add(&f, used(ADA, NOW, "", 7), NOW);
    add(&f, used(ADA, NOW, "", 1), NOW);
    add(&f, used(BOB, NOW, "", 100), NOW);
    struct usage_delta other = used("CccCccCccCccCccCccCccCcc", NOW, "", 1000);
    other.scope = elsewhere;
    add(&f, other, NOW);
    struct usage_span span = span_of(&f, ADA, 3);
    assert_ok(usage_file_hours(&f, &span, hours));
    assert_int_equal(hours[0].statements, 0);
    assert_int_equal(hours[1].statements, 5);
    assert_int_equal(hours[2].statements, 8);
    assert_int_equal(hours[2].logins, 2);
    span = span_of(&f, NULL, 3);
    assert_ok(usage_file_hours(&f, &span, hours));
    assert_int_equal(hours[1].statements, 5);
    assert_int_equal(hours[2].statements, 108);
    usage_file_close(&f);
}

static void on_refused(void *owner, bytes client_id, int64_t n)
{
    struct wr *w = owner;
    wr_format(w, "%.*s=%lld ", BYTES_FMT(client_id), (long long)n);
}

static void refusals_are_kept_by_reason(void **state)
{
    struct usage_file f;
    int64_t counts[REFUSALS];
    char room[256] = "";
    (void)state;
    open_it(&f);
    struct usage_delta d = used(ADA, 0, "", 0);
    d.refused[REFUSAL_EXPIRED] = 2;
    d.refused[REFUSAL_STATEMENT] = 3;
    d.refusals = 5;
    add(&f, d, NOW);
    add(&f, d, NOW - HOUR);
    d.client_id = BYTES(BOB);
    add(&f, d, NOW);
    d.client_id = (bytes){0}; /* of others: in the organization's counts alone */
    add(&f, d, NOW);
    struct usage_span span = span_of(&f, ADA, 24);
    assert_ok(usage_file_refusals(&f, &span, counts));
    assert_int_equal(counts[REFUSAL_EXPIRED], 4);
    assert_int_equal(counts[REFUSAL_STATEMENT], 6);
    assert_int_equal(counts[REFUSAL_API], 0);
    span = span_of(&f, NULL, 1);
    assert_ok(usage_file_refusals(&f, &span, counts));
    assert_int_equal(counts[REFUSAL_EXPIRED], 6);
    struct wr w = wr_fixed(room, sizeof room - 1);
    span = span_of(&f, NULL, 24);
    assert_ok(usage_file_refused(&f, &span, on_refused, &w));
    assert_bytes(wr_view(&w), ADA "=10 " BOB "=5 ");
    usage_file_close(&f);
}

/* --- who was refused most: in sums of 8 and of 64 hours, and hour by hour the same --- */

enum { CROWD = 25, SPAN_MAX = 300, FIRST_HOUR = 500000 };

static uint64_t seed = 7;

static unsigned below(unsigned n)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(seed >> 33) % n;
}

static const char *crowd_name(unsigned i)
{
    static char text[TOKEN_CLIENT_ID + 1];
    (void)snprintf(text, sizeof text, "%.*s%c", TOKEN_CLIENT_ID - 1, ADA, (int)('a' + i));
    return text;
}

static void refuse(struct usage_file *f, unsigned who, int64_t hour, struct uuid scope, int64_t n)
{
    struct usage_delta d = used(crowd_name(who), 0, "", 0);
    d.logins = 0;
    d.scope = scope;
    d.refused[REFUSAL_EXPIRED] = d.refused[REFUSAL_API] = n;
    d.refusals = 2 * n;
    assert_ok(usage_file_add(f, &d, hour * HOUR + below(1000), NULL));
}

/* Most of the crowd in most of the hours; somebody else's are told from them. */
static void refuse_many(struct usage_file *f, int64_t first, int64_t last)
{
    assert_ok(usage_file_begin(f, NULL));
    for (int64_t hour = first; hour <= last; hour++) {
        for (unsigned who = 0; who < CROWD; who++) {
            if (below(4) == 0) continue;
            refuse(f, who, hour, who % 7 == 3 ? elsewhere : org, 1 + below(9));
        }
    }
    assert_ok(usage_file_commit(f, NULL));
}

/* What each hour by itself says. */
static void by_hours(struct usage_file *f, int64_t first, int64_t last, struct wr *w)
{
    static const char sql[] = "SELECT k.client_id, sum(n) AS s FROM refusal t JOIN token k ON k.number = t.token"
                              " WHERE t.hour BETWEEN ?1 AND ?2 AND t.scope = ?3 GROUP BY t.token"
                              " ORDER BY s DESC, k.client_id LIMIT 10";
    sqlite3_stmt *q = NULL;
    assert_int_equal(sqlite3_prepare_v2(f->db, sql, -1, &q, NULL), SQLITE_OK);
    (void)sqlite3_bind_int64(q, 1, first);
    (void)sqlite3_bind_int64(q, 2, last);
    (void)sqlite3_bind_blob(q, 3, org.b, sizeof org.b, SQLITE_STATIC);
    while (sqlite3_step(q) == SQLITE_ROW) {
        on_refused(w, bytes_of_text((const char *)sqlite3_column_text(q, 0)), sqlite3_column_int64(q, 1));
    }
    (void)sqlite3_finalize(q);
}

static void compare(struct usage_file *f, int64_t first, int64_t last)
{
    char room[2][1024];
    struct wr sums = wr_fixed(room[0], sizeof room[0]);
    struct wr hours = wr_fixed(room[1], sizeof room[1]);
    const struct usage_span span = {.first = first, .n = (size_t)(last - first + 1), .scope = org};
    assert_ok(usage_file_refused(f, &span, on_refused, &sums));
    by_hours(f, first, last, &hours);
    if (!bytes_eq(wr_view(&sums), wr_view(&hours))) {
        fail_msg("hours %lld to %lld: %.*s, but by the hour %.*s", (long long)first, (long long)last,
                 BYTES_FMT(wr_view(&sums)), BYTES_FMT(wr_view(&hours)));
    }
}

static void compare_many(struct usage_file *f, int64_t first, int64_t last)
{
    for (int i = 0; i < 200; i++) {
        const int64_t from = first - 5 + below((unsigned)(last - first + 1));
        compare(f, from, from + below((unsigned)(last + 5 - from)));
    }
    compare(f, first - 1, last);
    compare(f, first, last);
    compare(f, last, last);
    compare(f, last + 1, last + 3);
}

static int64_t sums_before(struct usage_file *f, int64_t hour)
{
    sqlite3_stmt *q = NULL;
    assert_int_equal(sqlite3_prepare_v2(f->db, "SELECT count(*) FROM refused WHERE first < ?1", -1, &q, NULL),
                     SQLITE_OK);
    (void)sqlite3_bind_int64(q, 1, hour);
    assert_int_equal(sqlite3_step(q), SQLITE_ROW);
    const int64_t n = sqlite3_column_int64(q, 0);
    (void)sqlite3_finalize(q);
    return n;
}

static void sums_say_what_the_hours_say(void **state)
{
    struct usage_file f;
    struct note note = {{0}};
    const int64_t last = FIRST_HOUR + SPAN_MAX;
    (void)state;
    open_it(&f);
    compare(&f, FIRST_HOUR, last); /* of nothing */
    refuse_many(&f, FIRST_HOUR, last);
    compare_many(&f, FIRST_HOUR, last);
    /* Old hours go in the middle of a sum, and of a clock that was wrong some come too early. */
    refuse_many(&f, last + 2, last + 9);
    refuse_many(&f, last + 200, last + 201);
    assert_ok(usage_file_sweep(&f, FIRST_HOUR + 101, last + 1, &note));
    compare_many(&f, FIRST_HOUR, last + 220);
    assert_int_equal(sums_before(&f, FIRST_HOUR + 101), 0);
    assert_true(sums_before(&f, last) > 0);
    /* The same hours come again, in order. */
    refuse_many(&f, last + 1, last + 70);
    compare_many(&f, FIRST_HOUR, last + 70);
    /* Shortened to less than a sum. */
    assert_ok(usage_file_sweep(&f, last + 67, last + 71, &note));
    refuse_many(&f, last + 70, last + 71);
    compare_many(&f, last + 40, last + 90);
    usage_file_close(&f);
}

static void a_file_of_version_1_gets_its_sums(void **state)
{
    struct usage_file f;
    int64_t before[REFUSALS];
    int64_t after[REFUSALS];
    (void)state;
    open_it(&f);
    refuse_many(&f, FIRST_HOUR, FIRST_HOUR + 80);
    const struct usage_span span = {.first = FIRST_HOUR, .n = 100, .scope = org};
    assert_ok(usage_file_refusals(&f, &span, before));
    assert_true(before[REFUSAL_EXPIRED] > 0);
    usage_file_close(&f);
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "DROP TABLE refused; DROP TABLE scope_refusal; PRAGMA user_version = 1",
                                  NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    for (int i = 0; i < 2; i++) { /* and only once */
        open_it(&f);
        assert_ok(usage_file_refusals(&f, &span, after));
        assert_memory_equal(before, after, sizeof after);
        compare_many(&f, FIRST_HOUR, FIRST_HOUR + 80);
        usage_file_close(&f);
    }
}

static void on_table(void *owner, const struct usage_visit *v)
{
    struct wr *w = owner;
    wr_format(w, "%u/%.*s.%.*s r%lld w%lld @%lld ", v->database.b[0], BYTES_FMT(v->keyspace),
              BYTES_FMT(v->table), (long long)v->reads, (long long)v->writes,
              (long long)(v->used_ms - NOW));
}

static void tables_are_summed_over_hours(void **state)
{
    struct usage_file f;
    char room[256] = "";
    (void)state;
    open_it(&f);
    struct usage_delta_table orders = {.keyspace = BYTES("shop"), .table = BYTES("orders"), .reads = 3};
    struct usage_delta_table users = {
        .next = &orders, .keyspace = BYTES("shop"), .table = BYTES("users"), .writes = 2};
    struct usage_delta d = used(ADA, NOW - HOUR, "", 5);
    d.tables = &users;
    add(&f, d, NOW - HOUR);
    d.used_ms = NOW;
    d.tables = &orders;
    add(&f, d, NOW);
    struct wr w = wr_fixed(room, sizeof room - 1);
    struct usage_span span = span_of(&f, ADA, 24);
    assert_ok(usage_file_tables(&f, &span, on_table, &w));
    assert_bytes(wr_view(&w), "2/shop.orders r6 w0 @0 2/shop.users r0 w2 @-3600000 ");
    w.n = 0;
    span = span_of(&f, ADA, 1);
    assert_ok(usage_file_tables(&f, &span, on_table, &w));
    assert_bytes(wr_view(&w), "2/shop.orders r3 w0 @0 ");
    usage_file_close(&f);
}

static void old_hours_go(void **state)
{
    struct usage_file f;
    struct usage_hour hours[USAGE_FILE_HOURS];
    struct note note = {{0}};
    int64_t bytes_n = 0;
    int64_t oldest = 0;
    (void)state;
    open_it(&f);
    for (int i = 0; i < 10; i++) add(&f, used(ADA, NOW, "", 1), NOW - i * HOUR);
    add(&f, used(ADA, NOW, "", 1), NOW + 50 * HOUR); /* by a clock that was wrong */
    assert_ok(usage_file_sweep(&f, NOW / HOUR - 4, NOW / HOUR + 1, &note));
    const struct usage_span span = span_of(&f, ADA, USAGE_FILE_HOURS);
    assert_ok(usage_file_hours(&f, &span, hours));
    int64_t sum = 0;
    for (size_t i = 0; i < USAGE_FILE_HOURS; i++) sum += hours[i].statements;
    assert_int_equal(sum, 5);
    assert_ok(usage_file_size(&f, &bytes_n, &oldest, &note));
    assert_true(bytes_n > 0);
    assert_int_equal(oldest, NOW / HOUR - 4);
    usage_file_close(&f);
}

static void nobody_else_reads_it(void **state)
{
    struct usage_file f;
    struct stat s;
    (void)state;
    open_it(&f);
    add(&f, used(ADA, NOW, "", 1), NOW);
    assert_int_equal(stat(path, &s), 0);
    assert_int_equal(s.st_mode & 0777, 0600);
    usage_file_close(&f);
}

static void write_file(const char *text, size_t n, off_t at, bool cut)
{
    const int fd = open(path, O_WRONLY | O_CREAT | (cut ? O_TRUNC : 0), 0600);
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, text, n, at), (ssize_t)n);
    assert_int_equal(close(fd), 0);
}

static void what_is_no_file_of_ours_is_refused(void **state)
{
    struct usage_file f;
    struct note note = {{0}};
    sqlite3 *db = NULL;
    (void)state;
    write_file("This is a text and no database at all, whatever its name says. ", 63, 0, true);
    assert_err(usage_file_open(path, &f, &note), STORE_WRONG);
    usage_file_set_aside(path);
    open_it(&f);
    usage_file_close(&f);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "CREATE TABLE other (x)", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    assert_err(usage_file_open(path, &f, &note), STORE_WRONG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_later_use_replaces_an_earlier_one, set_up),
        cmocka_unit_test_setup(a_use_that_has_not_come_is_replaced, set_up),
        cmocka_unit_test_setup(hours_roll_over, set_up),
        cmocka_unit_test_setup(refusals_are_kept_by_reason, set_up),
        cmocka_unit_test_setup(sums_say_what_the_hours_say, set_up),
        cmocka_unit_test_setup(a_file_of_version_1_gets_its_sums, set_up),
        cmocka_unit_test_setup(tables_are_summed_over_hours, set_up),
        cmocka_unit_test_setup(old_hours_go, set_up),
        cmocka_unit_test_setup(nobody_else_reads_it, set_up),
        cmocka_unit_test_setup(what_is_no_file_of_ours_is_refused, set_up)};
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    char command[128];
    (void)snprintf(command, sizeof command, "rm -rf %s", folder);
    (void)!system(command);
    return failed;
}
