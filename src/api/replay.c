/* The hashes of requests that made something, between the door and the picture in memory. */
#include "api/replay.h"

#include "base/clock.h"
#include "index/snapshot.h"

#include <urcu/urcu-memb.h>

static struct uuid id_of(const uint8_t request[ONCE_HASH])
{
    struct record_hash h;
    _Static_assert(sizeof h.b == ONCE_HASH, "one kind of hash");
    memcpy(h.b, request, sizeof h.b);
    return record_hash_id(&h);
}

/* What has ended stays until it is swept. */
static bool find(const struct snapshot *s, const uint8_t request[ONCE_HASH], struct arena *a,
                 struct once_past *past)
{
    const struct uuid id = id_of(request);
    const struct record_replay *r = snapshot_replay(s, &id);
    if (!r || r->ends_ms <= clock_utc_ms()) return false;
    past->subject = arena_copy(a, bytes_of(r->client_id, sizeof r->client_id));
    memcpy(past->body, r->body.b, sizeof past->body);
    return true;
}

static bool recall(void *owner, const uint8_t request[ONCE_HASH], struct arena *a,
                   struct once_past *past)
{
    urcu_memb_read_lock();
    const bool found = find(index_snapshot(owner), request, a, past);
    urcu_memb_read_unlock();
    return found;
}

struct once_memory replay_memory(struct index *x)
{
    return (struct once_memory){x, recall};
}

static bool is_full(const struct snapshot *s, const struct uuid *scope)
{
    return snapshot_all(s, RECORD_REPLAY).n >= REPLAY_MAX ||
           snapshot_replays(s, scope).n >= REPLAY_EACH_MAX;
}

/* Where one is that has ended, it is written over, unless the sweep is first; one of another scope is
 * left to the sweep. */
static bool has_room(const struct snapshot *s, const struct record_replay *r, uint64_t *expect)
{
    const struct record_replay *old = snapshot_replay(s, &r->id);
    *expect = old ? CHANGE_ANY_VERSION : CHANGE_ABSENT;
    return old ? uuid_eq(&old->scope, &r->scope) : !is_full(s, &r->scope);
}

size_t replay_put(const struct snapshot *s, const struct once_key *key, int64_t now_ms,
                  const struct record_token *made, struct change *out)
{
    if (!key) return 0;
    struct record_replay r = {
        .id = id_of(key->request), .scope = made->scope, .ends_ms = now_ms + REPLAY_KEPT_MS};
    memcpy(r.body.b, key->body, sizeof r.body.b);
    memcpy(r.client_id, made->client_id, sizeof r.client_id);
    *out = (struct change){.verb = CHANGE_PUT, .record = {.kind = RECORD_REPLAY, .of.replay = r}};
    return has_room(s, &r, &out->expect);
}
