/* One client: its socket, its two buffers, and where it stands between hello and gone.
 *
 * A session whose client has left stays in memory until the last of its requests has been answered,
 * so that a reply always finds the session that asked, and never another one. */
#pragma once

#include "base/sm.h"
#include "gateway/worker.h"
#include "usage/usage_count.h"

enum session_state {
    SESSION_HELLO, /* OPTIONS or STARTUP */
    SESSION_SASL,  /* AUTH_RESPONSE */
    SESSION_READY,
    SESSION_DRAIN,  /* nothing more is read; what is owed is still written */
    SESSION_LINGER, /* all is written; the client's remaining bytes are thrown away */
    SESSION_GONE,   /* closed; requests may still be in flight */
    SESSION_STATES
};

enum { SESSION_KEYSPACE_MAX = 48 };

struct session {
    struct loop_io io;
    struct loop_flush flush;
    struct loop_timer timer; /* login deadline, the token's end, the end of lingering */
    struct loop_grave grave;
    struct sm state;
    struct list link; /* of the door */
    struct list of_holder;
    struct list registered;
    struct list greeting; /* of the worker, until it has logged in */
    struct list owing;
    struct worker_door *door;
    struct lane *lane;     /* from STARTUP on */
    struct holder *holder; /* from login on */
    struct fair_client fair;
    struct wr out;    /* replies */
    struct wr aside;  /* replies that wait for the end of one that comes in pieces, */
    const struct upstream *pieces_from; /* which comes from here; NULL: none does */
    struct wr held;   /* bytes that are not yet a whole request, or must wait */
    size_t out_from;  /* bytes of out that were written */
    size_t skip;      /* bytes that come next and are of a request that was refused */
    size_t unsent;    /* of out and aside, as the worker has counted them */
    uint64_t took_ms; /* when the client last took a byte of what is owed */
    uint32_t generation;
    uint32_t outstanding; /* requests in flight or parked */
    uint32_t outstanding_bytes;
    uint32_t lingered; /* bytes thrown away */
    uint8_t version;   /* 0: not known yet */
    uint8_t events;    /* REQUEST_EVENT_ bits */
    uint8_t keyspace_n;
    uint8_t compression; /* enum compression, of requests */
    bool counted;        /* in limit_clients */
    bool mechanism;      /* "PLAIN" was announced */
    bool paused;         /* over a limit, or its turn is used up: not read until a flush */
    bool waits;          /* for room upstream */
    bool hurried;        /* does not wait for requests in flight before it closes */
    size_t held_counted; /* bytes of `held` as the worker has counted them */
    char keyspace[SESSION_KEYSPACE_MAX];
    struct address peer;
    struct usage_entry *usage; /* what it does is counted there; NULL: it is not */
    struct gate_session gate;
    int64_t since_ms; /* logged in */
    struct usage_who who;
};

/* A request at hand. `message` and what is read from it are lent for the turn. */
struct envelope {
    struct session *session;
    struct frame_header head;
    bytes message;           /* the body without what the flags put before it */
    bytes keyspace;          /* in USE when it was read */
    struct upstream *pinned; /* the connection that it has waited for, or NULL */
    uint8_t attempts;        /* times it was taken up again */
    bool reloaded;           /* the picture was read anew for it */
    bool unread;             /* or was to be, and could not */
    bool counted;            /* it was sent on before, and is counted */
};

/* What became of it. WAITS: no room upstream; nothing has happened, it comes again. */
enum envelope_fate { ENVELOPE_DONE, ENVELOPE_WAITS };

static inline struct gateway_worker *session_worker(const struct session *s)
{
    return s->door->worker;
}
static inline bytes session_keyspace(const struct session *s)
{
    return bytes_of(s->keyspace, s->keyspace_n);
}
static inline struct response_to session_to(const struct session *s, int16_t stream)
{
    return (struct response_to){s->version, stream};
}
static inline struct response_to envelope_to(const struct envelope *e)
{
    return session_to(e->session, e->head.stream);
}
/* True while replies still make sense. */
static inline bool session_is_open(const struct session *s)
{
    return s->state.state <= SESSION_DRAIN;
}

/* Takes the descriptor over. */
void session_accept(struct worker_door *door, int fd, const struct address *peer);

/* Where replies are appended; they leave in one write at the end of the turn. Only while
 * session_is_open. */
struct wr *session_out(struct session *s);
/* An error reply of ours to the request, with the text of the note when it is for the peer. */
void session_refuse(struct session *s, int16_t stream, err e, const struct note *note);
void session_error(struct session *s, int16_t stream, uint32_t code, const char *text);

/* A request was sent on or parked, and its end. */
void session_took(struct session *s, uint32_t bytes_n);
void session_gave(struct session *s, uint32_t bytes_n);

/* Its turn after waiting for room: handles requests that are held, about `allowance` bytes of them,
 * and says how many bytes that were. s->waits tells whether it must wait anew. */
size_t session_resume(struct session *s, int64_t allowance);
/* Handles one request by its opcode; for those that are taken up again, too. The caller is in an
 * RCU read section. */
enum envelope_fate session_handle(struct envelope *e);

/* Logged in: from here on the token's share and end are watched. NO_MEMORY. */
MUST err session_ready(struct session *s);
/* Starts the timer for the token's end, or ends the session when it has come. */
void session_watch_expiry(struct session *s);
/* Writes what is owed, answers what is in flight, then closes. */
void session_drain(struct session *s);
/* Writes what is owed, then closes, without waiting for requests in flight. */
void session_finish(struct session *s);
/* Closes at once. */
void session_close(struct session *s, const char *why);
/* The token has ended: what was queued is dropped now, the rest as session_finish. */
void session_end(struct session *s);
