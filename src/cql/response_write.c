/* The answers that a gateway gives itself, each a whole frame. */
#include "cql/response.h"

enum { NO_STREAM = -1 };

static size_t begin(struct wr *w, struct response_to to, enum opcode opcode)
{
    return frame_begin(w, FRAME_RESPONSE_BIT | to.version, 0, to.stream, opcode);
}

static size_t begin_result(struct wr *w, struct response_to to, enum response_kind kind)
{
    const size_t begun = begin(w, to, OPCODE_RESULT);
    wr_u32be(w, (uint32_t)kind);
    return begun;
}

static void write_text(struct wr *w, const char *text)
{
    wr_bytes16(w, bytes_of_text(text));
}

static void write_counts(struct wr *w, const struct response_error *e)
{
    wr_u16be(w, e->consistency);
    wr_i32be(w, e->received);
    wr_i32be(w, e->block_for);
}

static void write_extras(struct wr *w, const struct response_error *e)
{
    switch (e->code) {
    case RESPONSE_UNAVAILABLE:
        wr_u16be(w, e->consistency);
        wr_i32be(w, e->block_for);
        wr_i32be(w, e->received);
        break;
    case RESPONSE_WRITE_TIMEOUT:
        write_counts(w, e);
        wr_bytes16(w, e->write_type);
        break;
    case RESPONSE_READ_TIMEOUT:
        write_counts(w, e);
        wr_u8(w, e->data_present);
        break;
    case RESPONSE_READ_FAILURE:
        write_counts(w, e);
        wr_i32be(w, e->failures);
        wr_u8(w, e->data_present);
        break;
    case RESPONSE_WRITE_FAILURE:
        write_counts(w, e);
        wr_i32be(w, e->failures);
        wr_bytes16(w, e->write_type);
        break;
    case RESPONSE_FUNCTION_FAILURE:
        wr_bytes16(w, e->keyspace);
        wr_bytes16(w, e->name);
        if (e->arguments.n) {
            wr_bytes(w, e->arguments);
        } else {
            wr_u16be(w, 0);
        }
        break;
    case RESPONSE_ALREADY_EXISTS:
        wr_bytes16(w, e->keyspace);
        wr_bytes16(w, e->name);
        break;
    case RESPONSE_UNPREPARED:
        wr_bytes16(w, e->id);
        break;
    default: /* codes are numbers of the protocol: the others have nothing more */
        break;
    }
}

void response_write_error(struct wr *w, struct response_to to, const struct response_error *e)
{
    const size_t begun = begin(w, to, OPCODE_ERROR);
    wr_u32be(w, e->code);
    wr_bytes16(w, e->message);
    write_extras(w, e);
    frame_end(w, begun);
}

void response_write_plain_error(struct wr *w, struct response_to to, uint32_t code, bytes text)
{
    const struct response_error e = {.code = code, .message = text};
    response_write_error(w, to, &e);
}

void response_write_unprepared(struct wr *w, struct response_to to, bytes id)
{
    const struct response_error e = {
        .code = RESPONSE_UNPREPARED, .message = BYTES("prepared statement not known"), .id = id};
    response_write_error(w, to, &e);
}

/* Versions 1 and 2 have one byte of stream id. */
static size_t begin_old(struct wr *w, uint8_t version, int16_t stream)
{
    wr_u8(w, FRAME_RESPONSE_BIT | version);
    wr_u8(w, 0);
    wr_u8(w, (uint8_t)stream);
    wr_u8(w, OPCODE_ERROR);
    return wr_hole_u32(w);
}

void response_write_wrong_version(struct wr *w, uint8_t version_byte, int16_t stream)
{
    const uint8_t version = version_byte & (uint8_t)~FRAME_RESPONSE_BIT;
    const bool old = version == 1 || version == 2;
    /* A 5 is answered as a 5, whose ERROR is that of 4: there are drivers that read no other answer
     * to it on the stream that they asked on. */
    const uint8_t own = version == 5 ? version : FRAME_VERSION_MAX;
    const struct response_to to = {own, stream};
    char text[128];
    struct wr words = wr_fixed(text, sizeof text);
    wr_format(&words,
              "Invalid or unsupported protocol version (%u); "
              "supported versions are (3/v3, 4/v4)",
              (unsigned)version);
    const size_t begun = old ? begin_old(w, version, stream) : begin(w, to, OPCODE_ERROR);
    wr_u32be(w, RESPONSE_PROTOCOL_ERROR);
    wr_bytes16(w, wr_view(&words));
    frame_end(w, begun);
}

void response_write_ready(struct wr *w, struct response_to to)
{
    frame_end(w, begin(w, to, OPCODE_READY));
}

void response_write_authenticate(struct wr *w, struct response_to to, bytes class_name)
{
    const size_t begun = begin(w, to, OPCODE_AUTHENTICATE);
    wr_bytes16(w, class_name);
    frame_end(w, begun);
}

void response_write_challenge(struct wr *w, struct response_to to, bytes token)
{
    const size_t begun = begin(w, to, OPCODE_AUTH_CHALLENGE);
    wr_bytes32(w, token);
    frame_end(w, begun);
}

