/* Reads the answers of nodes as far as a gateway looks into them. */
#include "cql/response.h"

static err short_or_done(const struct rd *r)
{
    return r->bad ? FAIL(FRAME_SHORT) : DONE;
}

static bytes since(bytes from, const struct rd *r)
{
    return bytes_part(from, 0, from.n - r->left.n);
}

/* [string list], its count included. */
static bytes read_string_list(struct rd *r)
{
    const bytes from = r->left;
    const uint16_t n = rd_u16be(r);
    for (uint16_t i = 0; i < n && !r->bad; i++)
        (void)rd_bytes16(r);
    return r->bad ? (bytes){0} : since(from, r);
}

static bytes read_bytes_map(struct rd *r)
{
    const bytes from = r->left;
    const uint16_t n = rd_u16be(r);
    for (uint16_t i = 0; i < n && !r->bad; i++) {
        (void)rd_bytes16(r);
        const int32_t len = rd_i32be(r);
        if (len > 0) (void)rd_take(r, (size_t)len);
    }
    return r->bad ? (bytes){0} : since(from, r);
}

err response_open(uint8_t flags, bytes body, struct response_prefix *out)
{
    struct rd r = rd_over(body);
    struct response_prefix p = {0};
    if (flags & FRAME_FLAG_TRACING) p.tracing_id = rd_take(&r, 16);
    if (flags & FRAME_FLAG_WARNING) p.warnings = read_string_list(&r);
    if (flags & FRAME_FLAG_PAYLOAD) p.payload = read_bytes_map(&r);
    TRY(short_or_done(&r));
    p.message = r.left;
    *out = p;
    return DONE;
}

/* consistency, received, block_for: how four of the errors begin. */
static void read_counts(struct rd *r, struct response_error *e)
{
    e->consistency = rd_u16be(r);
    e->received = rd_i32be(r);
    e->block_for = rd_i32be(r);
}

static void read_extras(struct rd *r, struct response_error *e)
{
    switch (e->code) {
    case RESPONSE_UNAVAILABLE:
        e->consistency = rd_u16be(r);
        e->block_for = rd_i32be(r);
        e->received = rd_i32be(r);
        break;
    case RESPONSE_WRITE_TIMEOUT:
        read_counts(r, e);
        e->write_type = rd_bytes16(r);
        break;
    case RESPONSE_READ_TIMEOUT:
        read_counts(r, e);
        e->data_present = rd_u8(r) != 0;
        break;
    case RESPONSE_READ_FAILURE:
        read_counts(r, e);
        e->failures = rd_i32be(r);
        e->data_present = rd_u8(r) != 0;
        break;
    case RESPONSE_WRITE_FAILURE:
        read_counts(r, e);
        e->failures = rd_i32be(r);
        e->write_type = rd_bytes16(r);
        break;
    case RESPONSE_FUNCTION_FAILURE:
        e->keyspace = rd_bytes16(r);
        e->name = rd_bytes16(r);
        e->arguments = read_string_list(r);
        break;
    case RESPONSE_ALREADY_EXISTS:
        e->keyspace = rd_bytes16(r);
        e->name = rd_bytes16(r);
        break;
    case RESPONSE_UNPREPARED:
        e->id = rd_bytes16(r);
        break;
    default: /* codes are the node's: the others have nothing more */
        break;
    }
}

err response_read_error(bytes message, struct response_error *out)
{
    struct rd r = rd_over(message);
    struct response_error e = {0};
    e.code = rd_u32be(&r);
    e.message = rd_bytes16(&r);
    read_extras(&r, &e);
    TRY(short_or_done(&r));
    *out = e;
    return DONE;
}

err response_read_kind(bytes message, enum response_kind *kind, bytes *rest)
{
    struct rd r = rd_over(message);
    const uint32_t got = rd_u32be(&r);
    TRY(short_or_done(&r));
    if (got < RESPONSE_VOID || got > RESPONSE_SCHEMA_CHANGE) return FAIL(FRAME_BAD);
    *kind = (enum response_kind)got;
    *rest = r.left;
    return DONE;
}

