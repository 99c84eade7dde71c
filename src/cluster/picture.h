/* The picture of one cluster at one moment: its nodes, its schema, and its system tables as the
 * node sent them. Immutable; reached through one atomic pointer under RCU (cluster_picture). */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "cql/response.h"
#include "index/grace.h"
#include "model/uuid.h"


struct schema;

enum {
    PICTURE_BYTES_MAX = 512 * 1024 * 1024,    /* of one picture */
    PICTURE_ADDRESS_MAX = 16
};

/* A table's rows as raw cells. A cell with p == NULL is null. */
struct picture_table {
    bytes keyspace;
    bytes name;
    const struct response_column *columns;
    size_t columns_n;
    bytes *cells;          /* rows_n times columns_n */
    size_t rows_n;
    size_t rows_size;      /* room at cells, while it grows */
};

struct picture_node {
    struct uuid host_id;
    uint8_t address[PICTURE_ADDRESS_MAX];    /* of the native protocol */
    size_t address_n;                        /* 4 or 16 */
    uint16_t port;
    bytes dc;
    bytes rack;
    bytes release_version;
    struct uuid schema_version;
    bool is_local;                           /* in the datacenter that is used (decisions 7.3) */
};

/* What the start-up check found (decisions 7.11); shown by `db check`. */
struct picture_check {
    bool superuser;         /* the service role is one */
    bool root_grants;       /* grants on all keyspaces or all roles */
    bool old_server;        /* older than 4.1.8, or 5.0 before 5.0.3 */
    char root_grant[128];   /* the first of them, in words */
};

/* One right of the gateway's own role, in the words in which the node lists it. */
struct picture_grant {
    const struct picture_grant *next;
    bytes resource;      /* "<keyspace ks>", "<table ks.t>", "<all keyspaces>", … */
    bytes permission;    /* "SELECT" */
};

struct picture {
    struct grace grace;
    struct arena arena;
    uint64_t version;                /* of the schema: rises when anything of it differs */
    struct schema *schema;           /* for statement/schema.h */
    struct picture_table *tables;
    size_t tables_n;
    struct picture_node *nodes;      /* all of the cluster, the one that was asked first */
    size_t nodes_n;
    bytes cluster_name;
    bytes dc;                        /* the local datacenter */
    bytes release_version;           /* the lowest of all nodes */
    bytes cql_version;
    struct uuid schema_version;
    bool agreed;                     /* all nodes have the same schema version */
    size_t local_n;                  /* nodes of the local datacenter */
    struct picture_check check;
    bool grants_known;               /* the node lists what the gateway's role may do */
    const struct picture_grant *grants;
};

/* NULL when the picture has no such table. */
const struct picture_table *picture_table(const struct picture *p, bytes keyspace, bytes name);
/* The column's place, or columns_n. */
size_t picture_column(const struct picture_table *t, const char *name);
/* A cell; empty when the column is missing or the cell null. */
bytes picture_cell(const struct picture_table *t, size_t row, const char *column);

/* The datacenters that there are, each once, by commas. */
void picture_write_datacenters(const struct picture *p, struct wr *w);

/* --- making one, on the control thread --- */

MUST err picture_new(struct picture **out);
/* Adds a page of rows of ks.table; all pages of a table come one after the other. */
MUST err picture_add_rows(struct picture *p, bytes keyspace, bytes table,
                          const struct response_rows *rows);
MUST err picture_add_grant(struct picture *p, bytes resource, bytes permission);
/* Nodes, facts and schema out of the tables. `dc` empty: the one of the node that was asked, whose
 * address is given for the row of system.local. Errors: FRAME_BAD, NO_MEMORY. */
MUST err picture_finish(struct picture *p, bytes dc, bytes local_address, uint16_t local_port);
/* True when nothing that anybody sees differs; with `schema_only` whatever the nodes say of
 * themselves. */
bool picture_is_same(const struct picture *a, const struct picture *b, bool schema_only);
void picture_free(struct picture *p);
/* After a grace period. */
void picture_retire(struct picture *p);
