/* Builds and reads the lines of the chain. */
#include "audit/chain.h"

#include "base/clock.h"
#include "base/hex.h"
#include "base/rd.h"

#include <nettle/sha2.h>

#define HASH_LABEL ",\"hash\":\""

/* ,"hash":"<64 hex>"} */
enum { HEX_HASH = 2 * CHAIN_HASH, TAIL_SIZE = sizeof HASH_LABEL - 1 + HEX_HASH + 2 };

static void digest(bytes b, uint8_t out[CHAIN_HASH])
{
    struct sha256_ctx sha;
    sha256_init(&sha);
    sha256_update(&sha, b.n, b.p);
    sha256_digest(&sha, CHAIN_HASH, out);
}

static void write_hash(const uint8_t hash[CHAIN_HASH], struct wr *w)
{
    uint8_t *room = wr_room(w, HEX_HASH);
    if (room) hex_write(bytes_of(hash, CHAIN_HASH), (char *)room);
}

void chain_append(struct chain *c, int64_t utc_ns, uint64_t row, bytes event, struct wr *w)
{
    char when[CLOCK_TEXT_SIZE];
    const size_t start = w->n;
    clock_write_utc(utc_ns, 3, when);
    c->seq++;
    if (row > c->row) c->row = row;
    wr_format(w, "{\"seq\":%llu,\"time\":\"%s\",\"row\":%llu,\"prev\":\"", (unsigned long long)c->seq, when,
              (unsigned long long)c->row);
    write_hash(c->hash, w);
    wr_text(w, "\",\"event\":");
    wr_bytes(w, event);
    if (!w->bad) digest(bytes_of(w->p + start, w->n - start), c->hash);
    wr_text(w, HASH_LABEL);
    write_hash(c->hash, w);
    wr_text(w, "\"}\n");
}

static void expect(struct rd *r, const char *text)
{
    const bytes want = bytes_of_text(text);
    if (!bytes_eq(rd_take(r, want.n), want)) r->bad = true;
}

/* Decimal, without leading zeros, below 10^18. */
static uint64_t number(struct rd *r)
{
    uint64_t v = 0;
    size_t n = 0;
    while (n < r->left.n && n <= 18 && r->left.p[n] >= '0' && r->left.p[n] <= '9') {
        v = v * 10 + (uint64_t)(r->left.p[n++] - '0');
    }
    if (n == 0 || n > 18 || (n > 1 && r->left.p[0] == '0')) r->bad = true;
    (void)rd_take(r, n);
    return v;
}

static bytes until_quote(struct rd *r)
{
    const uint8_t *at = r->left.n ? memchr(r->left.p, '"', r->left.n) : NULL;
    if (!at) r->bad = true;
    return at ? rd_take(r, (size_t)(at - r->left.p)) : (bytes){0};
}

static void hash(struct rd *r, uint8_t out[CHAIN_HASH])
{
    if (!hex_read(rd_take(r, HEX_HASH), out, CHAIN_HASH, false)) r->bad = true;
}

static bool parse(bytes line, struct chain_record *out)
{
    if (line.n < TAIL_SIZE || line.n > CHAIN_LINE_MAX) return false;
    struct rd r = rd_over(bytes_part(line, 0, line.n - TAIL_SIZE));
    expect(&r, "{\"seq\":");
    out->at.seq = number(&r);
    expect(&r, ",\"time\":\"");
    out->time = until_quote(&r);
    expect(&r, "\",\"row\":");
    out->at.row = number(&r);
    expect(&r, ",\"prev\":\"");
    hash(&r, out->prev);
    expect(&r, "\",\"event\":");
    out->event = r.left;
    struct rd tail = rd_over(bytes_part(line, line.n - TAIL_SIZE, TAIL_SIZE));
    expect(&tail, HASH_LABEL);
    hash(&tail, out->at.hash);
    expect(&tail, "\"}");
    const bool object = out->event.n >= 2 && out->event.p[0] == '{' &&
                        out->event.p[out->event.n - 1] == '}';
    return !r.bad && rd_at_end(&tail) && object && out->at.seq > 0;
}

err chain_read(bytes line, struct chain_record *out, struct note *note)
{
    struct chain_record got = {0};
    uint8_t own[CHAIN_HASH];
    if (!parse(line, &got)) return note_fail(note, FAIL(AUDIT_BROKEN), "not an audit record");
    digest(bytes_part(line, 0, line.n - TAIL_SIZE), own);
    if (memcmp(own, got.at.hash, CHAIN_HASH) != 0) {
        return note_fail(note, FAIL(AUDIT_BROKEN), "record %llu was edited: its hash does not fit its bytes",
                         (unsigned long long)got.at.seq);
    }
    *out = got;
    return DONE;
}

err chain_follows(const struct chain *c, const struct chain_record *r, struct note *note)
{
    const unsigned long long seq = r->at.seq;
    if (r->at.seq != c->seq + 1) {
        return note_fail(note, FAIL(AUDIT_BROKEN), "record %llu stands where record %llu must be", seq,
                         (unsigned long long)c->seq + 1);
    }
    if (memcmp(r->prev, c->hash, CHAIN_HASH) != 0) {
        return note_fail(note, FAIL(AUDIT_BROKEN), "record %llu does not carry the hash of the one before it",
                         seq);
    }
    return DONE;
}

uint64_t chain_sequence(bytes line)
{
    uint64_t seq = 0;
    size_t i = sizeof "{\"seq\":" - 1;
    while (i < line.n && line.p[i] >= '0' && line.p[i] <= '9' && seq < UINT64_MAX / 16) {
        seq = seq * 10 + (uint64_t)(line.p[i++] - '0');
    }
    return seq;
}
