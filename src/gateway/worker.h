/* One worker: a thread with its own loop, its own clients, its own connections to the nodes and its
 * own caches. Workers share the statement records, read under RCU, and notes; nothing else. */
#pragma once

#include "gateway/door.h"
#include "gateway/fair.h"
#include "gateway/gateway.h"
#include "gateway/holder.h"
#include "gateway/limit.h"
#include "gateway/text_cache.h"
#include "gate/gate.h"
#include "loop/thread.h"
#include "net/listen.h"
#include "upstream/node.h"
#include "usage/usage.h"

struct session;

enum {
    WORKER_INPUT = LIMIT_READ,    /* bytes read from a client at once */
    WORKER_SPARES = 1024,         /* empty buffers that are kept */
    WORKER_SPARE_SIZE = 4096,     /* the size that a buffer starts with */
    WORKER_SPARE_MAX = 64 * 1024, /* larger ones are given back */
    WORKER_TICK_MS = 1000,
    WORKER_LARGE = 1024,          /* statements with large answers that are remembered */
    WORKER_VERSIONS = FRAME_VERSION_MAX - FRAME_VERSION_MIN + 1
};

/* Requests that wait for a newer picture of the schema (decisions 7.7). */
struct reload {
    struct cluster_waiter waiter;
    struct list now;  /* for the one under way */
    struct list next; /* came too late for it */
    bool busy;
};

/* The clients of one door and one protocol version: they share its connections to the nodes. */
struct lane {
    struct worker_door *door;
    uint8_t version;
    struct holders holders; /* clients by token */
    struct fair waiting;    /* clients whose next request finds no room upstream */
    struct list parked;     /* requests taken up again that find no room */
    struct loop_flush serve;
};

/* One door at one worker. */
struct worker_door {
    struct list link; /* of the worker */
    struct gateway_worker *worker;
    struct door *door;
    struct listener listener;
    struct cluster_listener ear;
    struct list nodes; /* struct node, of the picture */
    uint32_t nodes_n;
    struct list sessions;
    struct list registered; /* sessions that asked for events */
    struct lane lanes[WORKER_VERSIONS];
    struct list jobs; /* PREPAREs under way */
    uint32_t large[WORKER_LARGE]; /* tags of statements (large.c), by number */
    struct reload reload;
    struct loop_grave grave;
    uint32_t ready_clients;
    bool stopping;
};

struct gateway_worker {
    struct worker thread;
    struct gateway *gateway;
    unsigned number;
    struct gate_worker *gate;
    struct upstream_shared *shared;
    struct text_cache texts;
    struct list doors;
    struct list owing; /* sessions with unsent replies */
    struct loop_timer tick;
    struct list ends; /* of tokens: struct revoke */
    struct loop_flush look;
    struct loop_timer look_again;
    uint8_t *input;
    struct wr spares[WORKER_SPARES];
    uint32_t spares_n;
    struct call call;           /* of the login at hand */
    struct arena arena;         /* of the request at hand */
    struct statement statement; /* what it means */
    struct wr scratch;          /* a body that is being written */
    struct wr opened;           /* the body at hand, if it came compressed */
    uint32_t generation;        /* of the newest session */
    struct list greeting;       /* sessions that have not logged in, oldest first */
    uint32_t handshakes;        /* sessions that have not logged in */
    uint32_t sessions;
    size_t parked_bytes;
    uint32_t parked;     /* requests */
    size_t held_bytes;   /* unfinished requests */
    size_t unsent_bytes; /* replies */
    struct usage_worker *usage; /* NULL: nothing is counted */
    struct loop_timer hand;     /* over what was */
    bool draining;
    bool traces;
};

static inline struct gateway_worker *worker_of_thread(struct worker *w)
{
    return LOOP_OF(w, struct gateway_worker, thread);
}

static inline struct loop *worker_loop(const struct gateway_worker *w)
{
    return w->thread.loop;
}

MUST err worker_start(struct gateway_worker *w, struct gateway *g, unsigned number);
/* Ends the thread; its doors must be closed. */
void worker_end(struct gateway_worker *w);

/* --- on the worker's thread --- */

/* `fd` listens already and is taken over; -1: this worker has no part in the door. */
void worker_open_door(struct gateway_worker *w, struct door *door, int fd);
/* Sessions and connections end; gateway_door_left follows when nothing of it is under way. */
void worker_close_door(struct gateway_worker *w, struct door *door);
/* The last of it; the cluster has been closed in between. */
void worker_forget_door(struct gateway_worker *w, struct door *door);
/* No new clients; sessions end when what they have in flight is answered. */
void worker_drain(struct gateway_worker *w);

/* Clients that wait for room get their turn at the end of this turn of the loop. */
static inline void worker_serve_soon(struct worker_door *door, uint8_t version)
{
    struct lane *lane = &door->lanes[version - FRAME_VERSION_MIN];
    if (fair_is_empty(&lane->waiting) && list_is_empty(&lane->parked)) return;
    loop_flush_later(worker_loop(door->worker), &lane->serve);
}
/* Tells the door how many nodes this worker is connected to. */
void worker_count_nodes(struct worker_door *door);

const struct gateway_limits *worker_limits(const struct gateway_worker *w);
struct gate *worker_gate(const struct gateway_worker *w);
bool worker_traces(const struct gateway_worker *w);
/* Counts a client in, over all workers. Errors: TOO_MANY. */
MUST err worker_enter_client(struct gateway_worker *w, const struct address *peer);
void worker_leave_client(struct gateway_worker *w, const struct address *peer);

/* Drops who owes most, when all replies together are over their budget. */
void worker_check_replies(struct gateway_worker *w);
/* Drops who keeps most in unfinished requests, when all of them are over their budget. */
void worker_check_held(struct gateway_worker *w);
/* An empty buffer, and back again; a full pool or a large buffer is freed. */
struct wr worker_take_buffer(struct gateway_worker *w, size_t max);
void worker_give_buffer(struct gateway_worker *w, struct wr *buffer);
