/* A whole installation into a new data folder, offline: store, server keys, trail and whatever files lie
 * beside them, looked over before it is called done. */
#pragma once

#include "store/store.h"

struct store_copy_result {
    struct store_numbers numbers; /* of the copy, the same as of what was copied */
    uint64_t audit_records;
};

/* `to` is made (0700), or an empty folder. CONFLICT: a daemon uses `from`, or `to` holds something;
 * KEY_MISSING, STORE_DAMAGED, AUDIT_BROKEN: of either side, said in the note. After a failure `to` is empty. */
MUST err store_copy_run(const char *from, const char *to, struct store_copy_result *out, struct note *note);
