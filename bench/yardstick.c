#include "yardstick.h"

#include "base/check.h"
#include "base/random.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { FILE_BLOCKS = 1024, RECORD_SIZE = 150, EVENT_SIZE = 300, LAID_OUT = 3000, ID_SIZE = 24 };

struct yardstick {
    int fd;
    uint64_t at;
    sqlite3 *db;
    sqlite3_stmt *begin;
    sqlite3_stmt *record;
    sqlite3_stmt *event;
    sqlite3_stmt *counters;
    sqlite3_stmt *commit;
    int64_t row;
};

static void run(sqlite3_stmt *q)
{
    CHECK(sqlite3_step(q) == SQLITE_DONE);
    CHECK(sqlite3_reset(q) == SQLITE_OK);
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *q;
    CHECK(sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &q, NULL) == SQLITE_OK);
    return q;
}

static void open_database(struct yardstick *y, const char *folder)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/alone.db", folder);
    CHECK(sqlite3_open(path, &y->db) == SQLITE_OK);
    CHECK(sqlite3_exec(y->db,
                       "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                       "CREATE TABLE record (kind INTEGER, id TEXT, version INTEGER, scope BLOB, body BLOB,"
                       " PRIMARY KEY (kind, id)) WITHOUT ROWID;"
                       "CREATE INDEX record_scope ON record (kind, scope, id);"
                       "CREATE TABLE outbox (row INTEGER PRIMARY KEY, event BLOB, newest INTEGER);"
                       "INSERT INTO outbox VALUES (9223372036854775807, x'', 0);",
                       NULL, NULL, NULL) == SQLITE_OK);
    y->begin = prepare(y->db, "BEGIN IMMEDIATE");
    y->record = prepare(y->db, "INSERT INTO record VALUES (5, ?1, 1, zeroblob(16), ?2)");
    y->event = prepare(y->db, "INSERT INTO outbox VALUES (?1, ?2, NULL)");
    y->counters = prepare(y->db, "UPDATE outbox SET newest = ?1 WHERE row = 9223372036854775807");
    y->commit = prepare(y->db, "COMMIT");
    for (int i = 0; i < LAID_OUT; i++) yardstick_insert(y);
}

struct yardstick *yardstick_open(const char *folder)
{
    static uint8_t block[YARDSTICK_BLOCK];
    char path[4096];
    struct yardstick *y = calloc(1, sizeof *y);
    CHECK(y);
    snprintf(path, sizeof path, "%s/overwrite", folder);
    y->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    CHECK(y->fd >= 0);
    random_fill(block, sizeof block);
    for (int i = 0; i < FILE_BLOCKS; i++) {
        CHECK(pwrite(y->fd, block, sizeof block, (off_t)i * YARDSTICK_BLOCK) == YARDSTICK_BLOCK);
    }
    CHECK(fsync(y->fd) == 0);
    open_database(y, folder);
    return y;
}

void yardstick_overwrite(struct yardstick *y, int blocks)
{
    static uint8_t block[YARDSTICK_BLOCK];
    block[0]++;
    for (int i = 0; i < blocks; i++, y->at++) {
        const off_t to = (off_t)(y->at % FILE_BLOCKS) * YARDSTICK_BLOCK;
        CHECK(pwrite(y->fd, block, sizeof block, to) == YARDSTICK_BLOCK);
    }
    CHECK(fdatasync(y->fd) == 0);
}

void yardstick_insert(struct yardstick *y)
{
    static const uint8_t event[EVENT_SIZE];
    uint8_t body[RECORD_SIZE];
    char id[ID_SIZE];
    random_fill(body, sizeof body);
    random_fill(id, sizeof id);
    for (int i = 0; i < ID_SIZE; i++) id[i] = (char)('A' + (uint8_t)id[i] % 26);
    y->row++;
    (void)sqlite3_bind_text(y->record, 1, id, sizeof id, SQLITE_STATIC);
    (void)sqlite3_bind_blob(y->record, 2, body, sizeof body, SQLITE_STATIC);
    (void)sqlite3_bind_int64(y->event, 1, y->row);
    (void)sqlite3_bind_blob(y->event, 2, event, sizeof event, SQLITE_STATIC);
    (void)sqlite3_bind_int64(y->counters, 1, y->row);
    run(y->begin);
    run(y->record);
    run(y->event);
    run(y->counters);
    run(y->commit);
}

void yardstick_close(struct yardstick *y)
{
    sqlite3_stmt *const all[] = {y->begin, y->record, y->event, y->counters, y->commit};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) (void)sqlite3_finalize(all[i]);
    CHECK(sqlite3_close(y->db) == SQLITE_OK);
    CHECK(close(y->fd) == 0);
    free(y);
}
