/* What clients ask: QUERY, PREPARE, EXECUTE, BATCH and REGISTER bodies of versions 3 and 4, read to
 * the last byte and written again in one canonical form. */
#pragma once

#include "base/err.h"
#include "base/rd.h"
#include "base/wr.h"

/* Query flags, one byte in versions 3 and 4. 0x80, the keyspace of version 5, is refused: servers
 * from 4.0 on read it in older versions too (trap T2). */
enum {
    REQUEST_FLAG_VALUES = 0x01,
    REQUEST_FLAG_SKIP_METADATA = 0x02,
    REQUEST_FLAG_PAGE_SIZE = 0x04,
    REQUEST_FLAG_PAGING_STATE = 0x08,
    REQUEST_FLAG_SERIAL = 0x10,
    REQUEST_FLAG_TIMESTAMP = 0x20,
    REQUEST_FLAG_NAMES = 0x40,
    REQUEST_FLAG_KEYSPACE = 0x80
};

enum { REQUEST_LOGGED, REQUEST_UNLOGGED, REQUEST_COUNTER };    /* batch types */

enum {
    REQUEST_CONSISTENCY_ONE = 0x01,
    REQUEST_CONSISTENCY_LOCAL_QUORUM = 0x06,
    REQUEST_CONSISTENCY_SERIAL = 0x08,
    REQUEST_CONSISTENCY_LAST = 0x0A
};

enum {
    REQUEST_EVENT_TOPOLOGY = 0x01,
    REQUEST_EVENT_STATUS = 0x02,
    REQUEST_EVENT_SCHEMA = 0x04
};

/* Query parameters (native protocol v4, section 4.1.4). Views into the body. Every flag is one of
 * the above; a field whose flag is not set is zero. */
struct request_params {
    uint16_t consistency;
    uint8_t flags;
    uint16_t values_n;
    bytes values;          /* values_n times [string] name (if NAMES), [value]; checked */
    int32_t page_size;
    bytes paging_state;
    uint16_t serial_consistency;
    int64_t timestamp;
};

/* A bound value: null and "not set" have no bytes. */
struct request_value {
    bytes data;
    bool null;
    bool unset;    /* version 4 only */
};

struct request_query {
    bytes text;
    struct request_params params;
};

struct request_execute {
    bytes id;
    size_t flags_at;    /* offset of the query flags byte in the message */
    struct request_params params;
};

struct request_batch {
    uint8_t type;
    uint16_t entries_n;
    bytes entries;         /* checked; for request_next_entry */
    uint16_t consistency;
    uint8_t flags;         /* SERIAL and TIMESTAMP only */
    uint16_t serial_consistency;
    int64_t timestamp;
};

struct request_entry {
    bool prepared;
    bytes text;            /* the statement, or the id when prepared */
    uint16_t values_n;
    bytes values;          /* values_n times [value] */
};

/* Strips what the header's flags put before the message: the custom payload is decoded and dropped
 * (T9, T10), tracing adds nothing. Errors: FRAME_SHORT, FRAME_BAD (payload in version 3). */
MUST err request_open(uint8_t version, uint8_t header_flags, bytes body, bytes *message);

/* All take the message without prefixes. Bytes after the message are ignored, as the specification
 * says, but for EXECUTE, whose body is passed on as it is (T14). Errors: FRAME_SHORT, FRAME_BAD. */
MUST err request_read_query(uint8_t version, bytes message, struct request_query *out);
MUST err request_read_prepare(bytes message, bytes *text);
MUST err request_read_execute(uint8_t version, bytes message, struct request_execute *out);
MUST err request_read_batch(uint8_t version, bytes message, struct request_batch *out);
/* REQUEST_EVENT_ bits. Errors: FRAME_BAD for an unknown event. */
MUST err request_read_register(bytes message, uint8_t *events);

/* Steps over `values` of params or of an entry (start with rd_over). False at the end. `name` is
 * empty unless named. Only for regions that were checked above. */
bool request_next_value(struct rd *r, bool named, bytes *name, struct request_value *value);
/* The value of this number. False: there is none, or values come by names. */
bool request_bound_value(const struct request_params *p, uint32_t number,
                         struct request_value *out);
/* Steps over the entries of a batch. False at the end. */
bool request_next_entry(struct rd *r, struct request_entry *out);

/* Bodies in canonical form: flags without a field are left out, nothing follows the message. */
void request_write_params(struct wr *w, const struct request_params *p);
void request_write_query(struct wr *w, bytes text, const struct request_params *p);
void request_write_prepare(struct wr *w, bytes text);
void request_write_execute(struct wr *w, bytes id, const struct request_params *p);
/* A batch: its head, then entries_n entries, then its tail. */
void request_write_batch_head(struct wr *w, const struct request_batch *b);
void request_write_entry(struct wr *w, const struct request_entry *e);
void request_write_batch_tail(struct wr *w, const struct request_batch *b);
void request_write_register(struct wr *w, uint8_t events);
/* One [value], for texts of our own. */
void request_write_value(struct wr *w, const struct request_value *v);
