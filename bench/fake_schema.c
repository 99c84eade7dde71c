/* The system tables of the fake node, written as text and encoded when they are asked for.
 *
 * A table is a name, `column:type` pairs and rows of fields between bars; an empty field is null. Types: t text,
 * b boolean, i int, d double, n inet, u uuid, x blob, T set<text>, L list<text>, M map<text,text>, X map<text,blob>.
 */
#include "fake_schema.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { FAKE_COLUMNS_MAX = 40, FAKE_FIELD_MAX = 256 };

struct fake_table {
    const char *keyspace;
    const char *name;
    const char *columns;
    const char *rows[4];
};

struct fake_column {
    char name[64];
    char type;
};

static char fake_local_row[512];

#define FAKE_TABLE_OPTIONS                                                                        \
    " additional_write_policy:t allow_auto_snapshot:b bloom_filter_fp_chance:d caching:M cdc:b"   \
    " comment:t compaction:M compression:M crc_check_chance:d dclocal_read_repair_chance:d"       \
    " default_time_to_live:i extensions:X gc_grace_seconds:i id:u incremental_backups:b"          \
    " max_index_interval:i memtable:t memtable_flush_period_in_ms:i min_index_interval:i"         \
    " read_repair:t read_repair_chance:d speculative_retry:t"

static const struct fake_table fake_tables[] = {
    {"system", "local",
     "key:t bootstrapped:t broadcast_address:n broadcast_port:i cluster_name:t cql_version:t data_center:t"
     " gossip_generation:i host_id:u listen_address:n listen_port:i native_protocol_version:t"
     " partitioner:t rack:t release_version:t rpc_address:n rpc_port:i schema_version:u tokens:T",
     {fake_local_row}},
    {"system", "peers",
     "peer:n data_center:t host_id:u preferred_ip:n rack:t release_version:t rpc_address:n"
     " schema_version:u tokens:T",
     {NULL}},
    {"system", "peers_v2",
     "peer:n peer_port:i data_center:t host_id:u native_address:n native_port:i preferred_ip:n"
     " preferred_port:i rack:t release_version:t schema_version:u tokens:T",
     {NULL}},
    {"system_schema", "keyspaces", "keyspace_name:t durable_writes:b replication:M",
     {"bench|true|class=org.apache.cassandra.locator.NetworkTopologyStrategy,dc1=1",
      "system|true|class=org.apache.cassandra.locator.LocalStrategy"}},
    {"system_schema", "tables", "keyspace_name:t table_name:t flags:T" FAKE_TABLE_OPTIONS,
     {"bench|kv|compound|99p||0.01|keys=ALL,rows_per_partition=NONE|false||"
      "class=org.apache.cassandra.db.compaction.SizeTieredCompactionStrategy|"
      "class=org.apache.cassandra.io.compress.LZ4Compressor|1.0|0.0|0||864000|"
      "5bc52802-de25-35ed-aeab-188eecebb090||2048||0|128|BLOCKING|0.0|99p"}},
    {"system_schema", "columns",
     "keyspace_name:t table_name:t column_name:t clustering_order:t column_name_bytes:x kind:t"
     " position:i type:t",
     {"bench|kv|k|none|k|partition_key|0|text", "bench|kv|v|none|v|regular|-1|text"}},
    {"system_schema", "types", "keyspace_name:t type_name:t field_names:L field_types:L", {NULL}},
    {"system_schema", "functions",
     "keyspace_name:t function_name:t argument_types:L argument_names:L body:t"
     " called_on_null_input:b language:t return_type:t",
     {NULL}},
    {"system_schema", "aggregates",
     "keyspace_name:t aggregate_name:t argument_types:L final_func:t initcond:t return_type:t"
     " state_func:t state_type:t",
     {NULL}},
    {"system_schema", "triggers", "keyspace_name:t table_name:t trigger_name:t options:M", {NULL}},
    {"system_schema", "indexes", "keyspace_name:t table_name:t index_name:t kind:t options:M", {NULL}},
    {"system_schema", "views",
     "keyspace_name:t view_name:t base_table_id:u base_table_name:t include_all_columns:b"
     " where_clause:t" FAKE_TABLE_OPTIONS,
     {NULL}},
    {"system_schema", "dropped_columns",
     "keyspace_name:t table_name:t column_name:t kind:t type:t", {NULL}},
    {"system_schema", "column_masks",
     "keyspace_name:t table_name:t column_name:t function_argument_nulls:L"
     " function_argument_types:L function_argument_values:L function_keyspace:t function_name:t",
     {NULL}},
    {"system_virtual_schema", "keyspaces", "keyspace_name:t", {NULL}},
    {"system_virtual_schema", "tables", "keyspace_name:t table_name:t comment:t", {NULL}},
    {"system_virtual_schema", "columns",
     "keyspace_name:t table_name:t column_name:t clustering_order:t column_name_bytes:x kind:t"
     " position:i type:t",
     {NULL}},
    {"system_auth", "roles", "role:t super:b login:b", {"bench|false|true"}},
    {"system_auth", "role_permissions", "role:t username:t resource:t permission:t", {NULL}},
};

