/* Reads what clients ask to the last byte, and writes it again in one form. */
#include "cql/request.h"

#include "cql/frame.h"

enum { NULL_VALUE = -1, UNSET_VALUE = -2 };

enum {
    KNOWN_FLAGS = REQUEST_FLAG_VALUES | REQUEST_FLAG_SKIP_METADATA | REQUEST_FLAG_PAGE_SIZE |
                  REQUEST_FLAG_PAGING_STATE | REQUEST_FLAG_SERIAL | REQUEST_FLAG_TIMESTAMP |
                  REQUEST_FLAG_NAMES,
    BATCH_FLAGS = REQUEST_FLAG_SERIAL | REQUEST_FLAG_TIMESTAMP
};

static const struct {
    const char *name;
    uint8_t bit;
} events[] = {
    {"TOPOLOGY_CHANGE", REQUEST_EVENT_TOPOLOGY},
    {"STATUS_CHANGE", REQUEST_EVENT_STATUS},
    {"SCHEMA_CHANGE", REQUEST_EVENT_SCHEMA},
};
enum { EVENTS_N = sizeof events / sizeof events[0] };

/* The one failure of a reader: it wanted more than there was. */
static err short_or_done(const struct rd *r)
{
    return r->bad ? FAIL(FRAME_SHORT) : DONE;
}

err request_open(uint8_t version, uint8_t header_flags, bytes body, bytes *message)
{
    struct rd r = rd_over(body);
    if (header_flags & FRAME_FLAG_PAYLOAD) {
        if (version < 4) return FAIL(FRAME_BAD);
        const uint16_t n = rd_u16be(&r);
        for (uint16_t i = 0; i < n && !r.bad; i++) {
            (void)rd_bytes16(&r);
            const int32_t len = rd_i32be(&r);
            if (len >= 0) (void)rd_take(&r, (size_t)len);
        }
        TRY(short_or_done(&r));
    }
    *message = r.left;
    return DONE;
}

/* [value] (native protocol v4, section 3): -1 null, -2 not set and only since version 4. */
static err read_value(struct rd *r, uint8_t version, struct request_value *out)
{
    const int32_t n = rd_i32be(r);
    *out = (struct request_value){0};
    TRY(short_or_done(r));
    if (n >= 0) {
        out->data = rd_take(r, (size_t)n);
        return short_or_done(r);
    }
    out->null = n == NULL_VALUE;
    out->unset = n == UNSET_VALUE && version >= 4;
    return out->null || out->unset ? DONE : FAIL(FRAME_BAD);
}

/* Checks n values and gives the region that they fill. */
static err read_values(struct rd *r, uint8_t version, bool named, uint16_t n, bytes *out)
{
    const bytes from = r->left;
    for (uint16_t i = 0; i < n; i++) {
        struct request_value value;
        if (named) (void)rd_bytes16(r);
        TRY(read_value(r, version, &value));
    }
    *out = bytes_part(from, 0, from.n - r->left.n);
    return DONE;
}

static err read_consistency(struct rd *r, uint16_t *out)
{
    *out = rd_u16be(r);
    TRY(short_or_done(r));
    return *out <= REQUEST_CONSISTENCY_LAST ? DONE : FAIL(FRAME_BAD);
}

static err read_timestamp(struct rd *r, int64_t *out)
{
    *out = (int64_t)rd_u64be(r);
    TRY(short_or_done(r));
    /* A node takes this one for "no timestamp" and calls the message malformed. */
    return *out != INT64_MIN ? DONE : FAIL(FRAME_BAD);
}

static err read_paging_state(struct rd *r, bytes *out)
{
    const int32_t n = rd_i32be(r);
    TRY(short_or_done(r));
    if (n < NULL_VALUE) return FAIL(FRAME_BAD);
    *out = n < 0 ? (bytes){0} : rd_take(r, (size_t)n);
    return short_or_done(r);
}

