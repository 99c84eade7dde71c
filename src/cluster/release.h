/* Release versions of nodes: which is lower, and which has known holes. */
#pragma once

#include "base/bytes.h"

/* By the numbers in front ("4.1.10" above "4.1.8"); below, equal, above: -1, 0, 1. */
int release_compare(bytes a, bytes b);
/* Older than 4.1.8, or 5.0 before 5.0.3: known holes in the login (decisions 7.11). */
bool release_is_old(bytes version);
