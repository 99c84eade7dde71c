/* Cells as JSON, in the spelling of Cassandra's toJson: a space after every comma and colon. */
#include "cluster/table_json.h"

#include "cluster/table_value.h"
#include "cql/response.h"
#include "model/uuid.h"

static bool is_text(uint16_t type)
{
    return type == RESPONSE_TYPE_VARCHAR || type == RESPONSE_TYPE_ASCII;
}

static bool is_text_option(struct rd *r)
{
    return is_text(rd_u16be(r)) && !r->bad;
}

bool table_json_knows(bytes type)
{
    struct rd r = rd_over(type);
    const uint16_t outer = rd_u16be(&r);
    if (is_text(outer) || outer == RESPONSE_TYPE_BOOLEAN || outer == RESPONSE_TYPE_INT ||
        outer == RESPONSE_TYPE_UUID) {
        return true;
    }
    if (outer == RESPONSE_TYPE_MAP) return is_text_option(&r) && is_text_option(&r);
    return (outer == RESPONSE_TYPE_LIST || outer == RESPONSE_TYPE_SET) && is_text_option(&r);
}

static void write_string(struct wr *w, bytes text)
{
    wr_u8(w, '"');
    for (size_t i = 0; i < text.n; i++) {
        const uint8_t c = text.p[i];
        if (c < 0x20) {
            wr_format(w, "\\u%04x", (unsigned)c);
            continue;
        }
        if (c == '"' || c == '\\') wr_u8(w, '\\');
        wr_u8(w, c);
    }
    wr_u8(w, '"');
}

/* A collection's elements are [bytes]; one that is cut short ends there. */
static void write_collection(struct wr *w, bytes cell, uint16_t type)
{
    const bool map = type == RESPONSE_TYPE_MAP;
    struct rd r = rd_over(cell);
    const int32_t n = rd_i32be(&r);
    wr_u8(w, map ? '{' : '[');
    for (int32_t i = 0; i < n && !r.bad; i++) {
        if (i > 0) wr_text(w, ", ");
        write_string(w, rd_bytes32(&r));
        if (!map) continue;
        wr_text(w, ": ");
        write_string(w, rd_bytes32(&r));
    }
    wr_u8(w, map ? '}' : ']');
}

static void write_uuid(struct wr *w, bytes cell)
{
    struct uuid id;
    char text[UUID_TEXT + 1];
    if (cell.n != sizeof id.b) {
        wr_text(w, "null");
        return;
    }
    memcpy(id.b, cell.p, sizeof id.b);
    uuid_text(&id, text);
    write_string(w, bytes_of_text(text));
}

void table_json_write(struct wr *w, bytes type, bytes cell)
{
    const uint16_t outer = table_value_type(type);
    struct rd r = rd_over(cell);
    if (!cell.p) {
        wr_text(w, "null");
    } else if (is_text(outer)) {
        write_string(w, cell);
    } else if (outer == RESPONSE_TYPE_BOOLEAN) {
        wr_text(w, rd_u8(&r) ? "true" : "false");
    } else if (outer == RESPONSE_TYPE_INT) {
        wr_decimal(w, rd_i32be(&r));
    } else if (outer == RESPONSE_TYPE_UUID) {
        write_uuid(w, cell);
    } else {
        write_collection(w, cell, outer);
    }
}
