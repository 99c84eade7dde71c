/* Listening: sockets opened ready for use, and a listener that accepts within a budget. */
#pragma once

#include "loop/loop.h"
#include "net/address.h"
#include "net/source_limit.h"

enum {
    LISTEN_BACKLOG = 1024,
    LISTEN_BUDGET = 64,   /* accepts a turn */
    LISTEN_PAUSE_MS = 100 /* when descriptors or memory run out */
};

/* A bound, listening, non-blocking socket. With `shared` several of them may listen on one address,
 * and the kernel spreads the clients. Port 0 is chosen by the system (see listen_address).
 * CONFLICT: address in use; IO otherwise; the note says which. */
MUST err listen_open(const struct address *a, bool shared, struct note *note, int *fd);
/* Nobody listens at the address: to be asked before the first of several shared sockets, because
 * the system would let two daemons of one user share a port as well. CONFLICT, IO. */
MUST err listen_check_free(const struct address *a, struct note *note);
/* A UNIX socket, mode 0600; a dead socket file in the way is replaced, a live one is CONFLICT. */
MUST err listen_open_unix(const char *path, struct note *note, int *fd);
/* What the socket is bound to. */
struct address listen_address(int fd);

/* Embed; zero; fill `accepted` (and `limit`, borrowed, or NULL). Everything runs on its loop. */
struct listener {
    struct loop_io io;
    struct loop_timer pause;
    struct source_limit *limit;
    /* `fd` is yours: non-blocking, close-on-exec, TCP_NODELAY set. With a limit, give it back with
     * source_limit_give when you close. Peer of a UNIX socket: ADDRESS_NONE. */
    void (*accepted)(struct loop *l, struct listener *s, int fd, const struct address *peer);
    uint64_t refused; /* connections closed at once for a limit */
};

/* Takes the descriptor over, even when it fails. IO. */
MUST err listen_start(struct loop *l, struct listener *s, int fd);
/* Closes the door; what was accepted stays. Safe when never started or stopped already. */
void listen_stop(struct loop *l, struct listener *s);
