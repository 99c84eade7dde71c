/* The kinds of places that audit records are sent to. */
#pragma once

#include "base/bytes.h"

enum destination {
#define DESTINATION(id, number, name, path) DESTINATION_##id = number,
#include "model/destination.def"
#undef DESTINATION
};

/* NULL for a number that a newer version wrote. */
const char *destination_name(unsigned number);
/* Where it listens when its URL names no path. */
const char *destination_path(enum destination d);