static err read_params(struct rd *r, uint8_t version, struct request_params *p)
{
    TRY(read_consistency(r, &p->consistency));
    p->flags = rd_u8(r);
    TRY(short_or_done(r));
    if (p->flags & ~KNOWN_FLAGS) return FAIL(FRAME_BAD);
    if (p->flags & REQUEST_FLAG_VALUES) {
        p->values_n = rd_u16be(r);
        TRY(read_values(r, version, p->flags & REQUEST_FLAG_NAMES, p->values_n, &p->values));
    }
    if (p->flags & REQUEST_FLAG_PAGE_SIZE) p->page_size = rd_i32be(r);
    if (p->flags & REQUEST_FLAG_PAGING_STATE) TRY(read_paging_state(r, &p->paging_state));
    if (p->flags & REQUEST_FLAG_SERIAL) TRY(read_consistency(r, &p->serial_consistency));
    if (p->flags & REQUEST_FLAG_TIMESTAMP) TRY(read_timestamp(r, &p->timestamp));
    return short_or_done(r);
}

err request_read_query(uint8_t version, bytes message, struct request_query *out)
{
    struct rd r = rd_over(message);
    struct request_query q = {.text = rd_bytes32(&r)};
    TRY(read_params(&r, version, &q.params));
    *out = q;
    return DONE;
}

err request_read_prepare(bytes message, bytes *text)
{
    struct rd r = rd_over(message);
    const bytes got = rd_bytes32(&r);
    TRY(short_or_done(&r));
    *text = got;
    return DONE;
}

err request_read_execute(uint8_t version, bytes message, struct request_execute *out)
{
    struct rd r = rd_over(message);
    struct request_execute e = {.id = rd_bytes16(&r)};
    e.flags_at = 2 + e.id.n + 2;
    TRY(read_params(&r, version, &e.params));
    if (!rd_at_end(&r)) return FAIL(FRAME_BAD);
    *out = e;
    return DONE;
}

static err read_entry(struct rd *r, uint8_t version, struct request_entry *out)
{
    struct request_entry e = {0};
    const uint8_t kind = rd_u8(r);
    if (kind > 1) return FAIL(FRAME_BAD);
    e.prepared = kind == 1;
    e.text = e.prepared ? rd_bytes16(r) : rd_bytes32(r);
    e.values_n = rd_u16be(r);
    TRY(read_values(r, version, false, e.values_n, &e.values));
    TRY(short_or_done(r));
    *out = e;
    return DONE;
}

err request_read_batch(uint8_t version, bytes message, struct request_batch *out)
{
    struct rd r = rd_over(message);
    struct request_batch b = {0};
    b.type = rd_u8(&r);
    b.entries_n = rd_u16be(&r);
    if (b.type > REQUEST_COUNTER) return FAIL(FRAME_BAD);
    const bytes from = r.left;
    for (uint16_t i = 0; i < b.entries_n; i++) {
        struct request_entry e;
        TRY(read_entry(&r, version, &e));
    }
    b.entries = bytes_part(from, 0, from.n - r.left.n);
    TRY(read_consistency(&r, &b.consistency));
    b.flags = rd_u8(&r);
    TRY(short_or_done(&r));
    if (b.flags & ~BATCH_FLAGS) return FAIL(FRAME_BAD); /* names among them: CASSANDRA-10246 */
    if (b.flags & REQUEST_FLAG_SERIAL) TRY(read_consistency(&r, &b.serial_consistency));
    if (b.flags & REQUEST_FLAG_TIMESTAMP) TRY(read_timestamp(&r, &b.timestamp));
    *out = b;
    return DONE;
}

static uint8_t event_bit(bytes name)
{
    for (size_t i = 0; i < EVENTS_N; i++) {
        if (bytes_eq_text(name, events[i].name)) return events[i].bit;
    }
    return 0;
}

err request_read_register(bytes message, uint8_t *out)
{
    struct rd r = rd_over(message);
    const uint16_t n = rd_u16be(&r);
    uint8_t got = 0;
    for (uint16_t i = 0; i < n; i++) {
        const bytes name = rd_bytes16(&r);
        TRY(short_or_done(&r));
        const uint8_t bit = event_bit(name);
        if (!bit) return FAIL(FRAME_BAD);
        got |= bit;
    }
    TRY(short_or_done(&r));
    *out = got;
    return DONE;
}

