/* One database's door as all workers share it: the cluster behind it and its prepared statements.
 */
#pragma once

#include "cluster/cluster.h"
#include "gateway/gateway.h"
#include "gateway/reached.h"
#include "gateway/traces_given.h"
#include "net/address.h"

#include <stdatomic.h>

struct statement_records;

struct door {
    struct list link; /* of the gateway */
    struct gateway *gateway;
    struct uuid database;
    struct uuid organization;
    struct address listen;    /* with the port in use */
    struct address advertise; /* ADDRESS_NONE: what the client dialled */
    struct upstream_credentials credentials;
    struct cluster *cluster;
    struct statement_records *records;
    struct traces_given traces;
    uint32_t workers_in; /* that still use it; control thread only */
    bool stopping;
    _Atomic uint32_t clients;     /* logged in */
    _Atomic uint32_t nodes_known; /* as the first worker sees them */
    _Atomic uint32_t nodes_up;
    struct reached reached;
};

/* Reads addresses and contact points, makes the cluster. Errors: as gateway_start_door. */
MUST err door_new(struct gateway *g, const struct gateway_door *from, struct note *note,
                  struct door **out);
/* Its cluster is closed already. */
void door_free(struct door *d);
