/* What drivers are told about the cluster: system.local, peers and peers_v2 as of one single node,
 * the gateway (decisions 7.8), and the schema as far as the token sees it. */
#pragma once

#include "cluster/schema_tables.h"
#include "cql/request.h"
#include "net/address.h"
#include "statement/statement.h"

struct system_view {
    const struct picture *picture;
    struct uuid database;
    struct address advertised;    /* the gateway's, as drivers are to dial it */
    struct schema_eyes eyes;
};

/* Answers a statement of route LOCAL_SYSTEM or SCHEMA: appends a whole frame to w. Errors:
 * CQL_INVALID with a note for the peer, NO_MEMORY; then what was appended is to be cut off
 * again. */
MUST err system_tables_answer(const struct system_view *view, const struct statement *what,
                              const struct request_params *params, struct response_to to,
                              struct arena *arena, struct wr *w, struct note *note);
/* PREPARED for the same. */
MUST err system_tables_prepare(const struct system_view *view, const struct statement *what,
                               struct response_to to, bytes id, struct arena *arena, struct wr *w,
                               struct note *note);
