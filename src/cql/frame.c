/* Nine bytes in front of every message, and what may stand in them. */
#include "cql/frame.h"

#include "base/rd.h"

enum {
    KNOWN_FLAGS = FRAME_FLAG_COMPRESSED | FRAME_FLAG_TRACING | FRAME_FLAG_PAYLOAD |
                  FRAME_FLAG_WARNING | FRAME_FLAG_BETA
};

enum sender { CLIENT, SERVER };

static const struct {
    const char *name;
    enum sender sender;
    bool known;
} opcodes[256] = {
#define OPCODE(id, value, text, from) [(value)] = {(text), (from), true},
#include "cql/opcode.def"
#undef OPCODE
};

err frame_read_header(bytes in, uint32_t max_body, struct frame_header *out)
{
    struct rd r = rd_over(in);
    struct frame_header h = {0};
    h.version = rd_u8(&r); /* native protocol v4, section 2: header */
    h.flags = rd_u8(&r);
    h.stream = (int16_t)rd_u16be(&r);
    h.opcode = rd_u8(&r);
    h.body_len = rd_u32be(&r);
    if (r.bad) return FAIL(FRAME_SHORT);
    *out = h;
    if (h.body_len > max_body) return FAIL(FRAME_TOO_BIG);
    return DONE;
}

bool frame_read_stranger(bytes in, uint8_t *version, int16_t *stream)
{
    struct rd r = rd_over(in);
    *version = rd_u8(&r);
    (void)rd_u8(&r);
    const bool old = *version == 1 || *version == 2;
    *stream = old ? (int8_t)rd_u8(&r) : (int16_t)rd_u16be(&r);
    return !r.bad;
}

err frame_check_request(const struct frame_header *h, uint8_t version)
{
    if (h->version != version) return FAIL(FRAME_BAD);
    if (!frame_is_request(h->opcode)) return FAIL(FRAME_BAD);
    if (h->stream < 0) return FAIL(FRAME_BAD);
    if (h->flags & ~KNOWN_FLAGS) return FAIL(FRAME_BAD);
    if (h->flags & FRAME_FLAG_WARNING) return FAIL(FRAME_BAD);
    return DONE;
}

err frame_check_response(const struct frame_header *h, uint8_t version)
{
    if (h->version != (FRAME_RESPONSE_BIT | version)) return FAIL(FRAME_BAD);
    if (!opcodes[h->opcode].known || opcodes[h->opcode].sender != SERVER) return FAIL(FRAME_BAD);
    if ((h->opcode == OPCODE_EVENT) != (h->stream < 0)) return FAIL(FRAME_BAD);
    if (h->flags & FRAME_FLAG_COMPRESSED) return FAIL(FRAME_BAD);
    return DONE;
}

void frame_write_header(uint8_t out[FRAME_HEADER_SIZE], const struct frame_header *h)
{
    const uint16_t stream = (uint16_t)h->stream;
    out[0] = h->version;
    out[1] = h->flags;
    out[2] = (uint8_t)(stream >> 8);
    out[3] = (uint8_t)stream;
    out[4] = h->opcode;
    out[5] = (uint8_t)(h->body_len >> 24);
    out[6] = (uint8_t)(h->body_len >> 16);
    out[7] = (uint8_t)(h->body_len >> 8);
    out[8] = (uint8_t)h->body_len;
}

size_t frame_begin(struct wr *w, uint8_t version, uint8_t flags, int16_t stream, enum opcode opcode)
{
    wr_u8(w, version);
    wr_u8(w, flags);
    wr_u16be(w, (uint16_t)stream);
    wr_u8(w, (uint8_t)opcode);
    return wr_hole_u32(w);
}

void frame_end(struct wr *w, size_t begun)
{
    wr_fill_u32(w, begun);
}

const char *frame_opcode_name(uint8_t opcode)
{
    return opcodes[opcode].known ? opcodes[opcode].name : "?";
}

bool frame_is_request(uint8_t opcode)
{
    return opcodes[opcode].known && opcodes[opcode].sender == CLIENT;
}
