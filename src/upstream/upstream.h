/* One connection to one Cassandra node, as a client: login, streams, replies, deadlines, loss.
 *
 * Embed the struct and find the owner with a typed …_of(). Everything happens on one loop. Requests
 * are appended to one buffer and leave in one write a turn; replies come back through the
 * callbacks, each with the slot that its request took. A slot whose client has left stays taken
 * until the node answers (an orphan), so that no reply can reach another client. */
#pragma once

#include "base/err.h"
#include "base/list.h"
#include "base/secret.h"
#include "base/sm.h"
#include "base/wr.h"
#include "cql/frame.h"
#include "loop/loop.h"
#include "net/dial.h"
#include "upstream/outbox.h"
#include "upstream/upstream_shared.h"

enum {
    UPSTREAM_STREAMS = 32768,
    UPSTREAM_NO_STREAM = -1,
    UPSTREAM_UNSENT_MAX = 256 * 1024,       /* unsent bytes over which upstream_has_room says no */
    UPSTREAM_WHOLE_MAX = 64 * 1024,         /* longer reply bodies come in parts */
    UPSTREAM_GATHER_MAX = 64 * 1024 * 1024, /* longest body that is gathered; a longer one counts as
                                               one that did not come in time */
    UPSTREAM_KEEP_MAX = 16 * 1024,          /* longest body that is kept for repair */
    UPSTREAM_READ_BUDGET = 1024 * 1024,     /* bytes read from one connection a turn */
    UPSTREAM_LOGIN_MS = 10 * 1000,
    UPSTREAM_DEADLINE_MS = 70 * 1000,       /* decisions 7.5: above the servers' own */
    UPSTREAM_LONG_DEADLINE_MS = 120 * 1000, /* TRUNCATE and DDL */
    UPSTREAM_IDLE_MS = 30 * 1000,           /* then an OPTIONS asks whether the node is there */
    UPSTREAM_HEARTBEAT_MS = 15 * 1000,      /* no answer to it in this time: lost */
    UPSTREAM_ORPHANS_MAX = 1024,            /* old orphans over which a connection is replaced */
    UPSTREAM_ORPHAN_OLD_MS = 20 * 1000,
    UPSTREAM_PREPARED_MAX = 1 << 20         /* statements that a connection remembers */
};

enum upstream_state {
    UPSTREAM_IDLE,
    UPSTREAM_DIAL,
    UPSTREAM_STARTUP,
    UPSTREAM_LOGIN,
    UPSTREAM_READY,
    UPSTREAM_DRAIN,    /* answers are awaited, nothing new is taken */
    UPSTREAM_GONE,
    UPSTREAM_STATES
};

/* Bits of upstream_slot.flags; 0x0F is the gateway's own. Set them with |=, after upstream_take and
 * before upstream_send. */
enum {
    UPSTREAM_SLOT_USER = 0x0F,
    UPSTREAM_SLOT_LONG = 0x10,        /* the long deadline */
    UPSTREAM_SLOT_ORPHAN = 0x20,
    UPSTREAM_SLOT_OURS = 0x40,        /* heartbeat: nobody is told */
    UPSTREAM_SLOT_TAKEN = 0x80
};

/* What is remembered of a request in flight. The first block is the gateway's, the second ours. */
struct upstream_slot {
    void *owner;
    uint32_t generation;       /* of the owner, for the gateway to compare */
    int16_t client_stream;
    uint8_t opcode;            /* of the request */
    uint8_t flags;
    uint32_t statement;        /* lower half of the number of its record */
    uint32_t extra;            /* free for the gateway: write type, consistency, size … */

    uint64_t sent_ms;          /* since when it waits; of an orphan: since when it is one */
    uint64_t end_at;           /* position of its last byte in the outbox; 0: not sent yet */
    uint32_t kept_n;           /* bytes of the body, when it is kept */
};

struct upstream;

/* All but on_reply, on_lost and on_gone may be NULL. None may free the upstream; upstream_close is
 * allowed everywhere. A slot is lent until the callback returns, then it is free again. */
struct upstream_events {
    void (*on_ready)(struct upstream *u);
    /* A whole answer; `body` is lent until the callback returns. The header's stream is the
     * node's. */
    void (*on_reply)(struct upstream *u, struct upstream_slot *slot, const struct frame_header *h,
                     bytes body);
    /* A body over UPSTREAM_WHOLE_MAX has begun to come: whether it is taken in pieces. NULL or
     * false: gathered whole, for on_reply. */
    bool (*takes_parts)(struct upstream *u, struct upstream_slot *slot,
                        const struct frame_header *h);
    /* The pieces, in order; `offset` of this one in the body. The slot is free after the piece that
     * ends at h->body_len. When the connection is lost in the middle, on_lost comes with
     * UPSTREAM_BEGUN. NULL when takes_parts is. */
    void (*on_reply_part)(struct upstream *u, struct upstream_slot *slot,
                          const struct frame_header *h, bytes part, uint32_t offset);
    /* No answer in time: answer the client. The slot becomes an orphan by itself. */
    void (*on_expired)(struct upstream *u, struct upstream_slot *slot);
    /* The connection is lost; called once for each slot that is not an orphan. */
    void (*on_lost)(struct upstream *u, struct upstream_slot *slot, int how);
    void (*on_event)(struct upstream *u, bytes message);
    /* Unsent bytes fell below half the mark after upstream_has_room had said no. */
    void (*on_room)(struct upstream *u);
    /* Last of all: closed, nothing in flight. `why` in words for the log: u->why. */
    void (*on_gone)(struct upstream *u, err why);
};

