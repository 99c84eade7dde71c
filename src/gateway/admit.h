/* From a text to a decision: what it means under the newest picture, and whether the token may. */
#pragma once

#include "gateway/plan.h"
#include "gateway/session.h"
#include "gateway/statement_record.h"

/* Leaves a large local alone that is only written when something is refused: every request would
 * pay for clearing it. */
#define ADMIT_UNSET __attribute__((uninitialized))

/* The picture that the request is decided under, or NULL: none yet (then it was answered). */
const struct picture *admit_picture(const struct envelope *e);

/* Lent for the turn, until the next text is understood. NULL: it was answered, or parked until the
 * picture is newer. */
const struct statement *admit_understand(const struct envelope *e, const struct picture *picture,
                                         bytes text);

/* The permit for the statement, or NULL: it was answered. */
const struct permit *admit_decide(const struct envelope *e, const struct picture *picture,
                                  const struct statement *what, uint64_t number,
                                  struct gate_permit_storage *storage);

/* The record's plan under this picture. NULL: it means something else by now, and was retired. */
const struct statement *admit_record(const struct envelope *e, const struct picture *picture,
                                     struct statement_record *r);
