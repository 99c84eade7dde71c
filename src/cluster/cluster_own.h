/* The cluster from the inside. For the files cluster*.c only. */
#pragma once

#include "cluster/cluster.h"
#include "cluster/reading.h"
#include "index/grace.h"
#include "net/resolver.h"

#include <pthread.h>
#include <stdatomic.h>

enum {
    CLUSTER_DOWN_MAX = 1024,       /* nodes that are remembered as down */
    CLUSTER_HEARD_MAX = 4096       /* events that wait for a picture that shows them */
};

/* What a slot of the control connection was taken for. */
enum cluster_ask { CLUSTER_ASK_REGISTER, CLUSTER_ASK_READ, CLUSTER_ASK_LOCAL, CLUSTER_ASK_PEERS,
                   CLUSTER_ASK_ORDER };

/* An event on its way, with copies of its names behind it. */
struct cluster_news {
    struct loop_note note;
    struct list link;
    struct cluster_listener *listener;
    struct cluster_event what;
    bool is_event;
    size_t names_n;
    uint8_t names[];
};

struct cluster {
    struct cluster_options set;
    struct resolver *resolver;
    struct upstream up;
    struct reading reading;
    _Atomic(struct picture *) picture;
    atomic_bool connected;
    _Atomic int64_t read_ms;       /* when the picture was last read, UTC */
    pthread_mutex_t why_lock;
    char why[160];
    struct list listeners;
    struct list asking;            /* waiters for the next reading */
    struct list served;            /* waiters for the reading under way */
    struct list agreeing;          /* waiters for agreement: the next poll is theirs */
    struct list polled;            /* waiters whom the poll under way was begun for */
    struct list heard;             /* events for the next reading */
    struct list shown;             /* events that the reading under way will show */
    size_t heard_n;
    bool wanted;                   /* a reading is to follow the one under way */
    bool closing;
    bool astray;                   /* the local datacenter has no node */
    struct loop_timer again;       /* reconnect */
    struct loop_timer soon;        /* debounced reading */
    struct loop_timer step;        /* agreement is looked at again */
    struct loop_timer tick;        /* waiters' deadlines, refresh */
    uint64_t reading_since_ms;
    uint64_t next_reading_ms;      /* whatever is announced */
    uint32_t backoff_ms;
    size_t contact;                /* that is tried next */
    struct {
        uint8_t b[PICTURE_ADDRESS_MAX];
        uint8_t n;
    } down[CLUSTER_DOWN_MAX];
    size_t down_n;
    struct cluster_order *order;   /* the one under way */
    unsigned polls;                /* answers of the agreement poll that are awaited */
    bool poll_agrees;
    struct uuid poll_version;
    struct loop_grave grave;
    struct grace grace;
};

static inline struct cluster *cluster_of(struct upstream *u)
{
    return LOOP_OF(u, struct cluster, up);
}

/* --- cluster.c --- */

/* A reading begins now, or right after the one under way. */
void cluster_read_now(struct cluster *c);

/* --- cluster_listen.c --- */

void cluster_listen_tell_picture(struct cluster *c, uint64_t version);
/* Copies an event; it goes out once a picture shows it. */
void cluster_listen_hear(struct cluster *c, const struct response_event *e);
void cluster_listen_tell_events(struct cluster *c, uint64_t version);
/* Events of a reading that failed wait for the next one. */
void cluster_listen_keep_events(struct cluster *c);
void cluster_listen_forget_events(struct cluster *c);

/* --- cluster_wait.c --- */

/* The waiters of a list hear `e`. */
void cluster_wait_end(struct list *waiters, err e);
/* Those whose time is over. */
void cluster_wait_sweep(struct cluster *c, uint64_t now_ms);
/* Asks the node for all schema versions, if somebody waits for them to agree. */
void cluster_wait_poll(struct cluster *c);
void cluster_wait_poll_answer(struct cluster *c, enum cluster_ask ask, const struct frame_header *h,
                              bytes body);
void cluster_wait_node_status(struct cluster *c, bytes address, bool up);

/* --- cluster_order.c --- */

void cluster_order_answer(struct cluster *c, const struct frame_header *h, bytes body);
/* The connection is lost: nobody knows whether it was carried out. */
void cluster_order_lost(struct cluster *c);
/* The cluster goes: whoever still waits for agreement hears of it without it. */
void cluster_order_let_go(struct cluster *c);
