/* SQLite's result codes as ours. */
#pragma once

#include "base/err.h"

#include <sqlite3.h>

/* STORE_FULL, STORE_BUSY, STORE_DAMAGED, STORE_WRONG, NO_MEMORY or IO, with SQLite's own words and what
 * to do in the note. `db` may be NULL. */
err sqlite_error(sqlite3 *db, int result, struct note *note);
/* The path of the file that is open, for messages. */
const char *sqlite_name_of(sqlite3 *db);
