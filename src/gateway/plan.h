/* What is to be done with one text: the statement as understood, under one version of the schema.
 */
#pragma once

#include "cluster/picture.h"
#include "gateway/forward.h"
#include "index/grace.h"
#include "statement/statement.h"

/* A statement that outlives its request. Immutable, freed after a grace period. */
struct plan {
    struct grace grace;
    struct arena arena; /* of a statement that is not forwarded; otherwise unused */
    uint64_t schema_version;
    size_t size;           /* bytes of memory that it takes */
    struct statement what; /* a forwarded one: its text, needs, keyspace and table only */
};

/* Errors: NO_MEMORY, and those of statement_understand. */
MUST err plan_new(const struct picture *picture, bytes keyspace, bytes text,
                  const struct statement *what, struct plan **out);
void plan_free(struct plan *p);
/* After a grace period. */
void plan_retire(struct plan *p);

/* How the loss of its answer is told. */
enum forward_kind plan_kind(const struct statement *s);
/* TRUNCATE and DDL: the longer deadline. */
bool plan_is_slow(const struct statement *s);
