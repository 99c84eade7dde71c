/* Refusals of what never became a request: written to the connection past the library. */
#pragma once

#include "http/inside.h"

/* Says no with the status that fits (one for a wrong HTTP version is 400, for the fault is the
 * client's) and says nothing more on this connection. Only while no answer is under way. */
void raw_problem_send(struct inside_connection *c, unsigned status);
