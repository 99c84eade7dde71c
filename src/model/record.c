/* Fields are tag (u8), length (u32), bytes, in the order of their kind's table; a list is a repeated tag.
 * Unknown tags are kept as they came and written after the known ones. */
#include "model/record_field.h"

#include "base/check.h"
#include "base/clock.h"
#include "base/rd.h"

#include <endian.h>
#include <stdlib.h>

void record_write_field(struct wr *w, uint8_t tag, bytes value)
{
    wr_u8(w, tag);
    wr_bytes32(w, value);
}

void record_write_number(struct wr *w, uint8_t tag, uint64_t value)
{
    const uint64_t wire = htobe64(value);
    if (value) record_write_field(w, tag, bytes_of(&wire, sizeof wire));
}

static void write_from(struct wr *w, const struct record_field *f, const uint8_t *at)
{
    switch (f->type) {
    case FIELD_BYTES: {
        bytes b;
        memcpy(&b, at, sizeof b);
        if (b.n) record_write_field(w, f->tag, b);
        break;
    }
    case FIELD_UUID:
        record_write_field(w, f->tag, bytes_of(at, sizeof(struct uuid)));
        break;
    case FIELD_I64: {
        int64_t v;
        memcpy(&v, at, sizeof v);
        record_write_number(w, f->tag, (uint64_t)v);
        break;
    }
    case FIELD_U16: {
        uint16_t v;
        memcpy(&v, at, sizeof v);
        record_write_number(w, f->tag, v);
        break;
    }
    case FIELD_BOOL:
        record_write_number(w, f->tag, *(const bool *)at);
        break;
    case FIELD_FIXED:
        record_write_field(w, f->tag, bytes_of(at, f->size));
        break;
    }
}

void record_write(const struct record *r, struct wr *w)
{
    CHECK(record_kind_is_known(r->kind));
    const uint8_t *base = (const uint8_t *)r;
    for (const struct record_field *f = record_kind_fields(r->kind); f->tag; f++) {
        write_from(w, f, base + f->offset);
    }
    record_lists_write(r, w);
    wr_bytes(w, r->unknown);
}

bool record_read_number(bytes value, uint64_t *out)
{
    struct rd r = rd_over(value);
    *out = rd_u64be(&r);
    return rd_at_end(&r);
}

static bool read_into(const struct record_field *f, bytes value, uint8_t *at)
{
    uint64_t v = 0;
    switch (f->type) {
    case FIELD_BYTES:
        memcpy(at, &value, sizeof value);
        return true;
    case FIELD_UUID:
    case FIELD_FIXED: {
        const size_t n = f->type == FIELD_UUID ? sizeof(struct uuid) : f->size;
        if (value.n != n) return false;
        memcpy(at, value.p, n);
        return true;
    }
    case FIELD_I64:
        if (!record_read_number(value, &v)) return false;
        memcpy(at, &v, sizeof v);
        return true;
    case FIELD_U16: {
        if (!record_read_number(value, &v) || v > UINT16_MAX) return false;
        const uint16_t small = (uint16_t)v;
        memcpy(at, &small, sizeof small);
        return true;
    }
    case FIELD_BOOL:
        if (!record_read_number(value, &v)) return false;
        *(bool *)at = v != 0;
        return true;
    }
    return false;
}

static bool read_field(uint8_t tag, bytes value, struct record_lists *l, struct record *out)
{
    for (const struct record_field *f = record_kind_fields(out->kind); f->tag; f++) {
        if (f->tag == tag) return read_into(f, value, (uint8_t *)out + f->offset);
    }
    return record_lists_read(l, tag, value, out->kind);
}

err record_read(enum record_kind kind, bytes body, struct arena *a, struct record *out)
{
    if (!record_kind_is_known(kind) || body.n > RECORD_BODY_MAX) return FAIL(STORE_DAMAGED);
    struct record got = {.kind = kind};
    struct record_lists lists = {0};
    TRY(record_lists_prepare(&lists, body, a));
    /* Unknown fields are at most the body. */
    void *room = arena_take(a, body.n);
    if (!room && body.n) return FAIL(NO_MEMORY);
    lists.unknown = wr_fixed(room, body.n);
    struct rd r = rd_over(body);
    while (r.left.n) {
        const uint8_t tag = rd_u8(&r);
        const bytes value = rd_bytes32(&r);
        if (r.bad || !read_field(tag, value, &lists, &got)) return FAIL(STORE_DAMAGED);
    }
    record_lists_finish(&lists, &got);
    got.version = out->version;
    if (kind == RECORD_ROLE) got.of.role.version = got.version;
    *out = got;
    return DONE;
}

