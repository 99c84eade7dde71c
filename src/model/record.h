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
enum { RECORD_KINDS_END = 7 };

/* A key's text: a UUID or a client id. */
enum { RECORD_ID_MAX = 36, RECORD_BODY_MAX = 4 << 20 };

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
/* The unique name that it claims in its scope (role and database names), or empty. */
bytes record_claim(const struct record *r);
