/* The canonical JSON of one event: the same bytes in the store's outbox and in the audit chain
 * (doc/formats.md, "Audit record"). */
#pragma once

#include "model/ports.h"

/* The longest event; what does not fit is left out, detail first. */
enum { EVENT_JSON_MAX = 16 << 10 };

/* A row of the store's audit outbox; rows are counted from 1, without gaps, and never reused. */
struct event_row {
    uint64_t row;
    bytes event;    /* as event_write made it */
};

/* One object, members in a fixed order, no white space, without a line end. Empty members are left
 * out; a detail that is not a JSON object is written as text. Latches in `w` when out of room. */
void event_write(const struct event_draft *draft, int64_t utc_ns, struct wr *w);

/* A JSON string with its quotes: control characters as \u00xx, bytes that are not UTF-8 as U+FFFD. */
void event_write_text(bytes text, struct wr *w);
