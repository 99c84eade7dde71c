/* Prepared statements of one database: text → record, id → record. Shared by all workers, written
 * at PREPARE, read under RCU. Ids come only from texts that the gateway wrote, and a known id is
 * never given to a second text (T13). */
#pragma once

#include "base/err.h"
#include "base/list.h"
#include "gateway/plan.h"
#include "model/principal.h"

#include <stdatomic.h>

enum {
    STATEMENT_RECORD_ID_MAX = 64,
    STATEMENT_RECORD_VERSIONS = 2,
    STATEMENT_RECORD_TOKEN_BYTES = 64 << 20, /* of what one token has prepared */
    STATEMENT_RECORD_ALL_BYTES = 1 << 30     /* of what one database's tokens have */
};

struct statement_records;

/* What a node answered to PREPARE, for one protocol version. Immutable. */
struct prepared_reply {
    struct grace grace;
    uint64_t schema_version; /* of the picture when it was asked */
    bytes body;              /* the whole message of the RESULT */
    bytes metadata;          /* the part that clients decode by; a view of body */
};

struct statement_record {
    struct grace grace;
    _Atomic uint32_t refs;
    uint64_t number; /* never used again */
    _Atomic(struct plan *) plan;
    _Atomic(struct prepared_reply *) prepared[STATEMENT_RECORD_VERSIONS];
    _Atomic bool changed; /* its metadata has: skip-metadata is cleared (decisions 7.1) */
    bool in_texts;        /* all below: under the writers' lock */
    bool in_ids;
    uint8_t id_n;
    uint8_t id[STATEMENT_RECORD_ID_MAX];
    size_t size;                  /* bytes that its holders are charged with */
    uint64_t text_hash;
    uint64_t id_hash;
    struct list holds; /* of tokens (statement_share.h); with the last it is forgotten */
    bytes text; /* as forwarded; follows the struct */
};

/* `per_token`: statements of one token; `all_bytes`: of all of them, each text once. */
MUST err statement_record_table_new(uint32_t per_token, size_t all_bytes,
                                    struct statement_records **out);
/* When no reader can be inside any more. */
void statement_record_table_free(struct statement_records *t);

/* In an RCU read section, for as long as it lasts. NULL: not known. */
struct statement_record *statement_record_by_id(struct statement_records *t, bytes id);
struct statement_record *statement_record_by_text(struct statement_records *t, bytes text);

/* The record of this text, made when there is none; takes the plan over either way. From now on the
 * token holds it and is charged with it; its oldest goes when it has more than its cap (T24).
 * Errors: NO_MEMORY. */
MUST err statement_record_add(struct statement_records *t, const struct principal *who,
                              struct plan *plan, struct statement_record **out);
/* The token prepares what there is already. False: it is not there any more, or no memory. */
MUST bool statement_record_claim(struct statement_records *t, const struct principal *who,
                                 struct statement_record *r);
/* The token with this number has ended: it holds nothing any more. */
void statement_record_forget(struct statement_records *t, uint32_t live);
/* In an RCU read section: whether the token has prepared it. To whoever has not it does not exist,
 * for ids are digests that anybody can compute (T8). */
bool statement_record_is_held(const struct statement_records *t, const struct principal *who,
                              const struct statement_record *r);
/* Keeps it in memory beyond the read section. False: another thread has just let the last hold go,
 * it is gone when this read section ends. */
MUST bool statement_record_hold(struct statement_record *r);
void statement_record_release(struct statement_record *r);
/* Replaces the plan; the former one goes after a grace period. */
void statement_record_replan(struct statement_record *r, struct plan *plan);
/* Forgets it: the next EXECUTE of its id is answered UNPREPARED. */
void statement_record_retire(struct statement_records *t, struct statement_record *r);

enum statement_record_news {
    STATEMENT_RECORD_SAME,    /* first time, or what was known */
    STATEMENT_RECORD_CHANGED, /* clients were given other metadata before */
    STATEMENT_RECORD_CONFLICT /* another id than before, or one that another text has */
};
/* Stores what a node answered to PREPARE; copies. Errors: NO_MEMORY. */
MUST err statement_record_learn(struct statement_records *t, struct statement_record *r,
                                uint8_t version, uint64_t schema_version, bytes id, bytes body,
                                bytes metadata, enum statement_record_news *news);
/* The answer to give to a PREPARE of this version, or NULL when a node must be asked. */
const struct prepared_reply *statement_record_prepared(const struct statement_record *r,
                                                       uint8_t version, uint64_t schema_version);
/* How many there are. */
size_t statement_record_count(struct statement_records *t);
