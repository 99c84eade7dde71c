/* Texts of QUERY that one worker has understood before, kept from their second time on. */
#pragma once

#include "base/hash.h"
#include "statement/statement.h"

struct door;
struct picture;
struct plan;

struct text_cache_entry {
    uint64_t hash;     /* of the text seen last at this place */
    struct plan *plan; /* NULL: seen once */
    const struct door *door;
    bytes keyspace; /* owned, as one block with the text */
    bytes text;
    uint8_t *own;
};

struct text_cache {
    struct hash_seed seed;
    struct text_cache_entry *entries;
};

MUST err text_cache_init(struct text_cache *c);
void text_cache_drop(struct text_cache *c);
/* What was understood under this version of the schema, or NULL. Lent for the turn. */
const struct statement *text_cache_find(struct text_cache *c, const struct door *door,
                                        bytes keyspace, bytes text, uint64_t schema_version);
/* Remembers that the text came by, and from its second time on what it means. */
void text_cache_note(struct text_cache *c, const struct door *door, bytes keyspace, bytes text,
                     const struct picture *picture, const struct statement *what);
/* Forgets a door that closes. */
void text_cache_forget(struct text_cache *c, const struct door *door);