void fake_schema_start(unsigned port)
{
    snprintf(fake_local_row, sizeof fake_local_row,
             "local|COMPLETED|127.0.0.1|7000|bench cluster|3.4.7|dc1|1700000000|"
             "2b0f7a1c-6f53-4c1e-9a52-7d5a3f0e9b11|127.0.0.1|7000|5|"
             "org.apache.cassandra.dht.Murmur3Partitioner|rack1|5.0.9|127.0.0.1|%u|"
             "54e17321-3f2e-37ca-9b08-d91ba7bdd369|0",
             port);
}

static size_t fake_split(const char *spec, struct fake_column columns[FAKE_COLUMNS_MAX])
{
    size_t n = 0;
    while (*spec != '\0' && n < FAKE_COLUMNS_MAX) {
        const char *colon = strchr(spec, ':');
        snprintf(columns[n].name, sizeof columns[n].name, "%.*s", (int)(colon - spec), spec);
        columns[n++].type = colon[1];
        spec = colon[2] == ' ' ? colon + 3 : colon + 2;
    }
    return n;
}

/* What LIST answers, as tables; anything else names its own. */
static const char *fake_listed(const char *cql)
{
    if (strncasecmp(cql, "list ", 5) != 0) {
        return "";
    }
    return strncasecmp(cql + 5, "roles", 5) == 0 ? "system_auth.roles" : "system_auth.role_permissions";
}

static const struct fake_table *fake_find(const char *cql)
{
    char name[128];
    size_t n = 0;
    const char *from = strcasestr(cql, " from ");
    for (from = from != NULL ? from + 6 : fake_listed(cql); *from != '\0' && *from != ' ' && *from != ';'; from++) {
        if (*from != '"' && n < sizeof name - 1) {
            name[n++] = *from;
        }
    }
    name[n] = '\0';
    for (size_t i = 0; i < sizeof fake_tables / sizeof fake_tables[0]; i++) {
        char full[128];
        snprintf(full, sizeof full, "%s.%s", fake_tables[i].keyspace, fake_tables[i].name);
        if (strcasecmp(full, name) == 0) {
            return &fake_tables[i];
        }
    }
    return NULL;
}

/* The columns a select list names, as positions in the table; `*` or nothing known is all of them. */
static size_t fake_project(const char *cql, const struct fake_column *columns, size_t n,
                           size_t chosen[FAKE_COLUMNS_MAX])
{
    size_t picked = 0;
    const char *at = cql + strcspn(cql, " ");
    const char *end = strcasestr(cql, " from ");
    while (end != NULL && at < end) {
        at += strspn(at, " ,\"");
        size_t size = strcspn(at, " ,\"");
        for (size_t i = 0; i < n && at < end; i++) {
            if (strlen(columns[i].name) == size && strncasecmp(columns[i].name, at, size) == 0) {
                chosen[picked++] = i;
            }
        }
        at += size;
    }
    for (size_t i = 0; picked == 0 && i < n; i++) {
        chosen[i] = i;
    }
    return picked > 0 ? picked : n;
}