void response_write_auth_success(struct wr *w, struct response_to to)
{
    const size_t begun = begin(w, to, OPCODE_AUTH_SUCCESS);
    wr_i32be(w, -1);
    frame_end(w, begun);
}

void response_write_void(struct wr *w, struct response_to to)
{
    frame_end(w, begin_result(w, to, RESPONSE_VOID));
}

void response_write_set_keyspace(struct wr *w, struct response_to to, bytes keyspace)
{
    const size_t begun = begin_result(w, to, RESPONSE_SET_KEYSPACE);
    wr_bytes16(w, keyspace);
    frame_end(w, begun);
}

static void write_change(struct wr *w, const struct response_schema_change *c)
{
    wr_bytes16(w, c->change);
    write_text(w, response_target_name(c->target));
    wr_bytes16(w, c->keyspace);
    if (c->target != RESPONSE_TARGET_KEYSPACE) wr_bytes16(w, c->name);
    if (c->target >= RESPONSE_TARGET_FUNCTION) {
        if (c->arguments.n) {
            wr_bytes(w, c->arguments);
        } else {
            wr_u16be(w, 0);
        }
    }
}

void response_write_schema_change(struct wr *w, struct response_to to,
                                  const struct response_schema_change *c)
{
    const size_t begun = begin_result(w, to, RESPONSE_SCHEMA_CHANGE);
    write_change(w, c);
    frame_end(w, begun);
}

void response_write_event(struct wr *w, uint8_t version, const struct response_event *e)
{
    static const char *const names[] = {
        [RESPONSE_EVENT_TOPOLOGY] = "TOPOLOGY_CHANGE",
        [RESPONSE_EVENT_STATUS] = "STATUS_CHANGE",
        [RESPONSE_EVENT_SCHEMA] = "SCHEMA_CHANGE",
    };
    const struct response_to to = {version, NO_STREAM};
    const size_t begun = begin(w, to, OPCODE_EVENT);
    write_text(w, names[e->type]);
    if (e->type == RESPONSE_EVENT_SCHEMA) {
        write_change(w, &e->schema);
    } else {
        wr_bytes16(w, e->change);
        wr_u8(w, (uint8_t)e->address.n);
        wr_bytes(w, e->address);
        wr_i32be(w, e->port);
    }
    frame_end(w, begun);
}

void response_write_supported(struct wr *w, struct response_to to,
                              const struct response_option *options, size_t n)
{
    const size_t begun = begin(w, to, OPCODE_SUPPORTED);
    wr_u16be(w, (uint16_t)n);
    for (size_t i = 0; i < n; i++) {
        write_text(w, options[i].key);
        wr_u16be(w, (uint16_t)options[i].values_n);
        for (size_t v = 0; v < options[i].values_n; v++)
            write_text(w, options[i].values[v]);
    }
    frame_end(w, begun);
}

/* Table and columns: how all metadata of ours ends. */
static void write_columns(struct wr *w, const struct response_spec *spec)
{
    wr_bytes16(w, spec->keyspace);
    wr_bytes16(w, spec->table);
    for (size_t i = 0; i < spec->columns_n; i++) {
        wr_bytes16(w, spec->columns[i].name);
        wr_bytes(w, spec->columns[i].type);
    }
}

static void write_result_metadata(struct wr *w, const struct response_spec *spec)
{
    const bool more = spec->paging_state.n != 0;
    uint32_t flags = spec->skip_metadata ? RESPONSE_META_NONE : RESPONSE_META_GLOBAL;
    if (more) flags |= RESPONSE_META_MORE_PAGES;
    wr_u32be(w, flags);
    wr_u32be(w, (uint32_t)spec->columns_n);
    if (more) wr_bytes32(w, spec->paging_state);
    if (!spec->skip_metadata) write_columns(w, spec);
}

struct response_rows_writer response_begin_rows(struct wr *w, struct response_to to,
                                                const struct response_spec *spec)
{
    struct response_rows_writer rows = {.begun = begin_result(w, to, RESPONSE_ROWS)};
    write_result_metadata(w, spec);
    rows.count_at = wr_hole_u32(w);
    return rows;
}

void response_add_cell(struct wr *w, bytes cell)
{
    wr_bytes32(w, cell);
}

void response_add_null(struct wr *w)
{
    wr_i32be(w, -1);
}

void response_end_rows(struct wr *w, const struct response_rows_writer *rows)
{
    if (w->bad) return;
    struct wr count = wr_fixed(w->p + rows->count_at, 4);
    wr_u32be(&count, rows->rows_n);
    frame_end(w, rows->begun);
}

void response_write_prepared(struct wr *w, struct response_to to, bytes id,
                             const struct response_spec *bind, const struct response_spec *result)
{
    const size_t begun = begin_result(w, to, RESPONSE_PREPARED);
    wr_bytes16(w, id);
    wr_u32be(w, RESPONSE_META_GLOBAL);
    wr_u32be(w, (uint32_t)bind->columns_n);
    if (to.version >= 4) wr_u32be(w, 0);
    write_columns(w, bind);
    write_result_metadata(w, result);
    frame_end(w, begun);
}
