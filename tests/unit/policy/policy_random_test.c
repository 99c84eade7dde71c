/* The evaluator against the reference: random roles, random questions, the same verdict by the same
 * rule from the compiled set, from the explanation and from the reference. */
#include "unit.h"

#include "random_roles.h"
#include "volume.h"

#include "policy/policy.h"

enum { ROLES = RANDOM_ROLES, HELD_MAX = 5, QUESTIONS = 250 };

struct round {
    struct reference_role reference[ROLES];
    struct uuid ids[ROLES];
    struct snapshot *snapshot;
    struct arena arena;
};

static void deal(struct round *r, uint64_t version)
{
    struct change changes[ROLES];
    size_t n = 0;
    arena_reset(&r->arena);
    for (uint8_t i = 0; i < ROLES; i++) {
        random_reference(&r->reference[i], RANDOM_ORG);
        r->ids[i] = world_id(0x01, i);
        if (!r->reference[i].there) continue;
        struct record record = {.kind = RECORD_ROLE, .version = version};
        record.of.role = random_product(&r->arena, &r->reference[i], r->ids[i]);
        changes[n++] = world_put(record);
    }
    assert_ok(snapshot_build(NULL, changes, n, version, &r->snapshot));
}

struct hand {
    const struct reference_role *reference[HELD_MAX];
    struct uuid ids[HELD_MAX];
    size_t n;
    struct role_set *set;
    struct policy_subject subject;
};

static void take(struct hand *h, const struct round *r)
{
    const struct uuid org = WORLD_ORG;
    bool used[ROLES] = {false};
    h->n = 0;
    for (uint32_t wanted = 1 + world_below(HELD_MAX); wanted; wanted--) {
        const uint32_t i = world_below(ROLES);
        if (used[i]) continue;
        used[i] = true;
        h->reference[h->n] = &r->reference[i];
        h->ids[h->n++] = r->ids[i];
    }
    assert_ok(role_set_compile(r->snapshot, &org, false, h->ids, h->n, 0, 1, &h->set));
    h->subject = (struct policy_subject){.snapshot = r->snapshot, .scope = org, .roles = h->ids,
                                         .roles_n = h->n, .set = h->set};
}

static void fail_with(const struct hand *h, const char *action, const char *text)
{
    for (size_t i = 0; i < h->n; i++) {
        const struct reference_role *r = h->reference[i];
        print_message("role %zu: there %d, deny %d, scope %s\n", i, r->there, r->deny, r->scope);
        for (size_t k = 0; k < r->actions_n; k++) print_message("  %s\n", r->actions[k]);
        for (size_t k = 0; k < r->lines_n; k++) print_message("  %s\n", r->lines[k]);
    }
    fail_msg("%s on %s", action, text);
}

static bool same_rule(const struct hand *h, const struct reference_verdict *want,
                      const struct verdict *got)
{
    if (want->role < 0) return got->role == NULL && got->line == NULL;
    return got->role && uuid_eq(&got->role->id, &h->ids[want->role]) &&
           got->line == &got->role->policy.resources[want->line];
}

static void ask_one(const struct hand *h, unsigned wild)
{
    char text[REFERENCE_TEXT];
    const struct reference_role *one = h->reference[world_below((uint32_t)h->n)];
    struct ask ask = {.action = random_action()};
    if (world_below(4)) {
        assert_true(action_find(bytes_of_text(one->actions[world_below((uint32_t)one->actions_n)]),
                                &ask.action));
    }
    random_resource(text, world_below(16) ? RANDOM_ORG : RANDOM_OTHER_ORG,
                    random_level(action_name(ask.action)), wild);
    assert_ok(resource_read(bytes_of_text(text), &ask.on));
    const char *action = action_name(ask.action);
    const struct reference_verdict want =
        reference_decide(h->reference, h->n, RANDOM_ORG, action, text);
    const struct verdict got = policy_explain(&h->subject, &ask);
    if (policy_decide(h->set, &ask) != want.allowed || got.allowed != want.allowed ||
        !same_rule(h, &want, &got)) {
        fail_with(h, action, text);
    }
    const bool holds = reference_holds(h->reference, h->n, RANDOM_ORG, action, text);
    if (policy_holds(&h->subject, ask.action, &ask.on) != holds) fail_with(h, action, text);
}

