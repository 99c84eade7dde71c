/* The CQL gateway: doors on which drivers log in with a token, and workers, one a core, that carry
 * their statements to the nodes of a cluster and the answers back.
 *
 * All calls but gateway_read_status come from the control thread, the one that runs `control`. */
#pragma once

#include "base/err.h"
#include "base/secret.h"
#include "loop/loop.h"
#include "model/ports.h"
#include "model/token.h"
#include "model/uuid.h"

struct access;
struct address;
struct gate;
struct gateway;
struct usage;

enum { GATEWAY_WORKERS_MAX = 256, GATEWAY_DOORS_MAX = 1024, GATEWAY_HOST_MAX = 255 };

struct gateway_limits {
    uint32_t clients_max; /* CQL clients at once, in all */
    uint32_t clients_per_address;
    uint32_t login_ms;           /* from accept to AUTH_SUCCESS */
    uint32_t message_max;        /* bytes of one request body after login */
    uint32_t prepared_per_token; /* distinct texts */
    uint32_t request_ms;         /* until a node must have answered */
    uint32_t slow_request_ms;    /* the same for TRUNCATE and schema changes */
};

struct gateway_options {
    unsigned workers;     /* 0: one a core */
    struct loop *control; /* clusters live on it; borrowed */
    struct gate *gate;    /* borrowed */
    struct event_sink events;
    struct usage *usage; /* where tokens' use is counted; NULL: it is not */
    struct gateway_limits limits; /* a zero field: its default */
    bool tracing;                 /* pass the tracing flag on (decisions 7.10) */
    bool other_datacenters;       /* use their nodes too (decisions 7.3) */
};

/* One database: where it is listened for, and the cluster behind it. Everything is copied. */
struct gateway_door {
    struct uuid database;
    struct uuid organization;
    bytes name;
    bytes listen;         /* ADDR:PORT; port 0 takes a free one */
    bytes advertise;      /* ADDR:PORT shown to drivers; empty: what they dialled */
    bytes contact_points; /* HOST:PORT,… */
    bytes datacenter;
    bytes username; /* the service role */
    const struct secret *password;
    bool allow_plaintext; /* may listen beyond loopback without TLS */
};

/* Starts the workers. Errors: NO_MEMORY, IO. */
MUST err gateway_new(const struct gateway_options *options, struct gateway **out);
/* Closes every session and joins the workers; gateway_drain first to be polite. Not from within a
 * turn of `control`: it makes turns of its own until the workers have let go. */
void gateway_free(struct gateway *g);

/* A door could listen there: neither an open door nor another program has the address. Any thread.
 * IN_USE, CONFLICT, IO, said in the note. */
MUST err gateway_check_listen(struct gateway *g, const struct address *a, struct note *note);
/* Listens and begins to reach the cluster; a cluster that cannot be reached is no failure. Errors,
 * said in the note: BAD_INPUT (an address), IN_USE (the database has a door), CONFLICT, NOT_ALLOWED
 * (plaintext beyond loopback), IO, NO_MEMORY. */
MUST err gateway_start_door(struct gateway *g, const struct gateway_door *door, struct note *note);
/* Closes the door and its sessions and forgets the cluster; nothing happens when there is none. */
void gateway_stop_door(struct gateway *g, const struct uuid *database);
/* The same for all of them. */
void gateway_stop_doors(struct gateway *g);
/* The port that is listened on, 0 without such a door. */
uint16_t gateway_port(const struct gateway *g, const struct uuid *database);

/* A token's end, embedded by the caller until `done` has run on the control loop: then every worker
 * has marked the sessions and dropped what they had queued, so nothing more of it is passed on. */