/* [option]: a type, and the types within it. */
static void read_type(struct rd *r, unsigned depth)
{
    if (depth > RESPONSE_TYPE_DEPTH_MAX) r->bad = true;
    const uint16_t id = rd_u16be(r);
    if (r->bad) return;
    uint16_t inner = 0;
    switch (id) {
    case RESPONSE_TYPE_CUSTOM:
        (void)rd_bytes16(r);
        break;
    case RESPONSE_TYPE_LIST:
    case RESPONSE_TYPE_SET:
        inner = 1;
        break;
    case RESPONSE_TYPE_MAP:
        inner = 2;
        break;
    case RESPONSE_TYPE_UDT:
        (void)rd_bytes16(r);
        (void)rd_bytes16(r);
        inner = rd_u16be(r);
        break;
    case RESPONSE_TYPE_TUPLE:
        inner = rd_u16be(r);
        break;
    default: /* ids are the node's: the simple ones have nothing more */
        break;
    }
    for (uint16_t i = 0; i < inner && !r->bad; i++) {
        if (id == RESPONSE_TYPE_UDT) (void)rd_bytes16(r);
        read_type(r, depth + 1);
    }
}

static void read_column(struct rd *r, const struct response_metadata *meta,
                        struct response_column *c)
{
    const bool global = meta->flags & RESPONSE_META_GLOBAL;
    c->keyspace = global ? meta->keyspace : rd_bytes16(r);
    c->table = global ? meta->table : rd_bytes16(r);
    c->name = rd_bytes16(r);
    const bytes from = r->left;
    read_type(r, 0);
    c->type = since(from, r);
}

/* Global table and columns: how all three kinds of metadata end. */
static err read_columns(struct rd *r, struct response_metadata *meta)
{
    if (meta->flags & RESPONSE_META_NONE) return short_or_done(r);
    if (meta->flags & RESPONSE_META_GLOBAL) {
        meta->keyspace = rd_bytes16(r);
        meta->table = rd_bytes16(r);
    }
    const bytes from = r->left;
    for (uint32_t i = 0; i < meta->columns_n && !r->bad; i++) {
        struct response_column column;
        read_column(r, meta, &column);
    }
    TRY(short_or_done(r));
    meta->columns = since(from, r);
    return DONE;
}

static err read_head(struct rd *r, struct response_metadata *meta)
{
    meta->flags = rd_u32be(r);
    meta->columns_n = rd_u32be(r);
    TRY(short_or_done(r));
    return meta->columns_n <= RESPONSE_COLUMNS_MAX ? DONE : FAIL(FRAME_BAD);
}

static err read_result_metadata(struct rd *r, struct response_metadata *meta)
{
    TRY(read_head(r, meta));
    if (meta->flags & RESPONSE_META_MORE_PAGES) meta->paging_state = rd_bytes32(r);
    return read_columns(r, meta);
}

static err read_bind_metadata(struct rd *r, uint8_t version, struct response_metadata *meta)
{
    TRY(read_head(r, meta));
    const uint32_t pk_n = version >= 4 ? rd_u32be(r) : 0;
    if (pk_n > RESPONSE_PK_MAX) return FAIL(FRAME_BAD);
    for (uint32_t i = 0; i < pk_n; i++)
        meta->pk[i] = rd_u16be(r);
    meta->pk_n = pk_n;
    TRY(short_or_done(r));
    for (uint32_t i = 0; i < pk_n; i++) {
        if (meta->pk[i] >= meta->columns_n) return FAIL(FRAME_BAD);
    }
    return read_columns(r, meta);
}

err response_read_rows(bytes rest, struct response_rows *out)
{
    struct rd r = rd_over(rest);
    struct response_rows rows = {0};
    TRY(read_result_metadata(&r, &rows.meta));
    const int32_t n = rd_i32be(&r);
    TRY(short_or_done(&r));
    if (n < 0 || (n > 0 && rows.meta.columns_n == 0)) return FAIL(FRAME_BAD);
    rows.rows_n = (uint32_t)n;
    rows.cells = r.left;
    *out = rows;
    return DONE;
}

