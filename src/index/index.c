/* One writer publishes: the snapshot, then the role sets, then the tokens' slots, then the version;
 * readers go the other way. So whoever sees a slot sees its role set, and whoever sees a version sees
 * everything of it. */
#include "index/index_own.h"

static const struct index_effects no_effects;

err index_new(struct index **out)
{
    struct index *x = calloc(1, sizeof *x);
    if (!x) return FAIL(NO_MEMORY);
    struct snapshot *empty = NULL;
    token_table_init(&x->tokens);
    atomic_store_explicit(&x->next_end_ms, CLOCK_NEVER_MS, memory_order_relaxed);
    const bool ok = live_word_init(&x->live) && scope_table_init(&x->scopes) &&
                    role_sets_init(&x->sets) &&
                    err_is_ok(snapshot_build(NULL, NULL, 0, 1, &empty));
    atomic_store_explicit(&x->snapshot, empty, memory_order_release);
    x->attempts = 1;
    atomic_store_explicit(&x->version, x->attempts, memory_order_release);
    if (!ok) {
        index_free(x);
        return FAIL(NO_MEMORY);
    }
    *out = x;
    return DONE;
}

void index_free(struct index *x)
{
    if (!x) return;
    grace_wait();
    token_table_drop(&x->tokens);
    live_word_drop(&x->live);
    scope_table_drop(&x->scopes);
    role_sets_drop(&x->sets);
    members_drop(&x->members);
    access_drop(&x->access);
    snapshot_free(atomic_load_explicit(&x->snapshot, memory_order_acquire));
    free(x);
}

err index_reserve(struct index *x, size_t tokens)
{
    return token_table_reserve(&x->tokens, tokens);
}

static void count_key(struct index *x, uint16_t from, uint16_t to)
{
    if (from) atomic_fetch_sub_explicit(&x->of_key[from], 1, memory_order_relaxed);
    if (to) atomic_fetch_add_explicit(&x->of_key[to], 1, memory_order_relaxed);
}

/* --- ends of tokens --- */

static void end_live(struct index *x, uint32_t live, const struct index_effects *effects)
{
    if (!live_word_end(&x->live, live)) return;
    if (effects->token_ended) effects->token_ended(effects->owner, live);
}

/* Whoever remembers the scope's tokens has to look again. */
static void touch_scope(struct index *x, uint32_t number, int64_t more)
{
    struct scope *s = scope_table_at(&x->scopes, number);
    if (more) {
        atomic_fetch_add_explicit(&s->tokens, (uint64_t)more, memory_order_relaxed);
    }
    atomic_fetch_add_explicit(&s->changes, 1, memory_order_release);
}

/* First for those who log in, then for those who have. */
static void end_token(struct index *x, struct token_slot *slot, const struct index_effects *effects)
{
    touch_scope(x, slot->scope, 0);
    token_slot_set_live_word(slot, token_slot_live_word(slot) & ~UINT32_C(1));
    end_live(x, slot->live, effects);
}

static bool has_ended(const struct token_slot *slot)
{
    return !live_word_is_active(token_slot_live_word(slot));
}

struct sweep {
    struct index *x;
    int64_t now_ms;
    uint32_t scope;
    const struct index_effects *effects;
};

static int64_t expire_slot(void *owner, struct token_slot *slot)
{
    const struct sweep *w = owner;
    if (has_ended(slot)) return CLOCK_NEVER_MS;
    const int64_t end_ms = index_own_slot_end(w->x, slot);
    if (end_ms > w->now_ms) return end_ms;
    end_token(w->x, slot, w->effects);
    return CLOCK_NEVER_MS;
}

int64_t index_next_expiry(const struct index *x)
{
    return token_table_next_end(&x->tokens);
}

/* For whoever reads index_scope: brought forward before the change that does it is counted, put off after
 * what has ended is. */
static void tell_next_end(struct index *x, int64_t end_ms)
{
    atomic_store_explicit(&x->next_end_ms, end_ms, memory_order_release);
}

static void bring_next_end_forward(struct index *x, int64_t end_ms)
{
    if (end_ms < atomic_load_explicit(&x->next_end_ms, memory_order_relaxed)) tell_next_end(x, end_ms);
}

void index_expire(struct index *x, int64_t now_ms, const struct index_effects *effects)
{
    struct sweep w = {.x = x, .now_ms = now_ms, .effects = effects ? effects : &no_effects};
    token_table_sweep(&x->tokens, now_ms, expire_slot, &w);
    tell_next_end(x, token_table_next_end(&x->tokens));
}

/* A token that the clock ended may live again under another maximum: it gets a new generation, and
 * the next index_expire looks at it again. */
static int64_t reconsider_slot(void *owner, struct token_slot *slot)
{
    const struct sweep *w = owner;
    if (slot->scope == w->scope && has_ended(slot)) {
        token_slot_set_live_word(slot, live_word_renew(&w->x->live, slot->live));
    }
    return has_ended(slot) ? CLOCK_NEVER_MS : index_own_slot_end(w->x, slot);
}

