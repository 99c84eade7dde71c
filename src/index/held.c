/* Copying walks a record twice with the same steps: once to count, once to copy. */
#include "index/held.h"

#include "base/check.h"

#include <stdlib.h>

/* Counts while p is NULL. */
struct pack {
    uint8_t *p;
    size_t n;
};

static void *pack_room(struct pack *k, const void *from, size_t n)
{
    const size_t align = _Alignof(max_align_t);
    void *to = k->p ? k->p + k->n : NULL;
    if (to && n) memcpy(to, from, n);
    k->n += (n + align - 1) / align * align;
    return to;
}

static void pack_bytes(struct pack *k, bytes *b)
{
    const uint8_t *to = pack_room(k, b->p, b->n);
    if (k->p) b->p = b->n ? to : NULL;
}

static void pack_role(struct pack *k, struct role *r)
{
    pack_bytes(k, &r->name);
    pack_bytes(k, &r->updated_by);
    pack_bytes(k, &r->policy.description);
    const size_t actions_size = r->policy.actions_n * sizeof *r->policy.actions;
    const size_t lines_size = r->policy.resources_n * sizeof *r->policy.resources;
    const enum action *actions = pack_room(k, r->policy.actions, actions_size);
    struct resource *lines = pack_room(k, r->policy.resources, lines_size);
    for (size_t i = 0; i < r->policy.resources_n; i++) {
        struct resource line = r->policy.resources[i];
        pack_bytes(k, &line.keyspace);
        pack_bytes(k, &line.table);
        if (lines) lines[i] = line;
    }
    if (!k->p) return;
    r->policy.actions = actions;
    r->policy.resources = lines;
}

static void pack_database(struct pack *k, struct record_database *d)
{
    bytes *const fields[] = {&d->name,   &d->contact_points, &d->datacenter, &d->username,
                             &d->listen, &d->advertise,      &d->owner,      &d->sealed_password};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) pack_bytes(k, fields[i]);
}

static void pack_record(struct pack *k, struct record *r)
{
    pack_bytes(k, &r->unknown);
    switch (r->kind) {
    case RECORD_ENTERPRISE:
        pack_bytes(k, &r->of.enterprise.name);
        break;
    case RECORD_ORGANIZATION:
        pack_bytes(k, &r->of.organization.name);
        pack_bytes(k, &r->of.organization.email);
        break;
    case RECORD_DATABASE:
        pack_database(k, &r->of.database);
        break;
    case RECORD_ROLE:
        pack_role(k, &r->of.role);
        break;
    case RECORD_TOKEN:
    case RECORD_TOMBSTONE:
        CHECK(false);
    }
}

struct held *held_new(const struct record *from, uint64_t born)
{
    struct record r = *from;
    struct pack k = {0};
    pack_record(&k, &r);
    const size_t align = _Alignof(max_align_t);
    const size_t head = (sizeof(struct held) + align - 1) / align * align;
    struct held *h = malloc(head + k.n);
    if (!h) return NULL;
    k = (struct pack){(uint8_t *)h + head, 0};
    pack_record(&k, &r);
    if (r.kind == RECORD_ROLE) r.of.role.version = r.version;
    *h = (struct held){.born = born, .bytes = head + k.n, .record = r};
    return h;
}

struct held *held_of(const struct record *r)
{
    return (struct held *)((uintptr_t)r - offsetof(struct held, record));
}

void held_free(const struct record *r)
{
    free(held_of(r));
}

struct uuid held_id(const struct record *r)
{
    switch (r->kind) {
    case RECORD_ENTERPRISE:
        return r->of.enterprise.id;
    case RECORD_ORGANIZATION:
        return r->of.organization.id;
    case RECORD_DATABASE:
        return r->of.database.id;
    case RECORD_ROLE:
        return r->of.role.id;
    case RECORD_TOKEN:
    case RECORD_TOMBSTONE:
        break;
    }
    CHECK(false);
    return (struct uuid){{0}};
}

struct uuid held_scope(const struct record *r)
{
    switch (r->kind) {
    case RECORD_ORGANIZATION:
        return r->of.organization.enterprise;
    case RECORD_DATABASE:
        return r->of.database.organization;
    case RECORD_ROLE:
        return r->of.role.scope;
    case RECORD_ENTERPRISE:
    case RECORD_TOKEN:
    case RECORD_TOMBSTONE:
        break;
    }
    return (struct uuid){{0}};
}

bytes held_name(const struct record *r)
{
    return r->kind == RECORD_ENTERPRISE ? r->of.enterprise.name : record_claim(r);
}
