/* What nodes answer, read as far as a gateway needs it; and what the gateway answers itself. */
#pragma once

#include "base/err.h"
#include "base/rd.h"
#include "base/wr.h"
#include "cql/frame.h"

enum {
    RESPONSE_SERVER_ERROR = 0x0000,
    RESPONSE_PROTOCOL_ERROR = 0x000A,
    RESPONSE_BAD_CREDENTIALS = 0x0100,
    RESPONSE_UNAVAILABLE = 0x1000,
    RESPONSE_OVERLOADED = 0x1001,
    RESPONSE_BOOTSTRAPPING = 0x1002,
    RESPONSE_TRUNCATE_ERROR = 0x1003,
    RESPONSE_WRITE_TIMEOUT = 0x1100,
    RESPONSE_READ_TIMEOUT = 0x1200,
    RESPONSE_READ_FAILURE = 0x1300,
    RESPONSE_FUNCTION_FAILURE = 0x1400,
    RESPONSE_WRITE_FAILURE = 0x1500,
    RESPONSE_CDC_WRITE_FAILURE = 0x1600,
    RESPONSE_CAS_UNKNOWN = 0x1700,
    RESPONSE_SYNTAX_ERROR = 0x2000,
    RESPONSE_UNAUTHORIZED = 0x2100,
    RESPONSE_INVALID = 0x2200,
    RESPONSE_CONFIG_ERROR = 0x2300,
    RESPONSE_ALREADY_EXISTS = 0x2400,
    RESPONSE_UNPREPARED = 0x2500
};

enum response_kind {
    RESPONSE_VOID = 1,
    RESPONSE_ROWS = 2,
    RESPONSE_SET_KEYSPACE = 3,
    RESPONSE_PREPARED = 4,
    RESPONSE_SCHEMA_CHANGE = 5
};

enum {
    RESPONSE_META_GLOBAL = 0x01,
    RESPONSE_META_MORE_PAGES = 0x02,
    RESPONSE_META_NONE = 0x04
};

/* Ids of the simple [option] types. */
enum {
    RESPONSE_TYPE_CUSTOM = 0x00,
    RESPONSE_TYPE_ASCII = 0x01,
    RESPONSE_TYPE_BIGINT = 0x02,
    RESPONSE_TYPE_BLOB = 0x03,
    RESPONSE_TYPE_BOOLEAN = 0x04,
    RESPONSE_TYPE_INT = 0x09,
    RESPONSE_TYPE_UUID = 0x0C,
    RESPONSE_TYPE_VARCHAR = 0x0D,
    RESPONSE_TYPE_INET = 0x10,
    RESPONSE_TYPE_LIST = 0x20,
    RESPONSE_TYPE_MAP = 0x21,
    RESPONSE_TYPE_SET = 0x22,
    RESPONSE_TYPE_UDT = 0x30,
    RESPONSE_TYPE_TUPLE = 0x31
};

enum {
    RESPONSE_TYPE_DEPTH_MAX = 32,      /* types within types that are read */
    RESPONSE_PK_MAX = 64,              /* bind variables of a partition key that are kept */
    RESPONSE_COLUMNS_MAX = 65535
};

/* What the header's flags put before the message. Empty where the flag is not set. */
struct response_prefix {
    bytes tracing_id;
    bytes warnings;    /* a string list, checked */
    bytes payload;     /* a bytes map, checked */
    bytes message;
};
MUST err response_open(uint8_t header_flags, bytes body, struct response_prefix *out);

/* An ERROR: code and message, and the extras that belong to the code; all others are zero. */
struct response_error {
    uint32_t code;
    bytes message;
    uint16_t consistency;    /* 1000, 1100, 1200, 1300, 1500 */
    int32_t received;        /* 1000: alive */
    int32_t block_for;       /* 1000: required */
    int32_t failures;        /* 1300, 1500 */
    bool data_present;       /* 1200, 1300 */
    bytes write_type;        /* 1100, 1500 */
    bytes keyspace;          /* 1400, 2400 */
    bytes name;              /* 1400: function; 2400: table */
    bytes arguments;         /* 1400: a string list, checked */
    bytes id;                /* 2500 */
};
MUST err response_read_error(bytes message, struct response_error *out);

/* The kind of a RESULT and what follows it. Errors: FRAME_SHORT, FRAME_BAD. */
MUST err response_read_kind(bytes message, enum response_kind *kind, bytes *rest);

struct response_metadata {
    uint32_t flags;
    uint32_t columns_n;
    uint32_t pk_n;                        /* PREPARED of version 4 only */
    uint16_t pk[RESPONSE_PK_MAX];         /* bind variables of the partition key, in key order */
    bytes paging_state;
    bytes keyspace;                       /* with GLOBAL */
    bytes table;
    bytes columns;                        /* for response_next_column; empty with META_NONE */
};

struct response_column {
    bytes keyspace;
    bytes table;
    bytes name;
    bytes type;    /* a whole [option], as the node sent it */
};

