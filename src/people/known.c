#include "people/known.h"

#include "base/rd.h"
#include "base/wr.h"
#include "people/delay.h"

enum { MARK = 8, HOUR_MS = 3600000, HOURS_MAX = DELAY_KNOWN_MS / HOUR_MS };

struct entry {
    uint8_t mark[MARK];
    int64_t hour;
};

/* Of nobody else, under no other key. */
static void mark_of(const struct record_person *p, const struct server_key *key, bytes network,
                    uint8_t out[MARK])
{
    static const char what[] = "network of a person";
    uint8_t text[sizeof what + sizeof p->id.b + 16];
    uint8_t verifier[SERVER_KEY_VERIFIER];
    struct wr w = wr_fixed(text, sizeof text);
    wr_bytes(&w, bytes_of(what, sizeof what));
    wr_bytes(&w, bytes_of(p->id.b, sizeof p->id.b));
    wr_bytes(&w, bytes_part(network, 0, 16));
    const struct record_hash h = record_hash_of(wr_view(&w));
    server_key_verifier(key, h.b, verifier);
    memcpy(out, verifier, MARK);
}

/* False: there is no more, or what is there is not ours. */
static bool read_entry(struct rd *r, struct entry *out)
{
    const bytes mark = rd_take(r, MARK);
    out->hour = rd_u32be(r);
    if (!r->bad) memcpy(out->mark, mark.p, MARK);
    return !r->bad;
}

static bool is_fresh(const struct entry *e, int64_t now_ms)
{
    const int64_t hour = now_ms / HOUR_MS;
    return e->hour <= hour && hour - e->hour <= HOURS_MAX;
}

static bool has_mark(const struct record_person *p, const uint8_t mark[MARK], int64_t now_ms)
{
    struct rd r = rd_over(p->networks);
    for (struct entry e; read_entry(&r, &e);) {
        if (memcmp(e.mark, mark, MARK) == 0 && is_fresh(&e, now_ms)) return true;
    }
    return false;
}

bool known_has(const struct record_person *p, const struct server_keys *keys, bytes network, int64_t now_ms)
{
    for (size_t i = 0; network.n && p->networks.n && i < keys->n; i++) {
        uint8_t mark[MARK];
        mark_of(p, &keys->list[i], network, mark);
        if (has_mark(p, mark, now_ms)) return true;
    }
    return false;
}

void known_note(struct record_person *p, const struct server_keys *keys, bytes network, int64_t now_ms,
                uint8_t *room)
{
    struct rd r = rd_over(p->networks);
    struct wr w = wr_fixed(room, KNOWN_MAX);
    uint8_t mark[MARK];
    if (network.n == 0) return;
    mark_of(p, server_keys_newest(keys), network, mark);
    wr_bytes(&w, bytes_of(mark, MARK));
    wr_u32be(&w, (uint32_t)(now_ms / HOUR_MS));
    for (struct entry e; w.n < KNOWN_MAX && read_entry(&r, &e);) {
        if (memcmp(e.mark, mark, MARK) == 0 || !is_fresh(&e, now_ms)) continue;
        wr_bytes(&w, bytes_of(e.mark, MARK));
        wr_u32be(&w, (uint32_t)e.hour);
    }
    p->networks = wr_view(&w);
}
