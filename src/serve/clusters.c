#include "serve/clusters.h"

#include "base/log.h"
#include "gate/gate.h"
#include "gateway/gateway.h"
#include "index/index.h"
#include "index/snapshot.h"

#include <nettle/sha2.h>
#include <stdlib.h>
#include <urcu/urcu-memb.h>

/* An open door, and a hash of all that its record said, the password in clear. */
struct clusters_door {
    struct clusters_door *next;
    struct uuid database;
    uint8_t said[SHA256_DIGEST_SIZE];
};

static err unseal(const struct clusters *c, const struct record_database *d, struct secret *password,
                  struct note *note)
{
    const err e = gate_unseal(c->gate, &d->id, d->sealed_password, password);
    if (err_is_ok(e)) return DONE;
    return note_fail(note, e, "the cluster's password does not open with the server keys");
}

/* --- what was opened --- */

static err hash_record(const struct record_database *d, const struct secret *password,
                       uint8_t out[SHA256_DIGEST_SIZE])
{
    struct record r = {.kind = RECORD_DATABASE, .of.database = *d};
    struct wr w = wr_growing(RECORD_BODY_MAX);
    struct sha256_ctx sha;
    r.of.database.sealed_password = bytes_of(password->data, password->n);
    record_write(&r, &w);
    const err e = w.bad ? FAIL(NO_MEMORY) : DONE;
    sha256_init(&sha);
    sha256_update(&sha, w.n, w.p);
    sha256_digest(&sha, SHA256_DIGEST_SIZE, out);
    if (w.p) secret_wipe(w.p, w.n);
    wr_drop(&w);
    return e;
}

static struct clusters_door **find(struct clusters *c, const struct uuid *database)
{
    struct clusters_door **at = &c->doors;
    while (*at && !uuid_eq(&(*at)->database, database)) at = &(*at)->next;
    return at;
}

static void forget(struct clusters *c, const struct uuid *database)
{
    struct clusters_door **at = find(c, database);
    struct clusters_door *door = *at;
    if (!door) return;
    *at = door->next;
    free(door);
}

/* Without memory it only opens once too often. */
static void remember(struct clusters *c, const struct uuid *database,
                     const uint8_t said[SHA256_DIGEST_SIZE])
{
    struct clusters_door *door = calloc(1, sizeof *door);
    if (!door) return;
    door->database = *database;
    memcpy(door->said, said, sizeof door->said);
    door->next = c->doors;
    c->doors = door;
}

/* --- opening --- */

static err start_door(struct clusters *c, const struct record_database *d, struct secret *password,
                      struct note *note)
{
    const struct gateway_door door = {
        .database = d->id,
        .organization = d->organization,
        .name = d->name,
        .listen = d->listen,
        .advertise = d->advertise,
        .contact_points = d->contact_points,
        .datacenter = d->datacenter,
        .username = d->username,
        .password = password,
        .allow_plaintext = c->allow_plaintext,
    };
    return gateway_start_door(c->gateway, &door, note);
}

/* `*same`: the door is open and stays as it is. */
static err open_door(struct clusters *c, const struct record_database *d, bool *same, struct note *note)
{
    struct secret password = {0};
    uint8_t said[SHA256_DIGEST_SIZE];
    const struct clusters_door *former = *find(c, &d->id);
    err e = unseal(c, d, &password, note);
    if (err_is_ok(e)) e = hash_record(d, &password, said);
    *same = err_is_ok(e) && former && memcmp(former->said, said, sizeof said) == 0;
    if (!*same) clusters_close(c, &d->id);    /* an edited one opens anew */
    if (err_is_ok(e) && !*same) {
        e = start_door(c, d, &password, note);
        if (err_is_ok(e)) remember(c, &d->id, said);
    }
    secret_drop(&password);
    return e;
}

void clusters_open(struct clusters *c, const struct record_database *d)
{
    struct note note = {{0}};
    bool same = false;
    const err e = open_door(c, d, &same, &note);
    if (same) return;
    if (err_is_ok(e)) {
        log_line(LOG_INFO, "door_open", "kind=cql database=\"%.*s\" address=%.*s", BYTES_FMT(d->name),
                 BYTES_FMT(d->listen));
        return;
    }
    log_line(LOG_ERROR, "door_failed", "kind=cql database=\"%.*s\" address=%.*s why=\"%s\"",
             BYTES_FMT(d->name), BYTES_FMT(d->listen), note.text[0] ? note.text : err_text(e));
}

void clusters_close(struct clusters *c, const struct uuid *database)
{
    forget(c, database);
    gateway_stop_door(c->gateway, database);
}

void clusters_open_all(struct clusters *c)
{
    urcu_memb_read_lock();
    const struct snapshot_list all = snapshot_all(index_snapshot(c->index), RECORD_DATABASE);
    for (size_t i = 0; i < all.n; i++) clusters_open(c, &all.records[i]->of.database);
    urcu_memb_read_unlock();
}

void clusters_drop(struct clusters *c)
{
    while (c->doors) forget(c, &c->doors->database);
}