struct response_rows {
    struct response_metadata meta;
    uint32_t rows_n;
    bytes cells;    /* rows_n times columns_n [bytes]; not checked: response_next_cell does */
};

struct response_prepared {
    bytes id;
    struct response_metadata bind;
    struct response_metadata result;
    bytes metadata;    /* both, as sent: what a client was told; compared after a repair */
};

/* All take what response_read_kind left. Errors: FRAME_SHORT, FRAME_BAD. */
MUST err response_read_rows(bytes rest, struct response_rows *out);
MUST err response_read_prepared(uint8_t version, bytes rest, struct response_prepared *out);
MUST err response_read_keyspace(bytes rest, bytes *keyspace);

/* Steps over columns; start with rd_over(meta.columns). False at the end. */
bool response_next_column(struct rd *r, const struct response_metadata *meta,
                          struct response_column *out);
/* One cell; `*null` when it has no value. Errors: FRAME_SHORT. */
MUST err response_next_cell(struct rd *r, bytes *cell, bool *null);
/* Steps over a string list or its tail (after its u16 count). */
bool response_next_string(struct rd *r, bytes *out);

enum response_event_type {
    RESPONSE_EVENT_TOPOLOGY,
    RESPONSE_EVENT_STATUS,
    RESPONSE_EVENT_SCHEMA
};

enum response_target {
    RESPONSE_TARGET_KEYSPACE,
    RESPONSE_TARGET_TABLE,
    RESPONSE_TARGET_TYPE,
    RESPONSE_TARGET_FUNCTION,
    RESPONSE_TARGET_AGGREGATE
};

/* "KEYSPACE", "TABLE" and so on. */
const char *response_target_name(enum response_target target);

/* A change of schema: the body of a Schema_change result and of its EVENT. */
struct response_schema_change {
    bytes change;         /* CREATED, UPDATED, DROPPED */
    enum response_target target;
    bytes keyspace;
    bytes name;           /* empty for a keyspace */
    bytes arguments;      /* of functions and aggregates: a string list with its count */
};
MUST err response_read_schema_change(bytes rest, struct response_schema_change *out);

struct response_event {
    enum response_event_type type;
    struct response_schema_change schema;    /* SCHEMA */
    bytes change;                            /* others: NEW_NODE, REMOVED_NODE, UP, DOWN */
    bytes address;                           /* 4 or 16 bytes */
    uint16_t port;
};
MUST err response_read_event(bytes message, struct response_event *out);

/* Where an answer goes: the version without its direction bit. */
struct response_to {
    uint8_t version;
    int16_t stream;
};

/* Whole frames, header included, appended to w. A failure latches in w. */
void response_write_error(struct wr *w, struct response_to to, const struct response_error *e);
/* Code and text only. */
void response_write_plain_error(struct wr *w, struct response_to to, uint32_t code, bytes text);
void response_write_unprepared(struct wr *w, struct response_to to, bytes id);
/* The answer to a version that we do not speak: in the peer's own version when it is an old one,
 * or 5. */
void response_write_wrong_version(struct wr *w, uint8_t version_byte, int16_t stream);
void response_write_ready(struct wr *w, struct response_to to);
void response_write_authenticate(struct wr *w, struct response_to to, bytes class_name);
void response_write_challenge(struct wr *w, struct response_to to, bytes token);
void response_write_auth_success(struct wr *w, struct response_to to);
void response_write_void(struct wr *w, struct response_to to);
void response_write_set_keyspace(struct wr *w, struct response_to to, bytes keyspace);
void response_write_schema_change(struct wr *w, struct response_to to,
                                  const struct response_schema_change *c);
void response_write_event(struct wr *w, uint8_t version, const struct response_event *e);

struct response_option {
    const char *key;
    const char *const *values;
    size_t values_n;
};
void response_write_supported(struct wr *w, struct response_to to,
                              const struct response_option *options, size_t n);

/* Columns of an answer of ours: all of one table. */
struct response_spec {
    bytes keyspace;
    bytes table;
    const struct response_column *columns;    /* name and type are used */
    size_t columns_n;
    bytes paging_state;                       /* empty: last page */
    bool skip_metadata;
};

struct response_rows_writer {
    size_t begun;
    size_t count_at;
    uint32_t rows_n;
};
/* Rows: begin, then for each row response_add_row and its cells, then end. */
struct response_rows_writer response_begin_rows(struct wr *w, struct response_to to,
                                                const struct response_spec *spec);
static inline void response_add_row(struct response_rows_writer *rows)
{
    rows->rows_n++;
}
void response_add_cell(struct wr *w, bytes cell);
void response_add_null(struct wr *w);
void response_end_rows(struct wr *w, const struct response_rows_writer *rows);

/* PREPARED for a statement that the gateway answers itself: `bind` are its variables. */
void response_write_prepared(struct wr *w, struct response_to to, bytes id,
                             const struct response_spec *bind, const struct response_spec *result);