static err apply_maximum(struct index *x, const struct uuid *organization, int64_t maximum_ms)
{
    const uint32_t number = scope_table_number(&x->scopes, organization, false);
    if (number == UINT32_MAX) return FAIL(NO_MEMORY);
    struct scope *scope = scope_table_at(&x->scopes, number);
    if (atomic_load_explicit(&scope->maximum_ms, memory_order_relaxed) == maximum_ms) return DONE;
    atomic_store_explicit(&scope->maximum_ms, maximum_ms, memory_order_relaxed);
    struct sweep w = {.x = x, .scope = number};
    token_table_sweep(&x->tokens, CLOCK_NEVER_MS, reconsider_slot, &w);
    tell_next_end(x, token_table_next_end(&x->tokens));
    touch_scope(x, number, 0);
    return DONE;
}

/* --- applying changes --- */

/* First, and without needing memory: what was revoked is over. */
static void end_removed(struct index *x, const struct change *changes, size_t n,
                        const struct index_effects *effects)
{
    for (size_t i = 0; i < n; i++) {
        const struct record *r = &changes[i].record;
        if (changes[i].verb != CHANGE_REMOVE || r->kind != RECORD_TOKEN) continue;
        const bytes id = bytes_of(r->of.token.client_id, sizeof r->of.token.client_id);
        struct token_slot *slot = token_table_own(&x->tokens, id);
        if (slot) end_token(x, slot, effects);
    }
}

static bool is_for_snapshot(const struct change *c)
{
    return record_is_listed(c->record.kind);
}

static err apply_snapshot(struct index *x, const struct change *changes, size_t n, uint64_t version)
{
    bool any = false;
    for (size_t i = 0; i < n; i++) any = any || is_for_snapshot(&changes[i]);
    if (!any) return DONE;
    struct snapshot *old = atomic_load_explicit(&x->snapshot, memory_order_relaxed);
    struct snapshot *new;
    TRY(snapshot_build(old, changes, n, version, &new));
    atomic_store_explicit(&x->snapshot, new, memory_order_release);
    snapshot_retire(old, new);
    return DONE;
}

static err apply_organization(struct index *x, const struct change *c)
{
    const struct record_organization *o = &c->record.of.organization;
    const struct record_organization *now = snapshot_organization(index_snapshot(x), &o->id);
    return apply_maximum(x, &o->id, now ? now->maximum_lifetime_ms : 0);
}

static void tell_of_database(const struct index *x, const struct change *c,
                             const struct index_effects *effects)
{
    const struct uuid *id = &c->record.of.database.id;
    const struct record_database *d = snapshot_database(index_snapshot(x), id);
    if (d && effects->database_put) effects->database_put(effects->owner, d);
    if (!d && effects->database_removed) effects->database_removed(effects->owner, id);
}

static err slot_from(struct index *x, const struct record_token *r, uint64_t version,
                     struct token_slot *out)
{
    struct token_slot s = {.key_id = r->key_id};
    token_slot_set_expires_ms(&s, r->expires_ms);
    memcpy(s.verifier, r->verifier, sizeof s.verifier);
    const int64_t created_s = r->created_ns / 1000000000;
    s.created_s = created_s < 0 ? 0 : created_s > UINT32_MAX ? UINT32_MAX : (uint32_t)created_s;
    s.scope = scope_table_number(&x->scopes, &r->scope, r->enterprise);
    if (s.scope == UINT32_MAX) return FAIL(NO_MEMORY);
    TRY(role_sets_intern(&x->sets, index_snapshot(x), &r->scope, r->enterprise, r->roles,
                         r->roles_n, version, &s.role_set));
    memcpy(out, &s, sizeof s);
    return DONE;
}

static err put_with_new_word(struct index *x, bytes id, struct token_slot *s)
{
    s->live = live_word_take(&x->live);
    if (s->live == UINT32_MAX) return FAIL(NO_MEMORY);
    s->live_word = live_word_read(&x->live, s->live);
    const int64_t end_ms = index_own_slot_end(x, s);
    bring_next_end_forward(x, end_ms);
    const err e = token_table_put(&x->tokens, id, s, end_ms);
    if (!err_is_ok(e)) {
        (void)live_word_end(&x->live, s->live);
        live_word_give(&x->live, s->live);
        return e;
    }
    return DONE;
}

static err put_new_token(struct index *x, bytes id, struct token_slot *s)
{
    TRY(put_with_new_word(x, id, s));
    role_sets_count(&x->sets, s->role_set, 1);
    touch_scope(x, s->scope, 1);
    count_key(x, 0, s->key_id);
    metric_add(METRIC_TOKENS, 1);
    return DONE;
}

/* Other roles make it another token: the new slot has its own live word before the old one ends. */
static err replace_token(struct index *x, bytes id, const struct token_slot *old,
                         struct token_slot *s, const struct index_effects *effects)
{
    const uint32_t old_set = old->role_set;
    const uint32_t old_live = old->live;
    const uint32_t old_scope = old->scope;
    const uint16_t old_key = old->key_id;
    TRY(put_with_new_word(x, id, s));
    touch_scope(x, old_scope, -1);
    touch_scope(x, s->scope, 1);
    end_live(x, old_live, effects);
    live_word_give(&x->live, old_live);
    role_sets_count(&x->sets, old_set, -1);
    role_sets_count(&x->sets, s->role_set, 1);
    count_key(x, old_key, s->key_id);
    return DONE;
}

