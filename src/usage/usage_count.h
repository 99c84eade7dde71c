/* Counting, on one thread and without a word to others: what each token does here, table by table, until
 * it is taken away. Pure.
 *
 * A session holds on to its token's entry. A prepared statement is counted by two plain additions on a
 * line of the entry that is the statement's alone while it is in use; everything else takes the long
 * way, which is a look-up. Entries without sessions go when they have been taken. */
#pragma once

#include "base/arena.h"
#include "base/list.h"
#include "model/refusal.h"
#include "model/token.h"
#include "model/uuid.h"

enum {
    USAGE_COUNT_ENTRIES = 32768, /* of one thread; further tokens are counted together, by scope */
    USAGE_COUNT_TABLES = 256,    /* of one token and database; further ones are counted together */
    USAGE_COUNT_TABLES_ALL = 262144, /* of one thread, likewise: some 30 MB */
    USAGE_COUNT_SLOTS = 16,      /* statements of one entry that are counted the short way */
    USAGE_COUNT_REQUEST = 16,    /* tables of one request; further ones are counted together */
    USAGE_COUNT_NAME = 128,      /* bytes of a table's or keyspace's name */
    USAGE_COUNT_FROM = 64,
    USAGE_COUNT_BY = 96,
    USAGE_COUNT_TAKE = 256       /* entries that are looked at in one go: some hundred microseconds */
};
/* The name of what is counted together: no keyspace and no table can have it. */
#define USAGE_COUNT_OTHERS "(others)"
#define USAGE_COUNT_UNNUMBERED UINT64_MAX

/* Where somebody came from and with what, as it is shown; lives as long as the session. */
struct usage_who {
    char from[USAGE_COUNT_FROM];
    char by[USAGE_COUNT_BY];
};

struct usage_table {
    struct usage_table *next;         /* in its bucket */
    struct usage_table *next_touched; /* since the last taking */
    bool touched;
    bool in_request;
    bool in_request_write;
    int64_t reads;
    int64_t writes;
    uint8_t keyspace_n;
    uint8_t name_n;
    char names[]; /* the keyspace's, then its own */
};

/* A statement that was counted here before, under its number. */
struct usage_slot {
    uint64_t number; /* and one; 0: none */
    int64_t n;
    struct usage_table *table;
    bool write;
};

enum { USAGE_COUNT_BUCKETS = 16 };

struct usage_entry {
    const struct usage_who *who; /* of the latest request; NULL: as in `left` */
    struct usage_slot slots[USAGE_COUNT_SLOTS];
    struct list link;
    struct usage_entry *next; /* in its bucket */
    struct usage_count *count;
    char client_id[TOKEN_CLIENT_ID];
    bool others; /* of more than one token: without a client id */
    struct uuid scope;
    struct uuid database; /* zero: of none */
    uint32_t sessions;
    int32_t sessions_delta;
    uint32_t logins;
    int64_t statements; /* but for those in slots */
    int64_t used_ms;    /* by something else than statements */
    uint32_t refused[REFUSALS];
    uint32_t refusals;
    uint32_t tables_n;
    struct usage_table *tables[USAGE_COUNT_BUCKETS];
    struct usage_table *touched;
    struct usage_table *in_request[USAGE_COUNT_REQUEST];
    uint32_t in_request_n;
    struct usage_who left; /* of the last one that is not there any more */
};

struct usage_count;

MUST err usage_count_new(struct usage_count **out);
void usage_count_free(struct usage_count *c);
size_t usage_count_entries(const struct usage_count *c);

/* Whom something is counted for. */
struct usage_key {
    bytes client_id;
    struct uuid scope;
    struct uuid database; /* zero: none */
};

/* A login: the entry is the session's until it leaves; NULL without memory, and then nothing of the
 * session is counted. */
struct usage_entry *usage_count_enter(struct usage_count *c, const struct usage_key *key,
                                      const struct usage_who *who, int64_t now_ms);
void usage_count_leave(struct usage_entry *e, const struct usage_who *who);

/* Used otherwise. `who` is copied. */
void usage_count_used(struct usage_count *c, const struct usage_key *key,
                      const struct usage_who *who, int64_t now_ms);
/* Refused, without a session and with one. */
void usage_count_refused(struct usage_count *c, const struct usage_key *key, enum refusal reason);
void usage_count_refuse(struct usage_entry *e, enum refusal reason);

/* The short way. False: this statement takes the long one. */
static inline bool usage_count_again(struct usage_entry *e, const struct usage_who *who,
                                     uint64_t number)
{
    struct usage_slot *s = &e->slots[number % USAGE_COUNT_SLOTS];
    if (s->number != number + 1) return false;
    e->who = who;
    s->n++;
    return true;
}

/* The long way: the tables of one request, each once however often it is named, then the request. A
 * number (or USAGE_COUNT_UNNUMBERED) with exactly one table takes the short way from then on. */
void usage_count_table(struct usage_entry *e, bytes keyspace, bytes table, bool write);
void usage_count_request(struct usage_entry *e, const struct usage_who *who, uint64_t number);
/* Instead of the latter: it was not sent on. */
void usage_count_drop(struct usage_entry *e);

/* What was counted for one entry, in an arena. */
struct usage_delta {
    struct usage_delta *next;
    bytes client_id; /* empty: of others of the scope */
    struct uuid scope;
    struct uuid database;
    int64_t used_ms; /* 0: not used */
    bytes from;
    bytes by;
    uint32_t logins;
    int64_t statements;
    int32_t sessions;
    uint32_t refused[REFUSALS];
    uint32_t refusals;
    struct usage_delta_table {
        struct usage_delta_table *next;
        bytes keyspace;
        bytes table;
        int64_t reads;
        int64_t writes;
    } *tables;
};

/* Takes what was counted of up to USAGE_COUNT_TAKE entries and puts it before `*out`; without memory it
 * stays where it is. True: this round has more to look at. A round is all entries that there were when it
 * began. */
bool usage_count_take(struct usage_count *c, int64_t now_ms, struct arena *a,
                      struct usage_delta **out);

/* A driver's or program's name and version as it is kept: cut, and printable ASCII only, for strangers
 * choose it and people see it. */
void usage_count_write_by(bytes name, bytes version, char out[USAGE_COUNT_BY]);
