/* What the door keeps of connections and requests; for the files of this room alone. */
#pragma once

#include "http/chunks.h"
#include "http/framing.h"
#include "http/http_door.h"
#include "loop/work.h"
#include "net/channel.h"
#include "net/listen.h"

enum { DOOR_READ_SIZE = 64 << 10, DOOR_DATE_SIZE = 32 };

struct http_door {
    struct http_door_options options;
    struct route_table *routes;
    struct loop *loop;
    struct listener listener;
    struct source_limit *limit;
    struct channel_tls *tls; /* NULL: plain */
    struct loop_flush flush; /* somebody waits to hear that the door is empty */
    struct loop_timer sweep; /* of held answers, while there are some */
    struct list links;
    size_t busy;    /* requests begun and not completed */
    size_t waiting; /* of them suspended, before their answer or within it */
    bool draining;
    bool closing; /* nothing new is begun for the answers under way */
    void *drain_owner;
    void (*drained)(void *owner);
    struct http_request *idle; /* ended; memory for the next, or NULL */
    struct wr spare;           /* room for what is written, lent to one link at a time */
    int64_t date_s;            /* what `date` says, UTC */
    char date[DOOR_DATE_SIZE]; /* RFC 9110, section 5.6.7 */
    size_t read_n; /* the most that one call has read in this turn of a link */
    uint8_t read[DOOR_READ_SIZE]; /* what one link has just read; wiped before the next reads */
};

enum link_state {
    LINK_HEAD,   /* of a request, which may not have begun */
    LINK_BODY,   /* is being read */
    LINK_ANSWER, /* is waited for, or being written */
    LINK_LAST    /* all is said; what still comes is dropped until the other side closes */
};

struct http_link {
    struct list link;
    struct loop_grave grave;
    struct loop_timer deadline;
    struct loop_io io;
    struct loop_flush flush; /* there is something to do */
    struct http_door *door;
    struct http_request *rq; /* from its head to the end of its answer */
    struct channel channel;
    struct address peer;
    uint32_t uid; /* of the process at the other end of a UNIX socket */
    enum link_state state;
    bool readable; /* there may be more to read than was read */
    bool reading;  /* some of a request has come, its deadline runs */
    bool stalled;  /* the other side does not take what is written; its deadline runs */
    bool finished; /* we said that nothing more comes */
    bool cut;      /* nothing is read or written any more */
    struct head_scan scan;
    bytes rest;     /* read and not used: in the door's memory, or in `kept` */
    struct wr kept; /* the rest, from one turn to the next */
    struct wr out;  /* to be written */
    size_t out_at;  /* written of it */
    size_t dropped; /* bytes, in LINK_LAST */
};

enum inside_state {
    INSIDE_READING,  /* head accepted, body coming */
    INSIDE_RUNNING,  /* in the handler */
    INSIDE_WAITING,  /* suspended */
    INSIDE_ANSWERED, /* the answer is filled in */
    INSIDE_SENT      /* its head is written */
};

/* What of an answer's body is written next. */
struct sending {
    struct wr piece; /* of a streamed one */
    size_t at;       /* written of the piece, or of the whole body */
    bool chunked;
    bool making; /* a piece, on a work thread */
    bool made;   /* by it, and not looked at yet */
    err result;
    struct work_job job;
};

struct http_inside {
    struct http_link *link;
    struct http_door *door;
    enum inside_state state;
    struct head head;
    struct framing framing;
    struct chunks chunks;
    bool method_known;
    bool options;     /* OPTIONS */
    err target;       /* of reading the target */
    err route;        /* of finding the route */
    struct wr forwarded; /* all X-Forwarded-For, in order; from proxies only */
    struct address network; /* of the peer, as limits count it */
    struct address peer; /* behind proxies; ADDRESS_NONE on a UNIX socket */
    uint64_t wait_ms; /* after which it may be tried again */
    struct wr body;   /* as far as it came */
    size_t body_seen; /* bytes, those over the limit too */
    struct sending sending;
};

/* An answer is held from now on. */
void http_door_sweep_later(struct http_door *d);
