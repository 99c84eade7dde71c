/* The names of events: rows of event.def. */
#pragma once

#include "base/bytes.h"

#include <stdbool.h>

/* In the chain before anybody is told. False for a name that there is not. */
bool event_name_is_durable(bytes name);
/* Names one event or, with a point at its end, some ("token."). */
bool event_name_is_known(bytes name);
/* Whether what is asked for, either of these or empty for all, is this event. */
bool event_name_matches(bytes asked, bytes name);