#define GATEWAY_NOBODY UINT32_MAX
struct gateway_end {
    /* Number of the token's live word. GATEWAY_NOBODY: no session ends, and `done` says that
     * nothing more goes on that was decided before the call; for changes of roles. */
    uint32_t live;
    /* With GATEWAY_NOBODY: the database whose access list is another now; its sessions from outside
     * end. Zero: none. */
    struct uuid database;
    void (*done)(struct gateway_end *e);
    struct gateway *gateway; /* the rest is the gateway's */
    uint32_t missing;        /* workers that have not acknowledged */
    struct gateway_end_note *notes;
};
/* The index must have marked the live word before. Without memory the notes are left out and `done`
 * is called all the same: the live word alone stops every further request. */
void gateway_token_ended(struct gateway *g, struct gateway_end *e);

/* The open sessions of one token, or those that a draft of a database's access list would close. */
enum { GATEWAY_SESSIONS_SHOWN = 100, GATEWAY_SESSION_TEXT = 96 };
struct gateway_session_row {
    struct uuid database;
    int64_t since_ms;
    char client_id[TOKEN_CLIENT_ID + 1];
    char from[GATEWAY_SESSION_TEXT]; /* address */
    char by[GATEWAY_SESSION_TEXT];   /* driver */
};
/* The first of them are the asker's; lent until `done` has run on `loop`. */
struct gateway_sessions {
    const char *client_id;
    uint32_t live; /* number of the token's live word */
    const struct access *list; /* instead of a token: whom this list of `database` lets in no more */
    struct uuid database;
    struct loop *loop;
    void (*done)(struct gateway_sessions *q);
    size_t open;  /* with a list: all sessions of the database */
    size_t count; /* results; rows are lent to `done` */
    size_t n;
    struct gateway_session_row *rows; /* the oldest of them */
    unsigned missing;                 /* the gateway's from here on */
    unsigned parts_n;
    struct gateway_sessions_part *parts;
};
/* Any thread. NO_MEMORY; then `done` does not run. */
MUST err gateway_list_sessions(struct gateway *g, struct gateway_sessions *q);

/* Takes no new clients, lets what is in flight be answered for at most `wait_ms`, then closes;
 * `done` runs on the control loop, once. */
void gateway_drain(struct gateway *g, uint32_t wait_ms, void *owner, void (*done)(void *owner));

/* How it stands with the cluster behind a door. */
enum gateway_cluster {
    GATEWAY_CLUSTER_CONNECTING,  /* nothing went wrong yet */
    GATEWAY_CLUSTER_UNREACHABLE, /* no node answers, or none lets the gateway in */
    GATEWAY_CLUSTER_ASTRAY,      /* the datacenter that was registered has no node */
    GATEWAY_CLUSTER_READY
};

struct gateway_status {
    struct uuid database;
    uint16_t port;
    uint32_t clients;     /* logged in */
    uint32_t nodes_known; /* that this door may use */
    uint32_t nodes_up;
    bool schema_known; /* statements can be decided */
    int64_t schema_read_ms; /* when it was last read, UTC; 0: never */
    enum gateway_cluster cluster;
    char problem[160]; /* why the cluster is not reached or not usable, or empty */
};
/* Any thread; true when the database has a door. */
bool gateway_read_status(struct gateway *g, const struct uuid *database,
                         struct gateway_status *out);

/* Whether the first worker has a connection to the node with this host id. Any thread. */
bool gateway_reaches(struct gateway *g, const struct uuid *database, const struct uuid *host_id);

/* Reads the cluster anew; any thread. `done` runs on the control loop, once, when that has been
 * published, or could not be done. NOT_FOUND: no door; NO_MEMORY. */
MUST err gateway_reload(struct gateway *g, const struct uuid *database, void *owner,
                        void (*done)(void *owner, err e));

/* Has a change of schema carried out by the cluster; any thread. NOT_FOUND: no door; then `done` does
 * not run. */
struct cluster_order;
MUST err gateway_order(struct gateway *g, const struct uuid *database, struct cluster_order *o);

/* Shows the cluster's picture while it lasts, within an RCU read section. Any thread registered
 * with liburcu; false when the database has no door or the cluster was not read yet. */
struct picture;
bool gateway_show_picture(struct gateway *g, const struct uuid *database,
                          void (*show)(void *owner, const struct picture *p), void *owner);
