/* Permits: proof that a call's actions were decided; only the gate can make one. */
#pragma once

#include "base/bytes.h"
#include "model/principal.h"
#include "model/resource.h"

/* Incomplete on purpose: its size is known to model/permit.c and nowhere else. */
struct permit;

/* One question: may the caller do `action` on `on`? */
struct ask {
    enum action action;
    struct resource on;
};

enum { PERMIT_ASKS_MAX = 64 };

/* True when the permit is present and was made for this very action and resource. */
bool permit_covers(const struct permit *p, enum action action, const struct resource *on);
const struct principal *permit_who(const struct permit *p);
/* True for a permit that the gate issued for this statement number. */
bool permit_covers_statement(const struct permit *p, uint64_t statement);
