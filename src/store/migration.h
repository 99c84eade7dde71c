/* Schema versions of the SQLite store: recognising a file, and bringing it up step by step. */
#pragma once

#include "base/err.h"

#include <sqlite3.h>

/* "Ltch": tells our files from everybody else's SQLite files. */
enum { MIGRATION_APPLICATION_ID = 0x4c746368 };

/* The version that this program writes. */
int migration_newest(void);
/* An empty file becomes a store of the newest version, in one transaction. */
MUST err migration_create(sqlite3 *db, struct note *note);
/* STORE_WRONG: not a store, or of a newer version (then nothing was changed). `read_only`: an older
 * version is STORE_WRONG too. Each step is a transaction of its own. */
MUST err migration_run(sqlite3 *db, bool read_only, struct note *note);
