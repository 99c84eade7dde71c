/* What the door keeps of connections and requests; for the files of this room alone. */
#pragma once

#include "http/http_door.h"
#include "net/listen.h"

#include <microhttpd.h>

struct http_door {
    struct http_door_options options;
    struct loop *loop;
    struct listener listener;
    struct source_limit *limit;
    struct loop_flush flush; /* somebody waits to hear that the door is empty */
    struct loop_timer sweep; /* of held answers, while there are some */
    struct list connections;
    size_t busy;    /* requests begun and not completed */
    size_t waiting; /* of them suspended, before their answer or within it */
    bool draining;
    bool closing; /* nothing new is begun for the answers under way */
    void *drain_owner;
    void (*drained)(void *owner);
};

struct inside_connection {
    struct list link;
    struct loop_grave grave;
    struct loop_timer deadline; /* to read a request, or to begin the next */
    struct loop_timer turn;     /* the library's next timeout */
    struct loop_io io;          /* the library's epoll descriptor */
    struct loop_flush flush;    /* the library has something to do */
    struct http_door *door;
    struct MHD_Daemon *library;
    struct MHD_Connection *connection; /* NULL before it began and after it ended */
    struct http_request *rq;           /* NULL between two requests */
    struct address peer;
    uint32_t uid; /* of the process at the other end of a UNIX socket */
    int fd;       /* borrowed from the library */
    bool busy;    /* from a request's first line to its completion */
    bool reading; /* bytes of a request have come, its deadline runs */
    bool cut;     /* by us; the library will notice */
    bool ended;   /* the library has closed it */
};

enum inside_state {
    INSIDE_NEW,      /* request line seen */
    INSIDE_READING,  /* headers accepted, body coming */
    INSIDE_RUNNING,  /* in the handler */
    INSIDE_WAITING,  /* suspended */
    INSIDE_ANSWERED, /* the answer is filled in */
    INSIDE_SENT      /* handed to the library */
};

struct http_inside {
    struct MHD_Connection *connection;
    struct inside_connection *link;
    struct http_door *door;
    enum inside_state state;
    bool method_known;
    bool options;     /* OPTIONS */
    err target;       /* of reading the target */
    err route;        /* of finding the route */
    struct wr forwarded; /* all X-Forwarded-For, in order; from proxies only */
    struct address network; /* of the peer, as limits count it */
    struct address peer; /* behind proxies; ADDRESS_NONE on a UNIX socket */
    uint64_t wait_ms; /* after which it may be tried again */
    uint64_t length;  /* of the body as declared; HTTP_BODY_MAX when it comes in chunks */
    struct wr body;   /* as far as it came */
    size_t body_seen; /* bytes, those over the limit too */
};

/* An answer is held from now on. */
void http_door_sweep_later(struct http_door *d);
