#include "serve/keyring.h"

#include "audit/audit.h"
#include "base/clock.h"
#include "gate/gate.h"
#include "index/index.h"
#include "serve/reseal.h"
#include "store/key_file.h"
#include "store/store.h"

#include <stdio.h>

/* --- listing --- */

static void pair_int(struct json_out *j, const char *key, size_t n)
{
    json_out_key(j, key);
    json_out_int(j, (int64_t)n);
}

static void write_key(const struct keyring *k, const struct server_key *key, bool newest,
                      struct json_out *j)
{
    pair_int(j, "id", key->id);
    json_out_key(j, "createdAt");
    json_out_time(j, key->created_ms * 1000000, 3);
    json_out_key(j, "newest");
    json_out_bool(j, newest);
    pair_int(j, "tokens", index_key_tokens(k->index, key->id));
    pair_int(j, "databases", reseal_count(k->index, RESEAL_DATABASES, key->id));
    pair_int(j, "people", reseal_count(k->index, RESEAL_PEOPLE, key->id));
    pair_int(j, "exports", reseal_count(k->index, RESEAL_EXPORTS, key->id));
}

err keyring_list(struct keyring *k, struct json_out *j, struct note *note)
{
    struct server_keys keys;
    TRY(key_file_read(k->path, &keys, note));
    for (size_t i = 0; i < keys.n; i++) {
        json_out_object(j);
        write_key(k, &keys.list[i], i + 1 == keys.n, j);
        json_out_end(j);
    }
    server_keys_drop(&keys);
    return DONE;
}

/* --- changing --- */

static void record(const struct keyring *k, const struct call *call, const char *name, uint16_t id,
                   size_t tokens)
{
    char detail[96];
    struct event_draft event = {.name = name, .outcome = "done", .who = call->who};
    memcpy(event.call_id, call->id, sizeof event.call_id);
    memcpy(event.peer, call->peer, sizeof event.peer);
    const int n = snprintf(detail, sizeof detail, "{\"key\":%u,\"tokens\":%zu}", id, tokens);
    event.detail = bytes_of(detail, (size_t)n);
    audit_record(k->audit, &event);
}

/* Control-plane changes that cannot be recorded are not done. */
static err check_audit(const struct keyring *k, struct note *note)
{
    if (audit_is_well(k->audit)) return DONE;
    return note_fail(note, FAIL(AUDIT_FAILED), "the audit trail cannot be written; the keys are as they were");
}

static err take_new_key(struct keyring *k, const struct call *call, struct server_keys *keys,
                        struct note *note)
{
    TRY(store_keys_set(k->store, keys, note));
    gate_set_keys(k->gate, keys);
    record(k, call, "key.rotate", server_keys_newest(keys)->id, 0);
    return reseal_all(k->gate, k->index, k->store, keys, &call->who, note);
}

static err rotate(struct keyring *k, const struct call *call, struct json_out *j, struct note *note)
{
    struct server_keys keys;
    TRY(check_audit(k, note));
    TRY(key_file_rotate(k->path, clock_utc_ms(), &keys, note));
    const err e = take_new_key(k, call, &keys, note);
    write_key(k, server_keys_newest(&keys), true, j);
    server_keys_drop(&keys);
    return e;
}

err keyring_rotate(struct keyring *k, const struct call *call, struct json_out *j, struct note *note)
{
    pthread_mutex_lock(&k->lock);
    const err e = rotate(k, call, j, note);
    pthread_mutex_unlock(&k->lock);
    return e;
}

static err check_retire(const struct keyring *k, const struct server_keys *keys, uint16_t id, bool force,
                        struct note *note)
{
    const uint16_t newest = server_keys_newest(keys)->id;
    const size_t n = index_key_tokens(k->index, id);
    if (!server_keys_find(keys, id)) {
        return note_fail(note, FAIL(NOT_FOUND), "there is no server key %u", id);
    }
    if (id == newest) {
        return note_fail(note, FAIL(IN_USE), "server key %u is the newest, which signs new tokens: rotate first", id);
    }
    if (n == 0 || force) return DONE;
    return note_fail(note, FAIL(IN_USE), "%zu token%s still need%s server key %u: a token moves to key %u when it is"
                     " next used; --force retires the key, and what has not moved is recognised no more",
                     n, n == 1 ? "" : "s", n == 1 ? "s" : "", id, newest);
}

static void leave_out(struct server_keys *keys, uint16_t id)
{
    size_t n = 0;
    for (size_t i = 0; i < keys->n; i++) {
        if (keys->list[i].id != id) keys->list[n++] = keys->list[i];
    }
    keys->n = n;
}

/* What was on its way when the key was looked at has arrived: the store takes no more of it. */
static err look_again(struct keyring *k, uint16_t id, bool force, const struct server_keys *all,
                      struct note *note)
{
    size_t sealed = 0;
    for (unsigned kind = 0; kind < RESEAL_KINDS; kind++) sealed += reseal_count(k->index, (enum reseal_kind)kind, id);
    if (sealed == 0 && (force || index_key_tokens(k->index, id) == 0)) return DONE;
    TRY(store_keys_set(k->store, all, note));
    return note_fail(note, FAIL(IN_USE), "something came to need server key %u just now: try again", id);
}

/* The store forgets the key first, for it refuses to open without one that it knows. */
static err take_out(struct keyring *k, uint16_t id, bool force, const struct server_keys *all,
                    struct note *note)
{
    struct server_keys left = *all;
    leave_out(&left, id);
    err e = store_keys_set(k->store, &left, note);
    if (err_is_ok(e)) e = look_again(k, id, force, all, note);
    server_keys_drop(&left);
    TRY(e);
    TRY(key_file_retire(k->path, id, &left, note));
    gate_set_keys(k->gate, &left);
    server_keys_drop(&left);
    return DONE;
}

static err retire(struct keyring *k, const struct call *call, uint16_t id, bool force, struct json_out *j,
                  struct note *note)
{
    struct server_keys keys;
    TRY(check_audit(k, note));
    TRY(key_file_read(k->path, &keys, note));
    err e = check_retire(k, &keys, id, force, note);
    if (err_is_ok(e)) e = reseal_all(k->gate, k->index, k->store, &keys, &call->who, note);
    const size_t n = index_key_tokens(k->index, id);
    if (err_is_ok(e)) e = take_out(k, id, force, &keys, note);
    server_keys_drop(&keys);
    TRY(e);
    record(k, call, "key.retire", id, n);
    pair_int(j, "id", id);
    pair_int(j, "tokens", n);
    return DONE;
}

err keyring_retire(struct keyring *k, const struct call *call, uint16_t id, bool force,
                   struct json_out *j, struct note *note)
{
    pthread_mutex_lock(&k->lock);
    const err e = retire(k, call, id, force, j, note);
    pthread_mutex_unlock(&k->lock);
    return e;
}

err keyring_reload(struct keyring *k, struct note *note)
{
    struct server_keys keys;
    if (pthread_mutex_trylock(&k->lock) != 0) return DONE;
    const err e = key_file_read(k->path, &keys, note);
    if (err_is_ok(e)) {
        gate_set_keys(k->gate, &keys);
        server_keys_drop(&keys);
    }
    pthread_mutex_unlock(&k->lock);
    return e;
}
