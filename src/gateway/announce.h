/* REGISTER, and what nodes announce, as far as a client may hear of it (T22). */
#pragma once

#include "gateway/session.h"

enum envelope_fate announce_register(struct envelope *e);
/* To all clients of the door that asked and may see what changed. */
void announce_tell(struct worker_door *door, const struct response_event *event);