bool request_next_value(struct rd *r, bool named, bytes *name, struct request_value *value)
{
    if (r->bad || r->left.n == 0) return false;
    *name = named ? rd_bytes16(r) : (bytes){0};
    /* The region was checked under its own version: what is there may be read as version 4. */
    return read_value(r, 4, value).code == ERR_OK;
}

bool request_bound_value(const struct request_params *p, uint32_t number, struct request_value *out)
{
    struct rd r = rd_over(p->values);
    bytes name;
    if ((p->flags & REQUEST_FLAG_NAMES) || number >= p->values_n) return false;
    for (uint32_t i = 0; i <= number; i++) {
        if (!request_next_value(&r, false, &name, out)) return false;
    }
    return true;
}

bool request_next_entry(struct rd *r, struct request_entry *out)
{
    if (r->bad || r->left.n == 0) return false;
    return read_entry(r, 4, out).code == ERR_OK;
}

void request_write_params(struct wr *w, const struct request_params *p)
{
    uint8_t flags = p->flags;
    if (!p->values_n) flags &= (uint8_t) ~(REQUEST_FLAG_VALUES | REQUEST_FLAG_NAMES);
    if (!p->paging_state.n) flags &= (uint8_t)~REQUEST_FLAG_PAGING_STATE;
    wr_u16be(w, p->consistency);
    wr_u8(w, flags);
    if (flags & REQUEST_FLAG_VALUES) {
        wr_u16be(w, p->values_n);
        wr_bytes(w, p->values);
    }
    if (flags & REQUEST_FLAG_PAGE_SIZE) wr_i32be(w, p->page_size);
    if (flags & REQUEST_FLAG_PAGING_STATE) wr_bytes32(w, p->paging_state);
    if (flags & REQUEST_FLAG_SERIAL) wr_u16be(w, p->serial_consistency);
    if (flags & REQUEST_FLAG_TIMESTAMP) wr_u64be(w, (uint64_t)p->timestamp);
}

void request_write_query(struct wr *w, bytes text, const struct request_params *p)
{
    wr_bytes32(w, text);
    request_write_params(w, p);
}

void request_write_prepare(struct wr *w, bytes text)
{
    wr_bytes32(w, text);
}

void request_write_execute(struct wr *w, bytes id, const struct request_params *p)
{
    wr_bytes16(w, id);
    request_write_params(w, p);
}

void request_write_batch_head(struct wr *w, const struct request_batch *b)
{
    wr_u8(w, b->type);
    wr_u16be(w, b->entries_n);
}

void request_write_entry(struct wr *w, const struct request_entry *e)
{
    wr_u8(w, e->prepared ? 1 : 0);
    if (e->prepared) {
        wr_bytes16(w, e->text);
    } else {
        wr_bytes32(w, e->text);
    }
    wr_u16be(w, e->values_n);
    wr_bytes(w, e->values);
}

void request_write_batch_tail(struct wr *w, const struct request_batch *b)
{
    wr_u16be(w, b->consistency);
    wr_u8(w, b->flags);
    if (b->flags & REQUEST_FLAG_SERIAL) wr_u16be(w, b->serial_consistency);
    if (b->flags & REQUEST_FLAG_TIMESTAMP) wr_u64be(w, (uint64_t)b->timestamp);
}

void request_write_register(struct wr *w, uint8_t wanted)
{
    uint16_t n = 0;
    for (size_t i = 0; i < EVENTS_N; i++)
        n = (uint16_t)(n + ((wanted & events[i].bit) != 0));
    wr_u16be(w, n);
    for (size_t i = 0; i < EVENTS_N; i++) {
        if (wanted & events[i].bit) wr_bytes16(w, bytes_of_text(events[i].name));
    }
}

void request_write_value(struct wr *w, const struct request_value *v)
{
    if (v->null) {
        wr_i32be(w, NULL_VALUE);
    } else if (v->unset) {
        wr_i32be(w, UNSET_VALUE);
    } else {
        wr_bytes32(w, v->data);
    }
}
