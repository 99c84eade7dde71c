/* The receiving half of an upstream. For the files of the upstream only. */
#pragma once

#include "upstream/upstream.h"

/* Reads until there is nothing more, or the turn's budget is spent; answers go to their owners. */
void upstream_read_all(struct upstream *u);
