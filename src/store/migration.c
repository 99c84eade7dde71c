/* Runs the steps of migration.def that a file has not had yet. */
#include "store/migration.h"

#include "store/sqlite_error.h"

#include <stdio.h>

static const struct {
    int version;
    const char *sql;
} steps[] = {
#define MIGRATION(version, sql) {version, sql},
#include "store/migration.def"
#undef MIGRATION
};

enum { STEPS = sizeof steps / sizeof steps[0] };

int migration_newest(void)
{
    return steps[STEPS - 1].version;
}

static err run(sqlite3 *db, const char *sql, struct note *note)
{
    const int got = sqlite3_exec(db, sql, NULL, NULL, NULL);
    return got == SQLITE_OK ? DONE : sqlite_error(db, got, note);
}

static err pragma_number(sqlite3 *db, const char *sql, int *out, struct note *note)
{
    sqlite3_stmt *q = NULL;
    int got = sqlite3_prepare_v2(db, sql, -1, &q, NULL);
    if (got == SQLITE_OK) got = sqlite3_step(q);
    if (got == SQLITE_ROW) *out = sqlite3_column_int(q, 0);
    const err e = got == SQLITE_ROW ? DONE : sqlite_error(db, got, note);
    sqlite3_finalize(q);
    return e;
}

static err take_step(sqlite3 *db, size_t i, struct note *note)
{
    char version[64];
    snprintf(version, sizeof version, "PRAGMA user_version = %d", steps[i].version);
    TRY(run(db, steps[i].sql, note));
    return run(db, version, note);
}

static err in_transaction(sqlite3 *db, size_t first, size_t end, const char *extra, struct note *note)
{
    TRY(run(db, "BEGIN IMMEDIATE", note));
    err e = run(db, extra, note);
    for (size_t i = first; i < end && err_is_ok(e); i++) e = take_step(db, i, note);
    if (err_is_ok(e)) e = run(db, "COMMIT", note);
    if (!err_is_ok(e)) (void)sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    return e;
}

err migration_create(sqlite3 *db, struct note *note)
{
    char id[64];
    snprintf(id, sizeof id, "PRAGMA application_id = %d", MIGRATION_APPLICATION_ID);
    return in_transaction(db, 0, STEPS, id, note);
}

err migration_run(sqlite3 *db, bool read_only, struct note *note)
{
    int id = 0;
    int version = 0;
    TRY(pragma_number(db, "PRAGMA application_id", &id, note));
    TRY(pragma_number(db, "PRAGMA user_version", &version, note));
    if (id != MIGRATION_APPLICATION_ID || version < 1) {
        return note_fail(note, FAIL(STORE_WRONG), "%s is an SQLite database, but not a Latchkey store: is it the right"
                         " file?", sqlite_name_of(db));
    }
    if (version < steps[0].version) {
        return note_fail(note, FAIL(STORE_WRONG), "the store has format %d, from before the first release: this"
                         " program would recognise none of its tokens; make a new store with latchkey init",
                         version);
    }
    if (version > migration_newest() || (read_only && version < migration_newest())) {
        return note_fail(note, FAIL(STORE_WRONG), "the store has format %d, this program has format %d%s",
                         version, migration_newest(),
                         version > migration_newest() ? ": use a newer Latchkey"
                                                      : ": start the daemon once to bring it up");
    }
    for (size_t i = 0; i < STEPS; i++) {
        if (steps[i].version > version) TRY(in_transaction(db, i, i + 1, "", note));
    }
    return DONE;
}
