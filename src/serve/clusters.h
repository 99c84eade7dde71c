/* Clusters: the databases in the picture become doors of the gateway, with their passwords unsealed. */
#pragma once

#include "model/record.h"

struct gate;
struct gateway;
struct index;

struct clusters {
    struct index *index;
    struct gateway *gateway;
    struct gate *gate;                 /* has the server keys */
    bool allow_plaintext;
    struct clusters_door *doors;       /* those that were opened */
};

/* All of them on the control thread. A door that cannot be opened is logged, not fatal: others go on,
 * and `latchkey status` shows it. A record that says the same as before, its password sealed anew perhaps,
 * leaves the door and its sessions alone. */
void clusters_open(struct clusters *c, const struct record_database *d);
void clusters_close(struct clusters *c, const struct uuid *database);
void clusters_open_all(struct clusters *c);
/* Forgets what was opened; the gateway closes the doors. */
void clusters_drop(struct clusters *c);
