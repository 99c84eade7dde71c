/* The ceiling: against the reference on random roles, and as a property of whole chains: whatever the
 * holders of tokens that descend from one token create, change and hand out, none of them ever may
 * what the first neither held nor was delegated. */
#include "unit.h"

#include "random_roles.h"
#include "volume.h"

#include "policy/policy.h"

enum { ROLES = RANDOM_ROLES, ROLES_ROOM = ROLES + 24, HELD_MAX = 4, TOKENS_MAX = 10 };

/* The roles that there are, on both sides. */
struct realm {
    struct reference_role reference[ROLES_ROOM];
    size_t n;
    struct snapshot *snapshot;
    struct arena arena;
    uint64_t version;
};

struct holder {
    uint8_t roles[HELD_MAX];
    size_t n;
};

static void publish(struct realm *r)
{
    struct change changes[ROLES_ROOM];
    size_t n = 0;
    arena_reset(&r->arena);
    snapshot_free(r->snapshot);
    r->version++;
    for (uint8_t i = 0; i < r->n; i++) {
        if (!r->reference[i].there) continue;
        struct record record = {.kind = RECORD_ROLE, .version = r->version};
        record.of.role = random_product(&r->arena, &r->reference[i], world_id(0x01, i));
        changes[n++] = world_put(record);
    }
    assert_ok(snapshot_build(NULL, changes, n, r->version, &r->snapshot));
}

static void deal(struct realm *r)
{
    r->n = ROLES;
    for (size_t i = 0; i < ROLES; i++) random_reference(&r->reference[i], RANDOM_ORG);
    publish(r);
}

static void deal_holder(struct holder *h, size_t roles_n)
{
    h->n = 1 + world_below(HELD_MAX);
    for (size_t i = 0; i < h->n; i++) h->roles[i] = (uint8_t)world_below((uint32_t)roles_n);
}

/* A holder as the product and as the reference see it; zeroed before its first use. */
struct views {
    struct uuid ids[HELD_MAX];
    const struct reference_role *roles[HELD_MAX];
    char texts[ROLES_ROOM][UUID_TEXT + 1];
    struct reference_named all[ROLES_ROOM];
    struct role_set *set;
    struct policy_subject product;
    struct reference_caller reference;
};

static void view(struct views *v, const struct realm *r, const struct holder *h)
{
    for (size_t i = 0; i < h->n; i++) {
        v->ids[i] = world_id(0x01, h->roles[i]);
        v->roles[i] = &r->reference[h->roles[i]];
    }
    for (uint8_t i = 0; i < r->n; i++) {
        const struct uuid id = world_id(0x01, i);
        uuid_text(&id, v->texts[i]);
        v->all[i] = (struct reference_named){v->texts[i], &r->reference[i]};
    }
    const struct uuid org = WORLD_ORG;
    role_set_free(v->set);
    assert_ok(role_set_compile(r->snapshot, &org, false, v->ids, h->n, 0, 1, &v->set));
    v->product = (struct policy_subject){.snapshot = r->snapshot, .scope = org, .roles = v->ids,
                                         .roles_n = h->n, .set = v->set};
    v->reference = (struct reference_caller){v->roles, h->n, RANDOM_ORG, v->all, r->n};
}

/* A role like another, with a line or an action more or less: what an edit looks like. */
static struct reference_role edited(const struct reference_role *from)
{
    struct reference_role r = *from;
    r.there = true;
    if (r.actions_n > 1 && world_below(3) == 0) r.actions_n--;
    if (r.lines_n && world_below(3) == 0) r.lines_n--;
    if (r.actions_n < 8 && world_below(3) == 0) r.actions[r.actions_n++] = action_name(random_action());
    if (r.lines_n < REFERENCE_LINES && world_below(2)) {
        random_resource(r.lines[r.lines_n++], random_orgs[world_below(5)],
                        random_level(r.actions[0]), 2);
    }
    if (world_below(6) == 0) r.deny = !r.deny;
    return r;
}

/* --- against the reference --- */

static unsigned long may_counts[2];

static void compare_hand_out(const struct realm *r, const struct views *v)
{
    const uint8_t i = (uint8_t)world_below((uint32_t)r->n);
    const struct uuid id = world_id(0x01, i);
    const struct role *role = snapshot_role_of(r->snapshot, &v->product.scope, false, &id);
    if (!role) return;
    struct policy_lack lack;
    const bool got = policy_may_hand_out(&v->product, role, ACTION_ORG_TOKEN_WRITE, &lack);
    const bool want = reference_may_hand_out(&v->reference, &v->all[i], "org-token-write");
    may_counts[got]++;
    if (got != want) fail_msg("handing out role %u: %d, reference %d", i, got, want);
}

