/* Clusters: the databases in the picture become doors of the gateway, with their passwords unsealed. */
#pragma once

#include "model/server_key.h"
#include "model/record.h"

struct gateway;
struct index;

struct clusters {
    struct index *index;
    struct gateway *gateway;
    const struct server_keys *keys;    /* borrowed; of the control thread */
    bool allow_plaintext;
};

/* All of them on the control thread. A door that cannot be opened is logged, not fatal: others go on,
 * and `latchkey status` shows it. */
void clusters_open(struct clusters *c, const struct record_database *d);
void clusters_close(struct clusters *c, const struct uuid *database);
void clusters_open_all(struct clusters *c);
