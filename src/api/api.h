/* The DevOps API: one file a resource, rows in route.def. What it may not know itself (clusters,
 * keys, the audit trail) it asks through ports that serve fills. */
#pragma once

#include "base/arena.h"
#include "http/json_out.h"
#include "http/route.h"
#include "model/record.h"
#include "statement/statement.h"

struct gate;
struct index;
struct list_cache;
struct loop;
struct people;
struct store;
struct token_pictures;
struct usage;
struct work;

enum {
    API_KEYSPACES_MAX = 10000,
    API_TABLES_MAX = 20000,     /* of one database that are shown */
    API_NODES_MAX = 4096,
    API_TOMBSTONE_DAYS = 30,    /* a repeated DELETE of a token is answered like the first */
    API_FORMER_DATABASES_MAX = 100, /* of an organization that are remembered */
    API_DATABASE_NAME_MAX = 100, /* code points; leaves room for the name of its role */
    API_SERVICE_NAME_MAX = 255,
    API_ADDRESSES_MAX = 4096,
    API_PROOF_MS = 10 * 60 * 1000,       /* how long a proof of who one is holds */
    API_SEEN_MS = 5 * 60 * 1000,         /* a session's last use is written when it is so old */
    API_SESSIONS_MAX = 20,               /* of one person; the oldest ends */
    API_SESSIONS_SHOWN_MAX = 10000,
    API_AGENT_MAX = 256,                 /* bytes of a User-Agent that are kept */
    API_TOKENS_NAMED_MAX = 20,           /* of those that a removed member made */
    API_AUDIT_PAGE_MAX = 1000,
    API_USAGE_HOURS_MAX = 720, /* 30 days */
    API_USAGE_TABLES_MAX = 1000,
    API_SESSIONS_LISTED_MAX = 100, /* open CQL sessions of a token that are shown */
    API_USAGE_TEXT = 96,
    API_ENDPOINT_MAX = 2048,   /* of a URL that records are sent to */
    API_SPLUNK_NAME_MAX = 255
};
#define API_SEQUENCE_MAX INT64_C(999999999999999999) /* of an audit record: eighteen digits */
#define API_LIFETIME_MAX_S INT64_C(3155760000) /* a hundred years */

/* What is known of a registered cluster; views in the arena that was given. */
struct api_cluster {
    const bytes *keyspaces; /* of applications, in order of name; without system keyspaces */
    size_t keyspaces_n;
    uint32_t nodes_known;
    uint32_t nodes_up;
    uint32_t clients;  /* CQL sessions */
    uint16_t port;     /* on which the door listens; 0: it does not */
    const char *status; /* of those that clients know: ACTIVE, ERROR and the like; NULL: ACTIVE */
    char problem[160];  /* why the cluster is not reached or of no use, or empty */
};

/* The schema of a cluster as it was last read; by name, views in the arena that was given. */
struct api_table {
    bytes name;
    bool view;
};
struct api_keyspace {
    bytes name;
    bool system;
    bytes replication; /* in words; empty: not known */
    const struct api_table *tables;
    size_t tables_n;
};
struct api_schema {
    const struct api_keyspace *keyspaces;
    size_t keyspaces_n;
    bool cut; /* there are more tables than were asked for */
};

/* A node, and whether the gateway is connected to it. */
struct api_node {
    bytes address;
    bool up;
    bool used; /* of the datacenter that was registered */
    bytes datacenter;
    bytes rack;
    bytes version;
};
struct api_nodes {
    const struct api_node *list;
    size_t n;
    int64_t read_ms; /* when the schema was last read, UTC; 0: never */
    struct uuid schema_version; /* zero: not known */
};

/* The open CQL sessions of a token: asked with `client_id` and `live`; or those that `list` would close,
 * a draft of a database's access list. Answered on the request's loop; rows are in its arena. */
struct api_session {
    struct uuid database;
    int64_t since_ms;
    char client_id[TOKEN_CLIENT_ID + 1];
    char from[API_USAGE_TEXT];
    char by[API_USAGE_TEXT];
};
struct api_sessions {
    struct http_request *rq;
    bytes client_id;
    uint32_t live; /* number of its live word */
    const struct record_access_list *list; /* NULL: a token's */
    void (*done)(struct api_sessions *q);
    const struct api_session *rows; /* the oldest of them */
    size_t n;
    size_t count;
    size_t open; /* with a list: all of the database */
};

/* How it stands with sending audit records elsewhere. */
struct api_export_state {
    const char *word; /* of AUDIT_DELIVERY_STATE */
    uint64_t sequence;
    uint64_t behind;
    uint64_t sent;
    int64_t success_ms; /* UTC; 0: not yet */
    int64_t failure_ms;
    int64_t next_ms; /* when it is tried again; 0: it does not fail */
    uint64_t missing; /* records whose files were gone before they were sent */
    char problem[256];
};

