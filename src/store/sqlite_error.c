/* What SQLite says, in the terms of err.def. */
#include "store/sqlite_error.h"

#include <errno.h>
#include <stddef.h>

static bool is_full(sqlite3 *db, int result)
{
    if ((result & 0xff) == SQLITE_FULL) return true;
    if ((result & 0xff) != SQLITE_IOERR || !db) return false;
    const int cause = sqlite3_system_errno(db);
    return cause == ENOSPC || cause == EDQUOT || cause == EFBIG;
}

const char *sqlite_name_of(sqlite3 *db)
{
    const char *name = db ? sqlite3_db_filename(db, "main") : NULL;
    return name && *name ? name : "the file";
}

err sqlite_error(sqlite3 *db, int result, struct note *note)
{
    const int extended = db ? sqlite3_extended_errcode(db) : result;
    const char *said = db ? sqlite3_errmsg(db) : sqlite3_errstr(result);
    if (is_full(db, extended ? extended : result)) {
        return note_fail(note, FAIL(STORE_FULL), "no space left for the store (%s): nothing of this change was"
                         " kept; make room on its disk, it goes on by itself", said);
    }
    switch (result & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return note_fail(note, FAIL(STORE_BUSY), "another process holds the store: %s", said);
    case SQLITE_CORRUPT:
        return note_fail(note, FAIL(STORE_DAMAGED), "the store is damaged (%s): restore a backup", said);
    case SQLITE_NOTADB:
        return note_fail(note, FAIL(STORE_WRONG), "%s is not a Latchkey store (%s): is it the right file?",
                         sqlite_name_of(db), said);
    case SQLITE_NOMEM:
        return note_fail(note, FAIL(NO_MEMORY), "out of memory in the store");
    default:
        return note_fail(note, FAIL(IO), "the store's disk fails: %s (%d)", said, extended);
    }
}
