/* Gathered writes of the log: what one connection writes it reads before any sync, others read it after the commit,
 * and a commit is fewer calls than without. Power cuts and failing calls: fault_test.c, which runs over this layer. */
#include "unit.h"

#include "fault_vfs.h"
#include "store/gather_vfs.h"

#include <sqlite3.h>

enum { ROWS = 300 };

static sqlite3 *open_on(const char *vfs)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open_v2("t", &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, vfs), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "PRAGMA synchronous = FULL; PRAGMA journal_mode = WAL; PRAGMA cache_size = 10;"
                                  " CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, text BLOB)", NULL, NULL, NULL), SQLITE_OK);
    return db;
}

static int64_t count(sqlite3 *db)
{
    sqlite3_stmt *q = NULL;
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT count(*) FROM t WHERE length(text) = 500", -1, &q, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(q), SQLITE_ROW);
    const int64_t n = sqlite3_column_int64(q, 0);
    assert_int_equal(sqlite3_finalize(q), SQLITE_OK);
    return n;
}

static void add_rows(sqlite3 *db)
{
    for (int i = 0; i < ROWS; i++) {
        assert_int_equal(sqlite3_exec(db, "INSERT INTO t (text) VALUES (randomblob(500))", NULL, NULL, NULL), SQLITE_OK);
    }
}

/* Calls of the base that a transaction of many pages takes. */
static uint64_t calls_of(const char *vfs)
{
    fault_vfs_reset();
    sqlite3 *db = open_on(vfs);
    assert_int_equal(sqlite3_exec(db, "BEGIN", NULL, NULL, NULL), SQLITE_OK);
    add_rows(db);
    const uint64_t before = fault_vfs_calls();
    assert_int_equal(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    const uint64_t calls = fault_vfs_calls() - before;
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    return calls;
}

static void a_commit_is_fewer_calls(void **state)
{
    (void)state;
    fault_vfs_reset();
    const char *layer = gather_vfs(FAULT_VFS);
    assert_non_null(layer);
    assert_string_equal(layer, gather_vfs(FAULT_VFS));
    assert_null(gather_vfs("no such base"));
    const uint64_t direct = calls_of(FAULT_VFS);
    assert_true(calls_of(layer) * 2 < direct);
}

static void pages_that_left_the_cache_are_read_before_their_sync(void **state)
{
    (void)state;
    fault_vfs_reset();
    sqlite3 *writer = open_on(gather_vfs(FAULT_VFS));
    sqlite3 *reader = open_on(FAULT_VFS);
    for (int64_t done = ROWS; done <= 3 * ROWS; done += ROWS) {
        assert_int_equal(sqlite3_exec(writer, "BEGIN", NULL, NULL, NULL), SQLITE_OK);
        add_rows(writer);
        assert_int_equal(count(writer), done);
        assert_int_equal(count(reader), done - ROWS);
        assert_int_equal(sqlite3_exec(writer, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
        assert_int_equal(count(reader), done);
    }
    assert_int_equal(sqlite3_close(reader), SQLITE_OK);
    assert_int_equal(sqlite3_close(writer), SQLITE_OK);
}

static void what_was_taken_back_is_not_there(void **state)
{
    (void)state;
    fault_vfs_reset();
    sqlite3 *db = open_on(gather_vfs(FAULT_VFS));
    assert_int_equal(sqlite3_exec(db, "BEGIN", NULL, NULL, NULL), SQLITE_OK);
    add_rows(db);
    assert_int_equal(sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(count(db), 0);
    add_rows(db);
    assert_int_equal(count(db), ROWS);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    db = open_on(FAULT_VFS);
    assert_int_equal(count(db), ROWS);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

UNIT_MAIN(cmocka_unit_test(a_commit_is_fewer_calls), cmocka_unit_test(pages_that_left_the_cache_are_read_before_their_sync),
          cmocka_unit_test(what_was_taken_back_is_not_there))
