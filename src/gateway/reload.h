/* Requests that name what the picture lacks wait for one shared reload of the schema, then are
 * decided. */
#pragma once

#include "gateway/session.h"

void reload_init(struct worker_door *door);
void reload_park(const struct envelope *e);
/* Drops everybody who waits; the reload itself may still end. */
void reload_stop(struct worker_door *door);