/* The live word stays; if the clock had ended it, it begins again. */
static err edit_token(struct index *x, bytes id, const struct token_slot *old, struct token_slot *s)
{
    const uint16_t old_key = old->key_id;
    s->live = old->live;
    s->live_word = live_word_read(&x->live, s->live);
    if (!live_word_is_active(s->live_word)) s->live_word = live_word_renew(&x->live, s->live);
    const int64_t end_ms = index_own_slot_end(x, s);
    bring_next_end_forward(x, end_ms);
    touch_scope(x, s->scope, 0);
    TRY(token_table_put(&x->tokens, id, s, end_ms));
    count_key(x, old_key, s->key_id);
    return DONE;
}

static err put_token(struct index *x, const struct record_token *r, uint64_t version,
                     const struct index_effects *effects)
{
    const bytes id = bytes_of(r->client_id, sizeof r->client_id);
    if (!token_is_client_id(id)) return FAIL(BAD_INPUT);
    struct token_slot s;
    TRY(slot_from(x, r, version, &s));
    const struct token_slot *old = token_table_find(&x->tokens, id);
    if (!old) return put_new_token(x, id, &s);
    if (old->role_set != s.role_set || old->scope != s.scope) {
        return replace_token(x, id, old, &s, effects);
    }
    return edit_token(x, id, old, &s);
}

static void remove_token(struct index *x, const struct record_token *r,
                         const struct index_effects *effects)
{
    const bytes id = bytes_of(r->client_id, sizeof r->client_id);
    struct token_slot *slot = token_table_own(&x->tokens, id);
    if (!slot) return;
    const uint32_t live = slot->live;
    end_token(x, slot, effects);
    role_sets_count(&x->sets, slot->role_set, -1);
    touch_scope(x, slot->scope, -1);
    count_key(x, slot->key_id, 0);
    (void)token_table_remove(&x->tokens, id);
    metric_add(METRIC_TOKENS, -1);
    live_word_give(&x->live, live);
}

static err apply_one(struct index *x, const struct change *c, uint64_t version,
                     const struct index_effects *effects)
{
    switch (c->record.kind) {
    case RECORD_ORGANIZATION:
        return apply_organization(x, c);
    case RECORD_DATABASE:
        tell_of_database(x, c, effects);
        return DONE;
    case RECORD_ROLE:
        return role_sets_refresh(&x->sets, index_snapshot(x), &c->record.of.role.id, version,
                                 effects->owner, effects->role_set_changed);
    case RECORD_TOKEN:
        if (c->verb == CHANGE_PUT) return put_token(x, &c->record.of.token, version, effects);
        remove_token(x, &c->record.of.token, effects);
        return DONE;
    case RECORD_ENTERPRISE:
    case RECORD_TOMBSTONE:
    case RECORD_PERSON:
    case RECORD_MEMBERSHIP:
    case RECORD_SESSION:
    case RECORD_ACCESS_LIST:
    case RECORD_REPLAY:
    case RECORD_AUDIT_EXPORT:
    case RECORD_FORMER_DATABASE:
        return DONE;
    }
    return FAIL(BUG);
}

/* Once for all changes: the table is made whole from the snapshot. */
static err apply_members(struct index *x, const struct change *changes, size_t n, uint64_t version)
{
    bool any = false;
    for (size_t i = 0; i < n; i++) any = any || changes[i].record.kind == RECORD_MEMBERSHIP;
    if (!any) return DONE;
    return members_follow(&x->members, index_snapshot(x), &x->sets, &x->live, version);
}

/* The lists are in force before anybody is told that one of them changed. */
static err apply_access(struct index *x, const struct change *changes, size_t n,
                        const struct index_effects *effects)
{
    bool any = false;
    for (size_t i = 0; i < n; i++) any = any || changes[i].record.kind == RECORD_ACCESS_LIST;
    if (!any) return DONE;
    TRY(access_follow(&x->access, index_snapshot(x)));
    for (size_t i = 0; effects->access_changed && i < n; i++) {
        if (changes[i].record.kind != RECORD_ACCESS_LIST) continue;
        effects->access_changed(effects->owner, &changes[i].record.of.access_list.id);
    }
    return DONE;
}

err index_apply(struct index *x, const struct change *changes, size_t n,
                const struct index_effects *effects)
{
    if (!effects) effects = &no_effects;
    const uint64_t version = ++x->attempts;
    end_removed(x, changes, n, effects);
    TRY(apply_snapshot(x, changes, n, version));
    for (size_t i = 0; i < n; i++) TRY(apply_one(x, &changes[i], version, effects));
    TRY(apply_members(x, changes, n, version));
    TRY(apply_access(x, changes, n, effects));
    metric_add(METRIC_INDEX_VERSION,
               (int64_t)(version - atomic_load_explicit(&x->version, memory_order_relaxed)));
    atomic_store_explicit(&x->version, version, memory_order_release);
    return DONE;
}