/* How much of a lost request or its answer had travelled (decisions 7.4). */
enum { UPSTREAM_NEVER_WRITTEN, UPSTREAM_WRITTEN, UPSTREAM_BEGUN };

/* The service role. */
struct upstream_credentials {
    struct secret user;
    struct secret password;
};

struct upstream_options {
    struct loop *loop;
    struct resolver *resolver;    /* may be NULL when only literal addresses are dialled */
    struct upstream_shared *shared;
    const struct upstream_events *events;
    const struct upstream_credentials *credentials;    /* read at login; must outlive it */
    uint32_t deadline_ms;                              /* 0: UPSTREAM_DEADLINE_MS */
    uint32_t long_deadline_ms;                         /* 0: UPSTREAM_LONG_DEADLINE_MS */
    uint8_t version;                                   /* 3 or 4 */
};

struct upstream {
    struct loop_io io;
    struct loop_timer timer;          /* once a second: login, deadlines, orphans, heartbeat */
    struct loop_flush flush;
    struct dial dial;
    struct sm state;
    struct upstream_options set;
    struct address address;           /* of the node, once connected */
    struct outbox out;
    struct wr held;                   /* an incomplete frame */
    struct frame_header part;         /* the reply that comes in pieces, */
    uint32_t part_at;                 /* how far it came, */
    struct wr gathered;               /* and what it was, when nobody takes pieces */
    bool in_part;
    bool gathers;
    bool wants_room;
    bool heartbeat_out;
    uint64_t heard_ms;
    uint64_t begun_ms;                /* of the dialling, later of the last heartbeat */
    uint32_t *prepared;               /* tags of statement numbers, by their low bits */
    uint32_t prepared_size;           /* a power of two, or 0 */
    struct upstream_slot *slots;
    uint16_t *free_streams;
    uint32_t free_n;
    uint32_t taken_n;                 /* slots in flight, orphans included */
    uint32_t orphans_n;
    char why[160];                    /* what ended it, for the log */
};

void upstream_init(struct upstream *u, const struct upstream_options *options);
/* Begins to dial; on_ready or on_gone follows, through the loop. Only when idle or gone.
 * Errors: NO_MEMORY. */
MUST err upstream_dial(struct upstream *u, const struct address *to);
MUST err upstream_dial_host(struct upstream *u, bytes host, uint16_t port);
/* Ends it at once: on_lost for every slot, then on_gone, before this returns. */
void upstream_close(struct upstream *u, err why);
/* Takes nothing new; closes when the last answer has come. */
void upstream_drain(struct upstream *u);
/* Gives back memory. Only when idle or gone. */
void upstream_drop(struct upstream *u);

static inline bool upstream_is_ready(const struct upstream *u)
{
    return u->state.state == UPSTREAM_READY;
}

/* Ready, a stream free, unsent bytes below the mark. */
static inline bool upstream_has_room(struct upstream *u)
{
    if (!upstream_is_ready(u) || u->free_n == 0) return false;
    if (outbox_unsent(&u->out).n < UPSTREAM_UNSENT_MAX) return true;
    u->wants_room = true;
    return false;
}

/* Requests in flight: what "least outstanding" compares. */
static inline uint32_t upstream_load(const struct upstream *u)
{
    return u->taken_n;
}

/* A free slot and its stream id, all fields zero; NULL when there is none, or
 * the connection is not ready. Fill the first block, then
 * send at once, or give it back with upstream_give. */
struct upstream_slot *upstream_take(struct upstream *u, int16_t *stream);

void upstream_give(struct upstream *u, struct upstream_slot *slot);

/* Appends header and body for a slot that was taken. Flags are header flags (tracing). With `keep`,
 * a body up to UPSTREAM_KEEP_MAX can be had again until OUTBOX_HISTORY bytes have followed it.
 * Errors: NO_MEMORY (slot given back). */
MUST err upstream_send(struct upstream *u, int16_t stream, uint8_t flags, enum opcode opcode,
                       bytes body, bool keep);
/* The same in two steps for bodies that are written in place: write to the buffer returned, then
 * upstream_end. */
struct wr *upstream_begin(struct upstream *u, int16_t stream, uint8_t flags, enum opcode opcode,
                          size_t *begun);
MUST err upstream_end(struct upstream *u, int16_t stream, size_t begun);

/* The body that was kept, empty when none was or it is gone; lent until something is sent. */
bytes upstream_kept_body(const struct upstream *u, const struct upstream_slot *slot);

/* The client is gone: the slot rests until answered and nobody is told. */
void upstream_orphan(struct upstream *u, struct upstream_slot *slot);
static inline struct upstream_slot *upstream_slot(struct upstream *u, int16_t stream)
{
    return &u->slots[stream];
}
static inline int16_t upstream_stream(const struct upstream *u, const struct upstream_slot *slot)
{
    return (int16_t)(slot - u->slots);
}

/* Whether this connection's node has prepared the statement with this number (decisions 7.2). */
bool upstream_has_prepared(const struct upstream *u, uint32_t statement);
void upstream_set_prepared(struct upstream *u, uint32_t statement, bool prepared);
