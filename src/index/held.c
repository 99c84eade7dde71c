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

static void pack_text(void *owner, bytes *b)
{
    pack_bytes(owner, b);
}

static void pack_policy(struct pack *k, struct policy *p)
{
    const size_t actions_size = p->actions_n * sizeof *p->actions;
    const size_t lines_size = p->resources_n * sizeof *p->resources;
    const enum action *actions = pack_room(k, p->actions, actions_size);
    struct resource *lines = pack_room(k, p->resources, lines_size);
    for (size_t i = 0; i < p->resources_n; i++) {
        struct resource line = p->resources[i];
        pack_bytes(k, &line.keyspace);
        pack_bytes(k, &line.table);
        if (lines) lines[i] = line;
    }
    if (!k->p) return;
    p->actions = actions;
    p->resources = lines;
}

static void pack_membership(struct pack *k, struct record_membership *m)
{
    const struct uuid *roles = pack_room(k, m->roles, m->roles_n * sizeof *m->roles);
    if (k->p) m->roles = roles;
}

static void pack_person(struct pack *k, struct record_person *p)
{
    const struct record_hash *left =
        pack_room(k, p->recovery, p->recovery_n * sizeof *p->recovery);
    if (k->p) p->recovery = left;
}

static void pack_access_list(struct pack *k, struct record_access_list *a)
{
    struct record_access *entries = pack_room(k, a->entries, a->entries_n * sizeof *a->entries);
    for (size_t i = 0; i < a->entries_n; i++) {
        struct record_access entry = a->entries[i];
        pack_bytes(k, &entry.address);
        pack_bytes(k, &entry.description);
        if (entries) entries[i] = entry;
    }
    if (k->p) a->entries = entries;
}

static void pack_record(struct pack *k, struct record *r)
{
    CHECK(record_is_listed(r->kind));
    record_each_text(r, pack_text, k);
    if (r->kind == RECORD_ROLE) pack_policy(k, &r->of.role.policy);
    if (r->kind == RECORD_MEMBERSHIP) pack_membership(k, &r->of.membership);
    if (r->kind == RECORD_PERSON) pack_person(k, &r->of.person);
    if (r->kind == RECORD_ACCESS_LIST) pack_access_list(k, &r->of.access_list);
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
