/* Registering a cluster opens connections and ports, so it is checked before it is stored. */
#pragma once

#include "config/config.h"
#include "model/principal.h"
#include "model/record.h"
#include "net/address.h"

/* Where its door listens, with a port. BAD_INPUT, said in the note. */
MUST err register_listen(const struct record_database *d, struct address *out, struct note *note);
/* Addresses readable and, for callers other than the local operator, within register-targets and
 * register-listen (decisions 4.8). BAD_INPUT, NOT_ALLOWED: said in the note. */
MUST err register_check(const struct config *c, const struct principal *who,
                        const struct record_database *d, struct note *note);
