/* The audit chain: one canonical JSON line a record, each carrying the hash of the one before. Pure.
 *
 * {"seq":N,"time":"…Z","row":N,"prev":"<64 hex>","event":{…},"hash":"<64 hex>"}
 * `hash` is SHA-256 over the bytes of the line before `,"hash":`; `prev` is the hash of the record
 * before, zeroes for the first; `row` is the newest row of the store's outbox that is in the chain. */
#pragma once

#include "model/event.h"

enum { CHAIN_HASH = 32, CHAIN_LINE_MAX = EVENT_JSON_MAX + 512 };

/* Where a chain stands: its last record; all zero when there is none. */
struct chain {
    uint64_t seq;
    uint64_t row;
    uint8_t hash[CHAIN_HASH];
};

/* One record as read; views into the line. */
struct chain_record {
    struct chain at;             /* with the hash that the line says */
    uint8_t prev[CHAIN_HASH];
    bytes time;
    bytes event;                 /* one JSON object */
};

/* Writes the line with its line end and moves `c` on. `row` below c->row is taken as c->row. */
void chain_append(struct chain *c, int64_t utc_ns, uint64_t row, bytes event, struct wr *w);

/* A line without its line end; looks at its form and its own hash. AUDIT_BROKEN. */
MUST err chain_read(bytes line, struct chain_record *out, struct note *note);
/* The sequence that a line begins with, read without looking at the rest; for ruling lines out. */
uint64_t chain_sequence(bytes line);
/* Whether the record may come right after `c`. AUDIT_BROKEN. */
MUST err chain_follows(const struct chain *c, const struct chain_record *r, struct note *note);
