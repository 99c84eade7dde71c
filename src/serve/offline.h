/* What the command line does to a data folder's files itself, whether or not a daemon runs. */
#pragma once

#include "base/err.h"
#include "model/server_key.h"
#include "store/store.h"

/* Key numbers and creation times, never the keys. */
struct offline_key {
    uint16_t id;
    int64_t created_ms;
};
MUST err offline_keys(const char *data, struct offline_key out[SERVER_KEYS_MAX], size_t *n,
                      struct note *note);
MUST err offline_key_backup(const char *data, const char *copy, struct note *note);

/* Reads everything in the store once; `out` is filled when it is sound. */
MUST err offline_store_check(const char *data, struct store_numbers *out, struct note *note);
MUST err offline_store_backup(const char *data, const char *copy, struct note *note);

/* The newest `n` lines of the trail, oldest first; false ends it. */
MUST err offline_audit_tail(const char *data, size_t n, bool (*line)(void *owner, bytes line),
                            void *owner, struct note *note);

struct offline_audit_report {
    uint64_t records;
    uint64_t first;
    uint64_t last;
    char hash[65];
    bool begins_later;       /* older files are gone */
};
/* `path`: a file or folder, NULL: the data folder's trail. `head`: "SEQ:HASH" of a record that must be
 * there, or NULL. AUDIT_BROKEN says what and where. */
MUST err offline_audit_verify(const char *data, const char *path, const char *head,
                              struct offline_audit_report *out, struct note *note);
