/* The first start: a data folder without a store serves nothing but its set-up, on this machine, to
 * whoever can read the link in it. */
#pragma once

#include "serve/serve.h"

/* The folder is there and holds nothing yet. */
bool first_start_is(const char *data);
/* Until somebody has founded the organization, or a signal ends the process (*stopped). */
MUST err first_start_run(const struct serve_options *o, bool *stopped, struct note *note);
