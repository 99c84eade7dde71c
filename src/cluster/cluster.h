/* One cluster as the gateway knows it: a control connection that reads the picture, keeps it fresh
 * and tells the workers. Lives on the control thread's loop; what other threads may call says
 * so. */
#pragma once

#include "base/err.h"
#include "base/list.h"
#include "cluster/picture.h"
#include "loop/loop.h"
#include "upstream/upstream.h"

enum {
    CLUSTER_CONTACTS_MAX = 16,
    CLUSTER_AGREEMENT_MS = 10 * 1000,    /* decisions 7.6 */
    CLUSTER_AGREEMENT_STEP_MS = 100,
    CLUSTER_DEBOUNCE_MS = 50,            /* changes of schema that are read together */
    CLUSTER_RELOAD_MS = 10 * 1000,       /* a reload that takes longer has failed */
    CLUSTER_REFRESH_MS = 60 * 1000,      /* all is read again this often, whatever was announced */
    CLUSTER_NAME_MAX = 64,
    CLUSTER_ORDER_MAX = 511,
    CLUSTER_HOST_MAX = 256
};

struct cluster;

struct cluster_contact {
    char host[CLUSTER_HOST_MAX];    /* name or address, without port */
    uint16_t port;
};

struct cluster_options {
    struct loop *loop;
    struct upstream_shared *shared;        /* of the same thread */
    struct uuid id;                        /* of the database */
    char name[CLUSTER_NAME_MAX];
    struct cluster_contact contacts[CLUSTER_CONTACTS_MAX];
    size_t contacts_n;
    char local_dc[CLUSTER_NAME_MAX];       /* empty: that of the first contact that answers */
    const struct upstream_credentials *credentials;    /* must outlive the cluster */
    /* After a login that the node refused: reads the password again. May be NULL. */
    void (*renew_credentials)(struct cluster *c);
};

/* Something that nodes announced, a copy that lives until on_event returns. */
struct cluster_event {
    struct response_event event;
    uint64_t picture_version;    /* the first picture that shows it */
};

/* A worker's ear. Both functions run on `loop`. */
struct cluster_listener {
    struct loop *loop;
    void (*on_picture)(struct cluster_listener *l, uint64_t version);
    void (*on_event)(struct cluster_listener *l, const struct cluster_event *e);
    void (*on_removed)(struct cluster_listener *l);    /* the last call */
    struct list link;    /* the cluster's */
    struct loop_note note;
    struct cluster *cluster;
};

/* Somebody who waits for the picture. `done` runs on `loop`, once: DONE, TIMED_OUT, PEER_GONE. */
struct cluster_waiter {
    struct loop *loop;
    void (*done)(struct cluster_waiter *w, err e);
    struct loop_note note;    /* the cluster's, as all that follows */
    struct list link;
    struct cluster *cluster;
    uint64_t due_ms;
    bool agreement;
    err result;
};

/* A change of schema of our own: for the API, which makes and drops keyspaces. `done` runs on `loop`,
 * once: DONE when all live nodes agree and the picture shows it; CONFLICT: another one is under way, or
 * what was ordered cannot be (UNPROCESSABLE, in the node's words); NO_NODE, PEER_GONE, TIMED_OUT. */
struct cluster_order {
    struct loop *loop;
    void (*done)(struct cluster_order *o);
    char text[CLUSTER_ORDER_MAX + 1];    /* CQL of our own making */
    err result;
    struct note why;
    struct loop_note note;               /* the cluster's, as all that follows */
    struct cluster *cluster;
    struct cluster_waiter agreed;
};

/* Control thread. Begins to connect; the first picture comes later. */
MUST err cluster_new(const struct cluster_options *options, struct cluster **out);
/* Ends the connection; waiters hear PEER_GONE. Listeners must be gone. Freed after a grace
 * period. */
void cluster_close(struct cluster *c);
/* The password changed (SIGHUP, database re-registered): used at the next login. */
void cluster_reconnect(struct cluster *c);

/* Any thread, within an RCU read section, for as long as that lasts. NULL before the first. */
const struct picture *cluster_picture(const struct cluster *c);
/* Any thread: whether the control connection is logged in, and in words why not. */
bool cluster_is_connected(const struct cluster *c);
/* Any thread: when the picture was last read, changed or not, in UTC; 0: never. */
int64_t cluster_read_ms(const struct cluster *c);
void cluster_explain(struct cluster *c, struct note *out);

const struct uuid *cluster_id(const struct cluster *c);
const char *cluster_name(const struct cluster *c);
const struct upstream_credentials *cluster_credentials(const struct cluster *c);

/* Any thread. The listener hears on_picture at once when there is one. */
void cluster_listen(struct cluster *c, struct cluster_listener *l);
/* Any thread; on_removed follows. */
void cluster_unlisten(struct cluster *c, struct cluster_listener *l);

/* Any thread. Done when a reload that began after this call has been published (decisions 7.7). All
 * who ask in the meantime share one. */
void cluster_reload(struct cluster *c, struct cluster_waiter *w);
/* Any thread, for a DDL statement that a node has just answered: done when all live nodes have the
 * same schema version and the picture shows it (decisions 7.6); TIMED_OUT: go on with a warning. */
void cluster_agree(struct cluster *c, struct cluster_waiter *w);
/* Any thread. The order is the cluster's until `done` runs. */
void cluster_order(struct cluster *c, struct cluster_order *o);
