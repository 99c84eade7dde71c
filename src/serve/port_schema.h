/* What the API shows of a cluster's picture: keyspaces with their tables, and nodes. */
#pragma once

#include "api/api.h"

/* As struct api_ports has them; the owner is a struct ports. */
bool port_schema_read(void *owner, const struct uuid *database, bool system, size_t tables,
                      struct arena *a, struct api_schema *out);
bool port_schema_nodes(void *owner, const struct uuid *database, struct arena *a,
                       struct api_nodes *out);
