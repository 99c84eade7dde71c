/* Every cap that the gateway sets for strangers, by name, and the count of clients they apply to.
 */
#pragma once

#include "base/err.h"
#include "net/source_limit.h"

#include <pthread.h>

enum {
    LIMIT_CLIENTS = 20000, /* defaults of struct gateway_limits */
    LIMIT_CLIENTS_PER_ADDRESS = 4096,
    LIMIT_LOGIN_MS = 5000,
    LIMIT_PREPARED_PER_TOKEN = 10000,
    LIMIT_REQUEST_MS = 70 * 1000,
    LIMIT_SLOW_REQUEST_MS = 120 * 1000,

    LIMIT_HANDSHAKES = 4096,  /* clients of one worker that have not logged in */
    LIMIT_READ = 64 * 1024,   /* bytes of one client a turn; as many more when opened */
    LIMIT_HELD = 256 << 20,   /* bytes of unfinished requests of one worker */
    LIMIT_OUTSTANDING = 4096, /* requests of a client; more are not read */
    LIMIT_OUTSTANDING_BYTES = 1 << 20,
    LIMIT_UNREAD_REPLIES = 4 << 20, /* unsent reply bytes over which it is not read */
    LIMIT_REPLIES = 512 << 20,      /* unsent reply bytes of one worker: then the client
                                       that owes most is dropped */
    LIMIT_SLOW_READER = 256 << 20,  /* unsent reply bytes of one client */
    LIMIT_STALLED_MS = 60 * 1000,   /* unsent replies and not one byte taken */
    LIMIT_LINGER_MS = 2000,         /* after a last word, for the client to read it */
    LIMIT_LINGER_BYTES = 1 << 20,
    LIMIT_QUANTUM = 16 * 1024,     /* bytes a token may send on when its turn comes */
    LIMIT_PARKED = 65536,          /* requests of one worker that wait for something */
    LIMIT_PARKED_BYTES = 256 << 20,      /* of all of them */
    LIMIT_ATTEMPTS = 16,           /* times that one request is taken up again */
    LIMIT_REPAIRS = 4,             /* attempts after which UNPREPARED is passed on */
    LIMIT_END_MS = 200,            /* a token's end waits so long for sent bytes to arrive */
    LIMIT_STATEMENTS = 1 << 20,    /* prepared statements of one database */
    LIMIT_TEXT_CACHE = 4096,       /* QUERY texts that a worker remembers */
    LIMIT_TEXT_CACHED = 4096       /* longest text there, in bytes */
};

/* Clients in all and by network; shared by all workers, thread safe. */
struct limit_clients {
    pthread_mutex_t lock;
    struct source_limit *count;
    uint32_t per_address;
    uint32_t local; /* from loopback, which `count` does not limit */
};

MUST err limit_clients_init(struct limit_clients *c, uint32_t clients_max, uint32_t per_address);
void limit_clients_drop(struct limit_clients *c);
/* Counts one client in. Errors: TOO_MANY. */
MUST err limit_clients_enter(struct limit_clients *c, const struct address *peer);
/* Once for every enter that succeeded. */
void limit_clients_leave(struct limit_clients *c, const struct address *peer);
size_t limit_clients_count(struct limit_clients *c);
