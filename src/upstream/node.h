/* One node as one worker sees it: its connections, a version each and one more for bulk, kept up with
 * backoff. */
#pragma once

#include "upstream/upstream.h"

enum {
    NODE_BACKOFF_MIN_MS = 100,
    NODE_BACKOFF_MAX_MS = 10 * 1000,
    NODE_LANES = 2,                 /* ordinary and bulk */
    NODE_VERSIONS = FRAME_VERSION_MAX - FRAME_VERSION_MIN + 1
};

enum node_lane { NODE_ORDINARY, NODE_BULK };

struct node;
struct node_options;

/* One place in a node's pool; its upstream is replaced by a new one when it is lost. */
struct node_link {
    struct upstream up;
    struct node *node;
    struct loop_timer again;
    uint32_t backoff_ms;
    bool wanted;
    bool retiring;    /* drained: a fresh one stands in `links` already */
    struct list on;   /* retiring links of the node */
    struct loop_grave grave;
};

struct node_options {
    struct loop *loop;
    struct upstream_shared *shared;
    const struct upstream_credentials *credentials;
    /* Of every upstream of the node; on_ready and on_gone are called after the node has seen them. */
    const struct upstream_events *events;
};

struct node {
    struct node_options set;
    struct upstream_events wrapped;
    struct net_address address;
    uint8_t host_id[16];
    struct node_link *links[NODE_VERSIONS][NODE_LANES];
    struct list retiring;
    struct list on;            /* the worker's list of nodes */
    uint32_t ready_n;
    bool closing;
    void (*on_closed)(struct node *n);
    void *owner;               /* the worker's cluster */
};

static inline struct node_link *node_link_of(struct upstream *u)
{
    return LIST_OF(u, struct node_link, up);
}
static inline struct node *node_of(struct upstream *u)
{
    return node_link_of(u)->node;
}

void node_init(struct node *n, const struct node_options *options, const struct net_address *address,
               const uint8_t host_id[16]);
/* The ready connection of this version, with room if there is one; NULL when none is ready. Asks for
 * one to be dialled when none was wanted so far. The bulk lane falls back to the ordinary one. */
struct upstream *node_pick(struct node *n, uint8_t version, enum node_lane lane);
/* True when a connection of this version is ready or being dialled for the first time. */
bool node_is_hopeful(const struct node *n, uint8_t version);
/* Dials what is wanted now, without waiting for the backoff (the node was announced up). */
void node_hurry(struct node *n);
/* Closes all; on_closed follows through the loop, then the node may be freed. */
void node_close(struct node *n, void (*on_closed)(struct node *n));
