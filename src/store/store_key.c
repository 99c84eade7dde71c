/* Which server keys records may need. */
#include "store/backend.h"

#include "model/seal.h"

void store_key_know(struct store *s, const struct server_keys *keys)
{
    s->keys_n = keys->n;
    for (size_t i = 0; i < keys->n; i++) s->keys[i] = keys->list[i].id;
}

/* 0: it needs none. */
static uint16_t key_of(const struct change *c)
{
    if (c->verb == CHANGE_REMOVE) return 0;
    if (c->record.kind == RECORD_TOKEN) return c->record.of.token.key_id;
    if (c->record.kind == RECORD_PERSON) return seal_key_id(c->record.of.person.sealed_totp);
    if (c->record.kind == RECORD_AUDIT_EXPORT) return seal_key_id(c->record.of.audit_export.sealed_token);
    return c->record.kind == RECORD_DATABASE ? seal_key_id(c->record.of.database.sealed_password) : 0;
}

/* What was made under a key that was retired meanwhile could never be read again. Numbers rise and are
 * never given again: a higher one is a key that the store has not heard of yet. */
static err check_key(const struct store *s, uint16_t id, struct note *note)
{
    size_t i = 0;
    if (id == 0 || s->keys_n == 0 || id > s->keys[s->keys_n - 1]) return DONE;
    while (i < s->keys_n && s->keys[i] != id) i++;
    if (i < s->keys_n) return DONE;
    return note_fail(note, FAIL(CONFLICT), "server key %u was retired meanwhile; try again", id);
}

err store_key_check(const struct store *s, struct store_job *j)
{
    for (size_t i = 0; i < j->n; i++) TRY(check_key(s, key_of(&j->changes[i]), &j->note));
    return DONE;
}
