#include "serve/clusters.h"

#include "base/log.h"
#include "gateway/gateway.h"
#include "index/index.h"
#include "index/snapshot.h"
#include "model/seal.h"

#include <urcu/urcu-memb.h>

static err open_door(struct clusters *c, const struct record_database *d, struct note *note)
{
    struct secret password = {0};
    char id[UUID_TEXT];
    uuid_write(&d->id, id);
    const err unsealed = seal_read(c->keys, bytes_of(id, sizeof id), d->sealed_password, &password);
    if (!err_is_ok(unsealed)) {
        return note_fail(note, unsealed, "the cluster's password does not open with the server keys");
    }
    const struct gateway_door door = {
        .database = d->id,
        .organization = d->organization,
        .name = d->name,
        .listen = d->listen,
        .advertise = d->advertise,
        .contact_points = d->contact_points,
        .datacenter = d->datacenter,
        .username = d->username,
        .password = &password,
        .allow_plaintext = c->allow_plaintext,
    };
    const err e = gateway_start_door(c->gateway, &door, note);
    secret_drop(&password);
    return e;
}

void clusters_open(struct clusters *c, const struct record_database *d)
{
    gateway_stop_door(c->gateway, &d->id); /* an edited one opens anew */
    struct note note = {{0}};
    const err e = open_door(c, d, &note);
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
    gateway_stop_door(c->gateway, database);
}

void clusters_open_all(struct clusters *c)
{
    urcu_memb_read_lock();
    const struct snapshot_list all = snapshot_all(index_snapshot(c->index), RECORD_DATABASE);
    for (size_t i = 0; i < all.n; i++) clusters_open(c, &all.records[i]->of.database);
    urcu_memb_read_unlock();
}