/* Some table of the keyspace: those of the vocabulary, and one that nobody named. */
static bool some_table(const struct hand *h, const char *db, const char *keyspace, const char *action)
{
    for (unsigned t = 0; t < RANDOM_NAMES; t++) {
        char text[REFERENCE_TEXT];
        (void)snprintf(text, sizeof text, "drn:astra:org:%s:db:%s:keyspace:%s:table:%s", RANDOM_ORG,
                       db, keyspace, t == RANDOM_NAMES - 1 ? "fresh" : random_names[t]);
        if (reference_decide(h->reference, h->n, RANDOM_ORG, action, text).allowed) return true;
    }
    return false;
}

static void ask_presence(const struct hand *h)
{
    const uint32_t db = world_below(RANDOM_DBS - 1);
    const char *keyspace = world_below(4) ? random_names[world_below(RANDOM_NAMES - 1)] : "fresh";
    struct uuid id;
    assert_true(uuid_read(bytes_of_text(random_dbs[db]), &id));
    const action_set got = role_set_in_keyspace(h->set, &id, bytes_of_text(keyspace));
    for (unsigned a = ACTION_DB_TABLE_ALTER; a <= ACTION_DB_TABLE_SELECT; a++) {
        const bool want = some_table(h, random_dbs[db], keyspace, action_name((enum action)a));
        if (want != ((got & action_bit((enum action)a)) != 0)) {
            fail_with(h, action_name((enum action)a), keyspace);
        }
    }
}

static bool some_database(const struct hand *h, const char *action)
{
    static const char *const dbs[] = {"0d010000-0000-4000-8000-000000000d01",
                                      "0d020000-0000-4000-8000-000000000d02",
                                      "0d030000-0000-4000-8000-000000000d03",
                                      "0d040000-0000-4000-8000-000000000d04"};
    for (size_t i = 0; i < 4; i++) {
        char text[REFERENCE_TEXT];
        (void)snprintf(text, sizeof text, "drn:astra:org:%s:db:%s", RANDOM_ORG, dbs[i]);
        if (reference_decide(h->reference, h->n, RANDOM_ORG, action, text).allowed) return true;
    }
    return false;
}

static void ask_anywhere(const struct hand *h)
{
    const enum action actions[] = {ACTION_DB_CQL, ACTION_ORG_DB_CREATE, ACTION_ORG_DB_VIEW};
    for (size_t i = 0; i < 3; i++) {
        const bool want = some_database(h, action_name(actions[i]));
        if (role_set_allows_anywhere(h->set, actions[i]) != want) {
            fail_with(h, action_name(actions[i]), "any database");
        }
    }
}

static void verdicts_agree_with_the_reference(void **state)
{
    (void)state;
    const unsigned long all = volume(100000, 1000000, 10000000);
    static struct round r;
    arena_init(&r.arena, 1 << 22);
    unsigned long asked = 0;
    for (uint64_t version = 1; asked < all; version++) {
        deal(&r, version);
        for (int hands = 0; hands < 4; hands++) {
            struct hand h;
            take(&h, &r);
            for (int i = 0; i < QUESTIONS; i++) ask_one(&h, i % 4 == 0 ? 2 : 0);
            ask_presence(&h);
            ask_anywhere(&h);
            asked += QUESTIONS;
            role_set_free(h.set);
        }
        snapshot_free(r.snapshot);
    }
    arena_drop(&r.arena);
}

static void the_reference_knows_every_action(void **state)
{
    (void)state;
    static const char *const names[] = {"enterprise", "org", "db", "keyspace", "table"};
    for (unsigned a = 0; a < ACTIONS; a++) {
        const char *want = names[action_level((enum action)a)];
        assert_string_equal(reference_level(action_name((enum action)a)), want);
    }
}

UNIT_MAIN(cmocka_unit_test(the_reference_knows_every_action),
          cmocka_unit_test(verdicts_agree_with_the_reference))
