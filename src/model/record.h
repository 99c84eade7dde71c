/* Records: the typed contents of the store, and their compact tagged encoding in which fields that
 * a version does not know survive a rewrite (doc/formats.md). */
#pragma once

#include "base/arena.h"
#include "model/role.h"
#include "model/server_key.h"
#include "model/token.h"

enum record_kind {
#define RECORD(id, number, name, write, remove) RECORD_##id = number,
#include "model/record.def"
#undef RECORD
};
enum { RECORD_KINDS_END = 14 };

/* A key's text: a UUID or a client id. */
enum { RECORD_ID_MAX = 36, RECORD_BODY_MAX = 4 << 20, RECORD_HASH = 32 };

struct record_enterprise {
    struct uuid id;
    bytes name;
    int64_t created_ns;
};

struct record_organization {
    struct uuid id;
    struct uuid enterprise;          /* zero: standalone */
    bytes name;
    bytes email;                     /* of its first administrator */
    int64_t created_ns;
    int64_t default_lifetime_ms;     /* 0: never */
    int64_t maximum_lifetime_ms;     /* 0: never */
    bool ceiling_off;                /* 1.9: changed by the operator only */
    bool inherit_expiry;             /* 2.2: tokens end no later than the token that made them */
};

struct record_database {
    struct uuid id;
    struct uuid organization;
    bytes name;
    bytes contact_points;            /* HOST:PORT,… */
    bytes datacenter;
    bytes username;
    bytes sealed_password;           /* seal.h, with the id's text as associated data */
    bytes listen;                    /* ADDR:PORT of its CQL door */
    bytes advertise;                 /* ADDR:PORT shown to drivers, or empty */
    bytes owner;                     /* client id or user id */
    int64_t created_ns;
};

/* What stays of a database that was unregistered, for clients that wait until it is TERMINATED. */
struct record_former_database {
    struct uuid id;
    struct uuid organization;
    bytes name;
    bytes datacenter;
    bytes address;                   /* that drivers were shown */
    bytes owner;
    int64_t created_ns;
    int64_t removed_ns;
};

struct record_token {
    char client_id[TOKEN_CLIENT_ID];
    struct uuid scope;
    bool enterprise;
    uint16_t key_id;
    uint8_t verifier[SERVER_KEY_VERIFIER];
    int64_t created_ns;
    int64_t expires_ms;              /* CLOCK_NEVER_MS: never */
    const struct uuid *roles;
    size_t roles_n;
    bytes description;
    bytes created_by;
};

/* What stays of a deleted token for a while, so that a repeated DELETE is answered like the first. */
struct record_tombstone {
    char client_id[TOKEN_CLIENT_ID];
    struct uuid scope;
    int64_t deleted_ms;
};

struct record_hash {
    uint8_t b[RECORD_HASH];
};

/* Somebody who signs in. The account exists from the first invitation on, without a password. */
struct record_person {
    struct uuid id;
    bytes email;                     /* as first written; unique ignoring case */
    bytes password;                  /* Argon2id in its own encoding, or empty */
    bytes sealed_totp;               /* seal.h, with the id's text as associated data; or empty */
    int64_t totp_step;               /* the last step of which a code was taken */
    const struct record_hash *recovery; /* SHA-256 of codes that are left */
    size_t recovery_n;
    int64_t created_ns;
    int64_t credentials_ns;          /* password or second factor changed */
    struct record_hash setup;        /* SHA-256 of the set-up or reset link's secret, or zero */
    int64_t setup_ends_ms;
    bool password_is_short;          /* it does only beside a second factor */
    bytes networks;                  /* from which they were right (people/known.h), or empty */
};

/* A person in an organization or enterprise. Its id follows from both (record_membership_id). */
struct record_membership {
    struct uuid id;
    struct uuid person;
    struct uuid scope;
    bool enterprise;
    bytes email;                     /* the person's */
    bool invited;                    /* not accepted yet */
    struct record_hash invitation;   /* SHA-256 of the link's secret, or zero */
    int64_t invitation_ends_ms;
    int64_t created_ns;
    bytes created_by;
    const struct uuid *roles;
    size_t roles_n;
};

