/* Changes to what stands in a keyspace that is not there. */
#pragma once

#include "gateway/session.h"

/* For a change of schema that was permitted. True: it was answered here, or waits for a reload. */
bool nowhere_answer(struct envelope *e, const struct picture *picture, const struct statement *what);
