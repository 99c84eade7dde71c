/* A direct-mapped table: a place holds the newest text that fell on it. */
#include "gateway/text_cache.h"

#include "gateway/limit.h"
#include "gateway/plan.h"

#include <stdlib.h>

err text_cache_init(struct text_cache *c)
{
    c->seed = hash_seed_new();
    c->entries = calloc(LIMIT_TEXT_CACHE, sizeof *c->entries);
    return c->entries ? DONE : FAIL(NO_MEMORY);
}

static void clear(struct text_cache_entry *t)
{
    plan_free(t->plan);
    free(t->own);
    *t = (struct text_cache_entry){0};
}

void text_cache_drop(struct text_cache *c)
{
    for (size_t i = 0; c->entries && i < LIMIT_TEXT_CACHE; i++)
        clear(&c->entries[i]);
    free(c->entries);
    c->entries = NULL;
}

static uint64_t hash_of(const struct text_cache *c, const struct door *door, bytes keyspace,
                        bytes text)
{
    const uint64_t salt = keyspace.n ? hash_bytes(c->seed, keyspace) : (uint64_t)(uintptr_t)door;
    const struct hash_seed seed = {c->seed.k0 ^ salt, c->seed.k1};
    return hash_bytes(seed, text);
}

static struct text_cache_entry *place(const struct text_cache *c, uint64_t hash)
{
    return &c->entries[hash % LIMIT_TEXT_CACHE];
}

const struct statement *text_cache_find(struct text_cache *c, const struct door *door,
                                        bytes keyspace, bytes text, uint64_t schema_version)
{
    if (text.n > LIMIT_TEXT_CACHED) return NULL;
    const uint64_t hash = hash_of(c, door, keyspace, text);
    const struct text_cache_entry *t = place(c, hash);
    if (!t->plan || t->hash != hash || t->door != door) return NULL;
    if (t->plan->schema_version != schema_version) return NULL;
    if (!bytes_eq(t->text, text) || !bytes_eq(t->keyspace, keyspace)) return NULL;
    return &t->plan->what;
}

void text_cache_note(struct text_cache *c, const struct door *door, bytes keyspace, bytes text,
                     const struct picture *picture, const struct statement *what)
{
    if (text.n > LIMIT_TEXT_CACHED || what->unknown_relation) return;
    const uint64_t hash = hash_of(c, door, keyspace, text);
    struct text_cache_entry *t = place(c, hash);
    const bool seen = t->hash == hash;
    clear(t);
    t->hash = hash;
    if (!seen) return;
    t->own = malloc(keyspace.n + text.n + 1);
    if (!t->own) return;
    if (keyspace.n) memcpy(t->own, keyspace.p, keyspace.n);
    if (text.n) memcpy(t->own + keyspace.n, text.p, text.n);
    t->door = door;
    t->keyspace = bytes_of(t->own, keyspace.n);
    t->text = bytes_of(t->own + keyspace.n, text.n);
    if (!err_is_ok(plan_new(picture, keyspace, text, what, &t->plan))) clear(t);
}

void text_cache_forget(struct text_cache *c, const struct door *door)
{
    for (size_t i = 0; i < LIMIT_TEXT_CACHE; i++) {
        if (c->entries[i].door == door) clear(&c->entries[i]);
    }
}