static void compare_change(const struct realm *r, const struct views *v, struct arena *a)
{
    struct reference_role after_text;
    const uint32_t i = world_below((uint32_t)r->n);
    const struct reference_role *before_text = world_below(4) ? &r->reference[i] : NULL;
    if (before_text && strcmp(before_text->scope, RANDOM_ORG) != 0) return;
    if (before_text) {
        after_text = edited(before_text);
    } else {
        random_reference(&after_text, RANDOM_ORG);
    }
    const bool removed = before_text && world_below(4) == 0;
    arena_reset(a);
    (void)snprintf(after_text.scope, sizeof after_text.scope, "%s", RANDOM_ORG);
    const struct role after = random_product(a, &after_text, world_id(0x01, 99));
    struct role before = {0};
    if (before_text) before = random_product(a, before_text, world_id(0x01, 99));
    struct policy_lack lack;
    const bool got = policy_may_change(&v->product, before_text ? &before : NULL,
                                       removed ? NULL : &after, &lack);
    const bool want =
        reference_may_change(&v->reference, before_text, removed ? NULL : &after_text);
    may_counts[got]++;
    if (got != want) fail_msg("changing role %u: %d, reference %d", i, got, want);
}

static void the_ceiling_agrees_with_the_reference(void **state)
{
    (void)state;
    static struct realm r;
    struct arena a;
    arena_init(&r.arena, 1 << 22);
    arena_init(&a, 1 << 20);
    const unsigned long all = volume(100000, 1000000, 10000000);
    for (unsigned long asked = 0; asked < all;) {
        deal(&r);
        for (int holders = 0; holders < 20; holders++) {
            struct holder h;
            static struct views v;
            deal_holder(&h, r.n);
            view(&v, &r, &h);
            for (int i = 0; i < 25; i++, asked += 2) {
                compare_hand_out(&r, &v);
                compare_change(&r, &v, &a);
            }
        }
    }
    assert_true(may_counts[0] > all / 50 && may_counts[1] > all / 50);
    snapshot_free(r.snapshot);
    arena_drop(&r.arena);
    arena_drop(&a);
}

/* --- chains --- */

enum { DBS = 4, NAMES = 6, TABLES = DBS * NAMES * NAMES, KEYSPACES = DBS * NAMES };
enum { PLACES = TABLES + KEYSPACES + DBS + 1 };

/* Every concrete resource of the vocabulary, and names that nobody wrote: the last of each. */
static struct resource place(size_t i)
{
    static const struct uuid org = {{0x0a, 1, 0, 0, 0, 0, 0x40, 0, 0x80, 0, 0, 0, 0, 0, 0x0a, 1}};
    const size_t in = i < TABLES ? i : i < TABLES + KEYSPACES ? i - TABLES : 0;
    const size_t d = i >= TABLES + KEYSPACES ? i - TABLES - KEYSPACES : in / (i < TABLES ? 36 : 6);
    const size_t k = i < TABLES ? in / 6 % 6 : in % 6;
    const size_t t = in % 6;
    const struct uuid db = world_id(0x0d, (uint8_t)(d + 1));
    const bytes keyspace = bytes_of_text(k < NAMES - 1 ? random_names[k] : "fresh");
    const bytes table = bytes_of_text(t < NAMES - 1 ? random_names[t] : "fresh");
    if (i < TABLES) return resource_table(&org, &db, keyspace, table);
    if (i < TABLES + KEYSPACES) return resource_keyspace(&org, &db, keyspace);
    return i < PLACES - 1 ? resource_database(&org, &db) : resource_organization(&org);
}

struct power {
    action_set at[PLACES];
};

static action_set exempt(void)
{
    action_set set = 0;
    for (unsigned a = 0; a < ACTIONS; a++) {
        if (policy_is_exempt((enum action)a)) set |= action_bit((enum action)a);
    }
    return set;
}

static void add_power(struct power *p, const struct realm *r, const struct uuid *ids, size_t n)
{
    const struct uuid org = WORLD_ORG;
    const action_set bound = ~exempt();
    struct role_set *set;
    assert_ok(role_set_compile(r->snapshot, &org, false, ids, n, 0, 1, &set));
    for (size_t i = 0; i < PLACES; i++) {
        const struct resource on = place(i);
        p->at[i] |= role_set_allowed(set, &on) & bound;
    }
    role_set_free(set);
}

/* What the first may do, and what the roles that were delegated to it grant. */
static void find_bound(struct power *p, const struct realm *r, const struct holder *first)
{
    static struct views v;
    memset(p, 0, sizeof *p);
    view(&v, r, first);
    add_power(p, r, v.ids, first->n);
    for (uint8_t i = 0; i < r->n; i++) {
        const struct uuid id = world_id(0x01, i);
        const struct reference_role *role = &r->reference[i];
        if (!role->there || role->deny || strcmp(role->scope, RANDOM_ORG) != 0) continue;
        /* Handed out without its pairs being held: delegated. Held pairs are in the bound already. */
        if (reference_may_hand_out(&v.reference, &v.all[i], "org-token-write")) {
            add_power(p, r, &id, 1);
        }
    }
}

struct chain {
    struct realm realm;
    struct holder tokens[TOKENS_MAX];
    size_t tokens_n;
    struct power bound;
    unsigned long done[4];
};