/* A signed-in browser. Its id is the first half of the hash of the cookie's secret. */
struct record_session {
    struct uuid id;
    struct uuid person;
    struct record_hash verifier;     /* SHA-256 of the secret */
    int64_t created_ms;
    int64_t seen_ms;                 /* coarse: written when it is minutes old */
    int64_t proved_ms;               /* password and second factor were last given */
    bytes address;
    bytes agent;
};

struct record_access {
    bytes address;                   /* CIDR, as written */
    bytes description;
    bool enabled;
    int64_t updated_ns;
    int64_t created_ns;
};

/* Who may come: to a database's CQL door, or, under the organization's id, to the API. */
struct record_access_list {
    struct uuid id;                  /* database or organization */
    struct uuid organization;
    bool enabled;                    /* not: everybody */
    const struct record_access *entries;
    size_t entries_n;
};

/* A request that must not be carried out twice (decisions 4.4). Its id is the first half of the hash
 * of all that makes it the same one. */
struct record_replay {
    struct uuid id;
    struct uuid scope;
    struct record_hash body;         /* of the request */
    char client_id[TOKEN_CLIENT_ID]; /* that it made */
    int64_t ends_ms;
};

/* Where audit records are sent to, beside the trail in which they stay. */
struct record_audit_export {
    struct uuid id;                  /* the organization whose records they are; zero: everybody's */
    struct uuid series;              /* of one going through the trail; another one begins after `after` */
    int64_t after;                   /* sequence of the last record that is not sent */
    uint16_t destination;            /* of destination.def */
    bytes endpoint;                  /* http(s) URL */
    bytes sealed_token;              /* seal.h, with the id's text as associated data; or empty */
    bytes index;                     /* of Splunk, like the next two; or empty */
    bytes source;
    bytes sourcetype;
    bool by_operator;                /* who alone changes it, and is asked for no network */
    bytes updated_by;
    int64_t updated_ns;
};

/* One of them; reading borrows from the body, lists are in the arena. */
struct record {
    enum record_kind kind;
    uint64_t version;                /* of this record, counted by the store from 1 */
    union {
        struct record_enterprise enterprise;
        struct record_organization organization;
        struct record_database database;
        struct role role;
        struct record_token token;
        struct record_tombstone tombstone;
        struct record_person person;
        struct record_membership membership;
        struct record_session session;
        struct record_access_list access_list;
        struct record_replay replay;
        struct record_audit_export audit_export;
        struct record_former_database former_database;
    } of;
    bytes unknown;                   /* encoded fields of a newer version */
};

const char *record_kind_name(enum record_kind kind);
enum action record_write_action(enum record_kind kind);
enum action record_remove_action(enum record_kind kind);
bool record_kind_is_known(unsigned number);

void record_write(const struct record *r, struct wr *w);
/* STORE_DAMAGED when the body cannot be of this kind; NO_MEMORY when the arena refuses. */
MUST err record_read(enum record_kind kind, bytes body, struct arena *a, struct record *out);
/* The key's text (RECORD_ID_MAX at most); returns its length. */
size_t record_id(const struct record *r, char out[RECORD_ID_MAX]);
/* The scope that the record belongs to, as the resource that its permit must name. */
struct resource record_scope(const struct record *r);
/* The unique name that it claims in its scope (role and database names, addresses of people), or
 * empty. */
bytes record_claim(const struct record *r);

/* --- kinds of which the picture in memory holds every record whole --- */

bool record_is_listed(enum record_kind kind);
struct uuid record_uuid(const struct record *r);
/* What it is listed under: its organization, enterprise or person; the zero UUID for what stands at
 * the top. */
struct uuid record_under(const struct record *r);
/* By what it is listed there, ignoring case; may be empty. */
bytes record_label(const struct record *r);
/* Every text that the record points at outside of its lists. */
void record_each_text(struct record *r, void (*visit)(void *owner, bytes *text), void *owner);

/* The one membership that a person can have in a scope. */
struct uuid record_membership_id(const struct uuid *person, const struct uuid *scope);
/* The first half of a hash as an id. */
struct uuid record_hash_id(const struct record_hash *h);
struct record_hash record_hash_of(bytes secret);
bool record_hash_is_zero(const struct record_hash *h);
