/* The fields of a kind of record, for the encoding alone. Tags are never reused. */
#pragma once

#include "model/record.h"

enum record_field_type { FIELD_BYTES, FIELD_UUID, FIELD_I64, FIELD_U16, FIELD_BOOL, FIELD_FIXED };

struct record_field {
    uint8_t tag;
    enum record_field_type type;
    size_t offset;    /* in struct record */
    size_t size;      /* of FIELD_FIXED */
};

/* Ends at tag 0. */
const struct record_field *record_kind_fields(enum record_kind kind);

void record_write_field(struct wr *w, uint8_t tag, bytes value);
/* Nothing for 0. */
void record_write_number(struct wr *w, uint8_t tag, uint64_t value);
bool record_read_number(bytes value, uint64_t *out);

/* --- lists, as repeated tags outside of the tables --- */

/* Room for as many items as the body holds, and what has been read. */
struct record_lists {
    enum action *actions;
    struct resource *resources;
    struct uuid *roles;
    struct record_hash *recovery;
    struct record_access *access;
    size_t actions_n;
    size_t resources_n;
    size_t roles_n;
    size_t recovery_n;
    size_t access_n;
    bool deny;
    struct wr unknown;    /* encoded fields that nobody knows */
};

void record_lists_write(const struct record *r, struct wr *w);
/* STORE_DAMAGED for a body that is no sequence of fields, NO_MEMORY. */
MUST err record_lists_prepare(struct record_lists *l, bytes body, struct arena *a);
/* False for a damaged item; what belongs to no list of the kind is unknown. */
bool record_lists_read(struct record_lists *l, uint8_t tag, bytes value, enum record_kind kind);
void record_lists_finish(const struct record_lists *l, struct record *out);
