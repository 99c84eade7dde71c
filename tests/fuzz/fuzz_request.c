/* The first byte is the opcode, the second version and header flags: whatever is understood is
 * written in a form that reads and writes itself. */
#include "base/check.h"
#include "cql/frame.h"
#include "cql/request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { ROOM = 1 << 24 };

static void walk_values(bytes values, bool named, uint16_t n)
{
    struct rd r = rd_over(values);
    struct request_value v;
    bytes name;
    uint16_t seen = 0;
    while (request_next_value(&r, named, &name, &v))
        seen++;
    CHECK(seen == n && rd_at_end(&r));
}

static bool write_query(uint8_t version, bytes in, struct wr *w)
{
    struct request_query q;
    if (request_read_query(version, in, &q).code != ERR_OK) return false;
    walk_values(q.params.values, q.params.flags & REQUEST_FLAG_NAMES, q.params.values_n);
    request_write_query(w, q.text, &q.params);
    return true;
}

static bool write_execute(uint8_t version, bytes in, struct wr *w)
{
    struct request_execute e;
    if (request_read_execute(version, in, &e).code != ERR_OK) return false;
    CHECK(in.p[e.flags_at] == e.params.flags);
    request_write_execute(w, e.id, &e.params);
    return true;
}

static bool write_batch(uint8_t version, bytes in, struct wr *w)
{
    struct request_batch b;
    struct request_entry e;
    if (request_read_batch(version, in, &b).code != ERR_OK) return false;
    request_write_batch_head(w, &b);
    struct rd r = rd_over(b.entries);
    uint16_t seen = 0;
    while (request_next_entry(&r, &e)) {
        walk_values(e.values, false, e.values_n);
        request_write_entry(w, &e);
        seen++;
    }
    CHECK(seen == b.entries_n && rd_at_end(&r));
    request_write_batch_tail(w, &b);
    return true;
}

static bool write_prepare(uint8_t version, bytes in, struct wr *w)
{
    bytes text;
    (void)version;
    if (request_read_prepare(in, &text).code != ERR_OK) return false;
    request_write_prepare(w, text);
    return true;
}

static bool write_register(uint8_t version, bytes in, struct wr *w)
{
    uint8_t events;
    (void)version;
    if (request_read_register(in, &events).code != ERR_OK) return false;
    request_write_register(w, events);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    bool (*const writers[])(uint8_t, bytes, struct wr *) = {write_query, write_execute, write_batch,
                                                            write_prepare, write_register};
    if (n < 2) return 0;
    const uint8_t version = data[1] & 1 ? 3 : 4;
    bytes message;
    const bytes body = bytes_of(data + 2, n - 2);
    if (request_open(version, data[1] & FRAME_FLAG_PAYLOAD, body, &message).code != ERR_OK)
        return 0;
    bool (*write)(uint8_t, bytes, struct wr *) = writers[data[0] % 5];
    struct wr once = wr_growing(ROOM);
    struct wr twice = wr_growing(ROOM);
    if (write(version, message, &once)) {
        CHECK(write(version, wr_view(&once), &twice));
        CHECK(bytes_eq(wr_view(&once), wr_view(&twice)));
    }
    wr_drop(&once);
    wr_drop(&twice);
    return 0;
}
