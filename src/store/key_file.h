/* The server keys' own file, DIR/server.key: never in the store, never in its backup. */
#pragma once

#include "base/err.h"
#include "model/server_key.h"

/* The caller drops `out` (server_keys_drop). File of mode 0600, else MODE_TOO_WIDE; missing, unreadable or
 * damaged: KEY_MISSING. */
MUST err key_file_read(const char *path, struct server_keys *out, struct note *note);
/* A new file with one new key. CONFLICT when there is one. */
MUST err key_file_create(const char *path, int64_t now_ms, struct server_keys *out, struct note *note);
/* A copy into a new file of mode 0600. CONFLICT when it exists. */
MUST err key_file_backup(const char *path, const char *copy, struct note *note);
/* Adds a new key, which signs from now on. Afterwards: store_keys_set. LIMIT: too many keys. */
MUST err key_file_rotate(const char *path, int64_t now_ms, struct server_keys *out, struct note *note);
/* Takes a key out for good; its number is never given again. Before: store_keys_set without it.
 * NOT_FOUND; IN_USE: it is the newest. */
MUST err key_file_retire(const char *path, uint16_t id, struct server_keys *out, struct note *note);
