/* `latchkey db check`: login, the role's grants, reach of every node. */
#pragma once

#include "http/json_out.h"
#include "model/uuid.h"

struct ports;

/* The members "findings", "keyspaces", "grants", "read", "connecting" and "ok" inside an open
 * object. On a work thread: waits until the cluster has been read anew, or a few seconds. */
void db_check_write(const struct ports *p, const struct uuid *database, struct json_out *j);
