/* One node as one worker sees it: its connections, a version each and one more for bulk, kept up
 * with backoff. */
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

/* One place in a node's pool. A connection that is lost is dialled again in its place; one that
 * drains makes room for a fresh one at once. */
struct node_link {
    struct upstream up;
    struct node *node;
    struct loop_timer again;
    uint32_t backoff_ms;
    enum node_lane lane;
    bool retired;            /* drains, and is buried when it is gone */
    bool told;               /* the log knows that the node cannot be reached */
    struct list on;          /* all links of the node */
    struct loop_grave grave;
};

struct node_options {
    struct loop *loop;
    struct upstream_shared *shared;
    const struct upstream_credentials *credentials;    /* must outlive the node */
    /* Of every upstream of the node; on_ready and on_gone are called after the node has seen
     * them. */
    const struct upstream_events *events;
    uint32_t deadline_ms;         /* as in upstream_options */
    uint32_t long_deadline_ms;
};

struct node {
    struct node_options set;
    struct upstream_events events;    /* the owner's, with ours around two of them */
    struct address address;
    uint8_t host_id[16];
    struct node_link *links[NODE_VERSIONS][NODE_LANES];
    struct list all;           /* links, those that drain included */
    struct list on;            /* free for the owner */
    char why[160];             /* what ended the last connection */
    void *owner;               /* free for the owner */
};

static inline struct node_link *node_link_of(struct upstream *u)
{
    return LIST_OF(u, struct node_link, up);
}
static inline struct node *node_of(struct upstream *u)
{
    return node_link_of(u)->node;
}

void node_init(struct node *n, const struct node_options *options, const struct address *address,
               const uint8_t host_id[16]);
/* The ready connection of this version, with room if there is one; NULL when none is ready. Asks
 * for one to be dialled when none was wanted so far. The bulk lane falls back to the ordinary
 * one. */
struct upstream *node_pick(struct node *n, uint8_t version, enum node_lane lane);
/* True while a connection of this version is ready. */
bool node_is_ready(const struct node *n, uint8_t version);
/* True while one is being dialled or logged in: a request may wait for it. */
bool node_is_coming(const struct node *n, uint8_t version);
/* Replaces the connection by a fresh one; answers that are awaited still come. */
void node_retire(struct upstream *u);
/* Requests in flight on the connections of this version. */
uint32_t node_load(const struct node *n, uint8_t version);
/* Dials what is wanted now, without waiting for the backoff (the node was announced up). */
void node_hurry(struct node *n);
/* Closes all connections at once (on_lost for what is in flight) and buries them; then the node may
 * be buried too. */
void node_close(struct node *n);
