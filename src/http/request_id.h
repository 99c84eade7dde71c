/* X-Request-Id: one for each answer, so that a client's log and ours can be laid side by side. Pure
 * but for the random numbers. */
#pragma once

#include "model/call.h"

/* [A-Za-z0-9._-]{1,CALL_ID_MAX} */
bool request_id_is_good(bytes id);
/* One of ours. */
void request_id_new(char out[CALL_ID_MAX + 1]);