static bool is_in_use(const struct chain *c, uint8_t role)
{
    for (size_t i = 0; i < c->tokens_n; i++) {
        for (size_t k = 0; k < c->tokens[i].n; k++) {
            if (c->tokens[i].roles[k] == role) return true;
        }
    }
    return false;
}

static bool may_change(const struct views *v, const struct realm *r, uint8_t i,
                       const struct reference_role *after_text)
{
    struct arena a;
    struct policy_lack lack;
    const struct uuid id = world_id(0x01, i);
    const struct role *before =
        i < r->n ? snapshot_role_of(r->snapshot, &v->product.scope, false, &id) : NULL;
    if (i < r->n && !before) return false;
    arena_init(&a, 1 << 16);
    struct role after = {0};
    if (after_text) after = random_product(&a, after_text, id);
    const bool may = policy_may_change(&v->product, before, after_text ? &after : NULL, &lack);
    arena_drop(&a);
    return may;
}

static void step_write(struct chain *c, const struct views *v)
{
    const uint8_t i = (uint8_t)(world_below(3) ? world_below((uint32_t)c->realm.n) : c->realm.n);
    struct reference_role after;
    if (i == ROLES_ROOM) return;
    if (i < c->realm.n) {
        after = edited(&c->realm.reference[i]);
        if (strcmp(after.scope, RANDOM_ORG) != 0) return;
    } else {
        /* Half the time made of what is there, so that something succeeds. */
        random_reference(&after, RANDOM_ORG);
        if (world_below(2)) after = edited(&c->realm.reference[world_below((uint32_t)c->realm.n)]);
        after.there = true;
        (void)snprintf(after.scope, sizeof after.scope, "%s", RANDOM_ORG);
    }
    if (!may_change(v, &c->realm, i, &after)) return;
    c->realm.reference[i] = after;
    if (i == c->realm.n) c->realm.n++;
    publish(&c->realm);
    c->done[0]++;
}

static void step_remove(struct chain *c, const struct views *v)
{
    const uint8_t i = (uint8_t)world_below((uint32_t)c->realm.n);
    const struct reference_role *r = &c->realm.reference[i];
    if (!r->there || (r->deny && is_in_use(c, i)) || !may_change(v, &c->realm, i, NULL)) return;
    c->realm.reference[i].there = false;
    publish(&c->realm);
    c->done[1]++;
}

static void step_mint(struct chain *c, const struct views *v)
{
    struct holder h;
    struct policy_lack lack;
    if (c->tokens_n == TOKENS_MAX) return;
    deal_holder(&h, c->realm.n);
    for (size_t i = 0; i < h.n; i++) {
        const struct uuid id = world_id(0x01, h.roles[i]);
        const struct role *r = snapshot_role_of(c->realm.snapshot, &v->product.scope, false, &id);
        if (!r || !policy_may_hand_out(&v->product, r, ACTION_ORG_TOKEN_WRITE, &lack)) return;
    }
    c->tokens[c->tokens_n++] = h;
    c->done[2]++;
}

static void check_bound(const struct chain *c)
{
    for (size_t t = 0; t < c->tokens_n; t++) {
        static struct views v;
        static struct power p;
        memset(&p, 0, sizeof p);
        view(&v, &c->realm, &c->tokens[t]);
        add_power(&p, &c->realm, v.ids, c->tokens[t].n);
        for (size_t i = 0; i < PLACES; i++) {
            const action_set more = p.at[i] & ~c->bound.at[i];
            if (!more) continue;
            fail_msg("token %zu obtained %s at place %zu", t,
                     action_name((enum action)__builtin_ctzll(more)), i);
        }
    }
}

static void no_chain_leads_above_where_it_began(void **state)
{
    (void)state;
    static struct chain c;
    arena_init(&c.realm.arena, 1 << 22);
    const int chains = (int)volume(80, 800, 8000);
    for (int i = 0; i < chains; i++) {
        deal(&c.realm);
        deal_holder(&c.tokens[0], c.realm.n);
        c.tokens_n = 1;
        find_bound(&c.bound, &c.realm, &c.tokens[0]);
        for (int step = 0; step < 60; step++) {
            static struct views v;
            const unsigned long before = c.done[0] + c.done[1] + c.done[2];
            view(&v, &c.realm, &c.tokens[world_below((uint32_t)c.tokens_n)]);
            const uint32_t what = world_below(8);
            if (what < 5) step_write(&c, &v);
            if (what == 5) step_remove(&c, &v);
            if (what > 5) step_mint(&c, &v);
            if (c.done[0] + c.done[1] + c.done[2] != before) check_bound(&c);
        }
    }
    for (int i = 0; i < 3; i++) assert_true(c.done[i] > (unsigned long)chains);
    snapshot_free(c.realm.snapshot);
    arena_drop(&c.realm.arena);
}

UNIT_MAIN(cmocka_unit_test(the_ceiling_agrees_with_the_reference),
          cmocka_unit_test(no_chain_leads_above_where_it_began))
