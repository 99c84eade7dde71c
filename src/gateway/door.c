/* Reading what a door is told in text, and making its cluster. */
#include "gateway/door.h"

#include "gateway/gateway_own.h"
#include "gateway/statement_record.h"

#include <stdio.h>
#include <stdlib.h>

enum { CQL_PORT = 9042 };

static err copy_text(char *to, size_t size, bytes from, const char *what, struct note *note)
{
    if (from.n >= size) return note_fail(note, FAIL(BAD_INPUT), "%s is too long", what);
    (void)snprintf(to, size, "%.*s", BYTES_FMT(from));
    return DONE;
}

static bytes trim(bytes b)
{
    while (b.n && b.p[0] == ' ')
        b = bytes_part(b, 1, b.n);
    while (b.n && b.p[b.n - 1] == ' ')
        b.n--;
    return b;
}

/* "HOST:PORT,HOST:PORT" */
static err read_contacts(bytes text, struct cluster_options *out, struct note *note)
{
    while (text.n > 0) {
        const uint8_t *comma = memchr(text.p, ',', text.n);
        const size_t n = comma ? (size_t)(comma - text.p) : text.n;
        const bytes one = trim(bytes_part(text, 0, n));
        text = bytes_part(text, comma ? n + 1 : n, text.n);
        if (one.n == 0) continue;
        if (out->contacts_n == CLUSTER_CONTACTS_MAX) {
            return note_fail(note, FAIL(BAD_INPUT), "more than %d contact points",
                             CLUSTER_CONTACTS_MAX);
        }
        struct cluster_contact *c = &out->contacts[out->contacts_n];
        bytes host;
        if (!err_is_ok(address_split(one, CQL_PORT, &host, &c->port))) {
            return note_fail(note, FAIL(BAD_INPUT), "contact point '%.*s' is not HOST:PORT",
                             BYTES_FMT(one));
        }
        TRY(copy_text(c->host, sizeof c->host, host, "contact point", note));
        out->contacts_n++;
    }
    if (out->contacts_n == 0) return note_fail(note, FAIL(BAD_INPUT), "no contact point");
    return DONE;
}

static err read_listen(const struct gateway_door *from, struct door *d, struct note *note)
{
    if (!err_is_ok(address_read(from->listen, CQL_PORT, &d->listen))) {
        return note_fail(note, FAIL(BAD_INPUT), "listen address '%.*s' is not ADDR:PORT",
                         BYTES_FMT(from->listen));
    }
    if (!address_is_loopback(&d->listen) && !from->allow_plaintext) {
        return note_fail(note, FAIL(NOT_ALLOWED),
                         "'%.*s' is beyond loopback and without TLS; allow-plaintext permits it",
                         BYTES_FMT(from->listen));
    }
    return DONE;
}

static err fill(struct door *d, const struct gateway_door *from, struct cluster_options *options,
                struct note *note)
{
    d->database = from->database;
    d->organization = from->organization;
    options->id = from->database;
    options->credentials = &d->credentials;
    TRY(read_listen(from, d, note));
    if (from->advertise.n && !err_is_ok(address_read(from->advertise, CQL_PORT, &d->advertise))) {
        return note_fail(note, FAIL(BAD_INPUT), "advertised address '%.*s' is not ADDR:PORT",
                         BYTES_FMT(from->advertise));
    }
    TRY(copy_text(options->name, sizeof options->name,
                  bytes_part(from->name, 0, CLUSTER_NAME_MAX - 1), "name", note));
    TRY(copy_text(options->local_dc, sizeof options->local_dc, from->datacenter, "datacenter",
                  note));
    TRY(read_contacts(from->contact_points, options, note));
    if (!secret_set(&d->credentials.user, from->username)) {
        return note_fail(note, FAIL(BAD_INPUT), "username is too long");
    }
    d->credentials.password = *from->password;
    return DONE;
}

err door_new(struct gateway *g, const struct gateway_door *from, struct note *note,
             struct door **out)
{
    struct door *d = calloc(1, sizeof *d);
    struct cluster_options *options = calloc(1, sizeof *options);
    err e = d && options ? DONE : FAIL(NO_MEMORY);
    if (d) reached_init(&d->reached);
    if (err_is_ok(e)) {
        d->gateway = g;
        list_init(&d->link);
        gateway_own_cluster_base(g, options);
        e = fill(d, from, options, note);
    }
    if (err_is_ok(e)) {
        e = statement_record_table_new(gateway_own_limits(g)->prepared_per_token,
                                       STATEMENT_RECORD_ALL_BYTES, &d->records);
    }
    if (err_is_ok(e)) e = traces_given_init(&d->traces);
    if (err_is_ok(e)) e = cluster_new(options, &d->cluster);
    free(options);
    if (!err_is_ok(e)) {
        door_free(d);
        return e;
    }
    *out = d;
    return DONE;
}

void door_free(struct door *d)
{
    if (!d) return;
    statement_record_table_free(d->records);
    traces_given_drop(&d->traces);
    reached_drop(&d->reached);
    secret_drop(&d->credentials.user);
    secret_drop(&d->credentials.password);
    free(d);
}