/* Filled by serve; all are called on HTTP loops unless something else is said, and must not block.
 * Any may be NULL but `may_register`. */
struct api_ports {
    void *owner;
    /* False: nothing is known of it (then the answer shows an empty cluster). */
    bool (*cluster)(void *owner, const struct uuid *database, struct arena *a,
                    struct api_cluster *out);
    /* At most `tables` of them, on request with the system's. False: the schema was not read yet. Any
     * thread within an RCU read section or without; much work for an HTTP loop. */
    bool (*schema)(void *owner, const struct uuid *database, bool system, size_t tables,
                   struct arena *a, struct api_schema *out);
    /* False: nothing is known of it. */
    bool (*nodes)(void *owner, const struct uuid *database, struct arena *a,
                  struct api_nodes *out);
    /* Addresses readable, and for callers other than the operator within register-targets and
     * register-listen. BAD_INPUT, NOT_ALLOWED, said in the note. */
    err (*may_register)(void *owner, const struct principal *who, const struct record_database *d,
                        struct note *note);
    /* What a CQL text needs in this database as its schema is known now; views in the arena.
     * CQL_SYNTAX, CQL_INVALID, STATEMENT_REFUSED, NOT_READY, said in the note. */
    err (*needs)(void *owner, const struct uuid *database, bytes keyspace, bytes cql,
                 struct arena *a, const struct statement_need **needs, size_t *n,
                 struct note *note);
    /* Has a change of schema carried out and shown by the picture; `done` runs on `loop`, with why not
     * in words. NOT_READY: nothing was begun, and `done` does not run. */
    err (*order)(void *owner, const struct uuid *database, const char *cql, struct loop *loop,
                 void *waiter, void (*done)(void *waiter, err e, const char *why));
    /* NO_MEMORY: nothing was begun, and `done` does not run. */
    err (*sessions)(void *owner, struct api_sessions *q);
    /* Replicas that a keyspace made through the API has, if there are as many nodes. */
    uint32_t (*replicas)(void *owner);
    /* True when the index is loaded and the doors are open; else `why`. */
    bool (*ready)(void *owner, const char **why);
    /* All members of the status object, inside an open one. */
    void (*status)(void *owner, struct json_out *j);
    /* Login, grants, reach of every node: the members of the check inside an open
     * object. On a work thread; may block. */
    err (*check)(void *owner, const struct uuid *database, struct json_out *j, struct note *note);
    /* The newest `n` records of the audit trail as elements of an open array, each a text. On a
     * work thread. */
    err (*audit_tail)(void *owner, size_t n, struct json_out *j, struct note *note);
    /* Sequence of the newest record of the audit trail that is on the disk. */
    uint64_t (*audit_last)(void *owner);
    /* Whether audit records may be sent there by whom: its URL readable and safe, and for callers other
     * than the operator within audit-export-targets. BAD_INPUT, NOT_ALLOWED, said in the note. */
    err (*may_export)(void *owner, const struct record_audit_export *e, struct note *note);
    /* False: nothing is known yet of it as it is now. */
    bool (*export_state)(void *owner, const struct record_audit_export *e, struct api_export_state *out);
    /* The set-up link with this secret was used. */
    void (*set_up)(void *owner, bytes secret);
    /* The server keys. All on a work thread; for the operator alone. `keys`: elements of an open array,
     * each with how many tokens and databases need it. `key_rotate` and `key_retire`: the members of an
     * open object. IN_USE: the newest, or tokens still need it and `force` was not said. */
    err (*keys)(void *owner, struct json_out *j, struct note *note);
    err (*key_rotate)(void *owner, const struct call *call, struct json_out *j, struct note *note);
    err (*key_retire)(void *owner, const struct call *call, uint16_t id, bool force,
                      struct json_out *j, struct note *note);
};

/* rq->owner of every API handler; lent as long as the HTTP doors are open. */
struct api {
    struct gate *gate;
    struct index *index;
    struct store *store;
    struct work *work; /* store reads */
    struct people *people;
    struct usage *usage; /* what tokens are used for; NULL: not known */
    struct loop *loop; /* outlives the doors and the store: of what nobody waits for */
    bytes prefix; /* of new tokens, ending in ':' */
    const char *audit_folder; /* of the trail; NULL: there is none */
    struct list_cache *lists; /* rendered lists; NULL: none are kept and answers have no ETag */
    struct token_pictures *pictures; /* for pages of tokens; NULL: they read the store */
    const char *question_action;   /* fields in which trusted proxies ask; empty or NULL: none */
    const char *question_resource;
    struct api_ports ports;
};

/* http_door_options.person_seen. */
void api_person_seen(struct http_request *rq);

/* http_door_options.token_seen. */
void api_token_seen(struct http_request *rq, err e);

/* Every route of the API, for http_door_options.routes. */
const struct http_routes *api_routes(void);
