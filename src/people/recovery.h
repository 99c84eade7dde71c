/* Recovery codes: each stands for the second factor once. 80 bits of randomness, so that a plain
 * hash tells nothing to whoever holds a copy of the store. */
#pragma once

#include "model/record.h"

enum { RECOVERY_CODES = 10, RECOVERY_TEXT = 19 }; /* "abcd-efgh-ijkm-npqr" */

struct recovery_codes {
    char text[RECOVERY_CODES][RECOVERY_TEXT];
};

void recovery_new(struct recovery_codes *codes, struct record_hash hashes[RECOVERY_CODES]);
/* Which of them it is; capitals, blanks and dashes do not matter. */
bool recovery_find(bytes code, const struct record_hash *hashes, size_t n, size_t *out);