static void fake_type(struct wire_buf *out, char type)
{
    switch (type) {
    case 'b': wire_u16(out, 0x04); return;
    case 'i': wire_u16(out, 0x09); return;
    case 'd': wire_u16(out, 0x07); return;
    case 'n': wire_u16(out, 0x10); return;
    case 'u': wire_u16(out, 0x0C); return;
    case 'x': wire_u16(out, 0x03); return;
    case 'L': wire_u16(out, 0x20); break;
    case 'T': wire_u16(out, 0x22); break;
    case 'M':
    case 'X': wire_u16(out, 0x21); wire_u16(out, 0x0D); break;
    default: break;
    }
    wire_u16(out, type == 'X' ? 0x03 : 0x0D);
}

static void fake_uuid(struct wire_buf *out, const char *text)
{
    uint8_t id[16];
    size_t n = 0;
    for (const char *at = text; *at != '\0' && n < sizeof id; at += 2) {
        unsigned byte = 0;
        at += *at == '-';
        sscanf(at, "%2x", &byte);
        id[n++] = (uint8_t)byte;
    }
    wire_value(out, id, sizeof id);
}

static void fake_collection(struct wire_buf *out, char *text)
{
    struct wire_buf in = {0};
    uint32_t count = 0;
    char *keep = NULL;
    for (char *item = strtok_r(text, ",", &keep); item != NULL; item = strtok_r(NULL, ",", &keep)) {
        char *equals = strchr(item, '=');
        wire_value(&in, item, equals != NULL ? (size_t)(equals - item) : strlen(item));
        if (equals != NULL) {
            wire_long_string(&in, equals + 1);
        }
        count++;
    }
    wire_u32(out, (uint32_t)(in.len + 4));
    wire_u32(out, count);
    wire_bytes(out, in.data, in.len);
    wire_free(&in);
}

static void fake_double(struct wire_buf *out, const char *text)
{
    double value = strtod(text, NULL);
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    wire_u32(out, 8);
    wire_u32(out, (uint32_t)(bits >> 32));
    wire_u32(out, (uint32_t)bits);
}

static void fake_value(struct wire_buf *out, char type, char *text)
{
    struct in_addr address;
    uint8_t flag = strcmp(text, "true") == 0;
    if (*text == '\0') {
        wire_u32(out, UINT32_MAX);
        return;
    }
    switch (type) {
    case 'b': wire_value(out, &flag, 1); return;
    case 'i': wire_u32(out, 4); wire_u32(out, (uint32_t)strtol(text, NULL, 10)); return;
    case 'd': fake_double(out, text); return;
    case 'n': inet_pton(AF_INET, text, &address); wire_value(out, &address, 4); return;
    case 'u': fake_uuid(out, text); return;
    case 'L':
    case 'T':
    case 'M':
    case 'X': fake_collection(out, text); return;
    default: wire_long_string(out, text); return;
    }
}

static void fake_row(struct wire_buf *out, const struct fake_column *columns, size_t n,
                     const size_t *chosen, size_t picked, const char *row)
{
    char fields[FAKE_COLUMNS_MAX][FAKE_FIELD_MAX] = {{0}};
    for (size_t i = 0; i < n; i++) {
        size_t size = strcspn(row, "|");
        snprintf(fields[i], FAKE_FIELD_MAX, "%.*s", (int)size, row);
        row += size + (row[size] == '|');
    }
    for (size_t i = 0; i < picked; i++) {
        fake_value(out, columns[chosen[i]].type, fields[chosen[i]]);
    }
}

bool fake_schema_answer(const char *cql, struct wire_buf *out)
{
    struct fake_column columns[FAKE_COLUMNS_MAX];
    size_t chosen[FAKE_COLUMNS_MAX];
    const struct fake_table *table = fake_find(cql);
    if (table == NULL) {
        return false;
    }
    size_t n = fake_split(table->columns, columns);
    size_t picked = fake_project(cql, columns, n, chosen);
    wire_u32(out, WIRE_ROWS);
    wire_u32(out, 1);
    wire_u32(out, (uint32_t)picked);
    wire_string(out, table->keyspace);
    wire_string(out, table->name);
    for (size_t i = 0; i < picked; i++) {
        wire_string(out, columns[chosen[i]].name);
        fake_type(out, columns[chosen[i]].type);
    }
    uint32_t rows = 0;
    while (rows < 4 && table->rows[rows] != NULL) {
        rows++;
    }
    wire_u32(out, rows);
    for (uint32_t i = 0; i < rows; i++) {
        fake_row(out, columns, n, chosen, picked, table->rows[i]);
    }
    return true;
}