err response_read_prepared(uint8_t version, bytes rest, struct response_prepared *out)
{
    struct rd r = rd_over(rest);
    struct response_prepared p = {0};
    p.id = rd_bytes16(&r);
    const bytes from = r.left;
    TRY(read_bind_metadata(&r, version, &p.bind));
    TRY(read_result_metadata(&r, &p.result));
    if (p.id.n == 0) return FAIL(FRAME_BAD);
    p.metadata = since(from, &r);
    *out = p;
    return DONE;
}

err response_read_keyspace(bytes rest, bytes *keyspace)
{
    struct rd r = rd_over(rest);
    const bytes got = rd_bytes16(&r);
    TRY(short_or_done(&r));
    *keyspace = got;
    return DONE;
}

bool response_next_column(struct rd *r, const struct response_metadata *meta,
                          struct response_column *out)
{
    if (r->bad || r->left.n == 0) return false;
    read_column(r, meta, out);
    return !r->bad;
}

err response_next_cell(struct rd *r, bytes *cell, bool *null)
{
    const int32_t n = rd_i32be(r);
    *null = n < 0;
    *cell = n < 0 ? (bytes){0} : rd_take(r, (size_t)n);
    return short_or_done(r);
}

bool response_next_string(struct rd *r, bytes *out)
{
    if (r->bad || r->left.n == 0) return false;
    *out = rd_bytes16(r);
    return !r->bad;
}

static const char *const targets[] = {
    [RESPONSE_TARGET_KEYSPACE] = "KEYSPACE",   [RESPONSE_TARGET_TABLE] = "TABLE",
    [RESPONSE_TARGET_TYPE] = "TYPE",           [RESPONSE_TARGET_FUNCTION] = "FUNCTION",
    [RESPONSE_TARGET_AGGREGATE] = "AGGREGATE",
};

static err read_target(bytes name, enum response_target *out)
{
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        if (!bytes_eq_text(name, targets[i])) continue;
        *out = (enum response_target)i;
        return DONE;
    }
    return FAIL(FRAME_BAD);
}

const char *response_target_name(enum response_target target)
{
    return targets[target];
}

err response_read_schema_change(bytes rest, struct response_schema_change *out)
{
    struct rd r = rd_over(rest);
    struct response_schema_change c = {0};
    c.change = rd_bytes16(&r);
    const bytes target = rd_bytes16(&r);
    TRY(short_or_done(&r));
    TRY(read_target(target, &c.target));
    c.keyspace = rd_bytes16(&r);
    if (c.target != RESPONSE_TARGET_KEYSPACE) c.name = rd_bytes16(&r);
    if (c.target >= RESPONSE_TARGET_FUNCTION) c.arguments = read_string_list(&r);
    TRY(short_or_done(&r));
    *out = c;
    return DONE;
}

/* change, then [inet]: one byte of size, the address, the port. */
static err read_node_change(struct rd *r, struct response_event *e)
{
    e->change = rd_bytes16(r);
    const uint8_t n = rd_u8(r);
    e->address = rd_take(r, n);
    const uint32_t port = rd_u32be(r);
    TRY(short_or_done(r));
    if ((n != 4 && n != 16) || port > UINT16_MAX) return FAIL(FRAME_BAD);
    e->port = (uint16_t)port;
    return DONE;
}

err response_read_event(bytes message, struct response_event *out)
{
    struct rd r = rd_over(message);
    struct response_event e = {0};
    const bytes type = rd_bytes16(&r);
    TRY(short_or_done(&r));
    if (bytes_eq(type, BYTES("SCHEMA_CHANGE"))) {
        e.type = RESPONSE_EVENT_SCHEMA;
        TRY(response_read_schema_change(r.left, &e.schema));
    } else if (bytes_eq(type, BYTES("STATUS_CHANGE"))) {
        e.type = RESPONSE_EVENT_STATUS;
        TRY(read_node_change(&r, &e));
    } else if (bytes_eq(type, BYTES("TOPOLOGY_CHANGE"))) {
        e.type = RESPONSE_EVENT_TOPOLOGY;
        TRY(read_node_change(&r, &e));
    } else {
        return FAIL(FRAME_BAD);
    }
    *out = e;
    return DONE;
}
