/* Roles: what a policy must be, the built-in ones, deep copies. */
#include "unit.h"

#include "model/role.h"

static const struct uuid org = {{1}};

static struct resource organization_line(void)
{
    return resource_organization(&org);
}

static struct role plain(void)
{
    static const enum action actions[] = {ACTION_DB_CQL};
    static struct resource line;
    line = resource_any_database(&org);
    return (struct role){.id = {{7}},
                         .scope = org,
                         .name = BYTES("plain"),
                         .policy = {.effect = EFFECT_ALLOW,
                                    .description = BYTES("d"),
                                    .actions = actions,
                                    .actions_n = 1,
                                    .resources = &line,
                                    .resources_n = 1}};
}

static void a_bad_policy_is_refused_with_words(void **state)
{
    (void)state;
    struct note note;
    struct role r = plain();
    assert_ok(role_check(&r, &note));
    r.name = (bytes){0};
    assert_err(role_check(&r, &note), BAD_INPUT);
    static char long_name[ROLE_NAME_MAX + 2];
    memset(long_name, 'n', sizeof long_name);
    r.name = bytes_of(long_name, ROLE_NAME_MAX + 1);
    assert_err(role_check(&r, &note), BAD_INPUT);
    r.name = bytes_of(long_name, ROLE_NAME_MAX);
    assert_ok(role_check(&r, &note));
    r.name = BYTES("tab\tname");
    assert_err(role_check(&r, &note), BAD_INPUT);
    r = plain();
    r.policy.actions_n = ROLE_ACTIONS_MAX + 1;
    assert_err(role_check(&r, &note), BAD_INPUT);
}

static void enterprise_actions_stay_in_enterprise_roles(void **state)
{
    (void)state;
    static const enum action enterprise[] = {ACTION_ENTERPRISE_READ};
    struct note note;
    struct role r = plain();
    r.policy.actions = enterprise;
    assert_err(role_check(&r, &note), BAD_INPUT);
    assert_non_null(strstr(note.text, "enterprise-read"));
    r = plain();
    r.enterprise = true;
    assert_err(role_check(&r, &note), BAD_INPUT);
    const struct resource line = resource_enterprise(&org);
    r.policy.actions = enterprise;
    r.policy.resources = &line;
    assert_ok(role_check(&r, &note));
}

static void a_deny_without_effect_is_refused(void **state)
{
    (void)state;
    struct note note;
    struct role r = plain();
    const struct resource line = organization_line();
    r.policy.resources = &line;
    assert_ok(role_check(&r, &note)); /* an allow without effect is fine */
    r.policy.effect = EFFECT_DENY;
    assert_err(role_check(&r, &note), BAD_INPUT);
    assert_non_null(strstr(note.text, "db-cql"));
    r = plain();
    r.policy.effect = EFFECT_DENY;
    assert_ok(role_check(&r, &note));
}

static void the_built_in_roles_are_seventeen(void **state)
{
    (void)state;
    static const size_t actions[] = {54, 38, 39, 11, 10, 38, 9, 8, 35, 10, 9, 35, 8, 7, 4, 3, 10};
    const struct role *all;
    assert_int_equal(builtin_roles(&all), 17);
    for (size_t i = 0; i < 17; i++) {
        assert_int_equal(__builtin_popcountll(role_actions(&all[i].policy)), actions[i]);
        assert_true(all[i].builtin && all[i].policy.effect == EFFECT_ALLOW);
        assert_ptr_equal(builtin_role(&all[i].id), &all[i]);
        assert_true(builtin_name_is_taken(all[i].name));
    }
    assert_bytes(all[0].name, "Organization Administrator");
    assert_true(uuid_eq(&all[0].id, &builtin_organization_administrator));
    assert_true(uuid_eq(&all[16].id, &builtin_enterprise_administrator));
    assert_true(builtin_name_is_taken(BYTES("ro USER")));
    assert_false(builtin_name_is_taken(BYTES("ro")));
    const struct uuid none = {{0}};
    assert_null(builtin_role(&none));
}

static void the_placeholder_becomes_the_holders_scope(void **state)
{
    (void)state;
    struct resource line;
    assert_ok(resource_read(BYTES("drn:astra:org:__ORG_ID__:db:*"), &line));
    const struct resource r = role_resource(&line, &org);
    assert_false(r.own_scope);
    assert_true(uuid_eq(&r.scope, &org) && r.id_any);
    const struct uuid other = {{2}};
    const struct resource foreign = resource_organization(&other);
    const struct resource kept = role_resource(&foreign, &org);
    assert_true(uuid_eq(&kept.scope, &other));
}

static void a_copy_owns_all_of_itself(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 16);
    char name[] = "copied";
    struct role from = plain();
    struct role to;
    from.name = bytes_of_text(name);
    assert_true(role_copy(&a, &from, &to));
    name[0] = 'X';
    assert_bytes(to.name, "copied");
    assert_ptr_not_equal(to.policy.actions, from.policy.actions);
    assert_ptr_not_equal(to.policy.resources, from.policy.resources);
    struct arena small;
    arena_init(&small, 16);
    assert_false(role_copy(&small, &from, &to));
    arena_drop(&a);
    arena_drop(&small);
}

static void more_actions_or_lines_widen_an_allow_and_fewer_a_deny(void **state)
{
    static const enum action two[] = {ACTION_DB_CQL, ACTION_ORG_READ};
    struct resource lines[2] = {resource_any_database(&org), organization_line()};
    struct role less = plain();
    struct role more = plain();
    (void)state;
    more.policy.actions = two;
    more.policy.actions_n = 2;
    assert_true(role_widens(&less, &more));
    assert_false(role_widens(&more, &less));
    assert_false(role_widens(&less, &less));
    more = less;
    more.policy.resources = lines;
    more.policy.resources_n = 2;
    assert_true(role_widens(&less, &more));
    assert_false(role_widens(&less, NULL));
    less.policy.effect = more.policy.effect = EFFECT_DENY;
    assert_true(role_widens(&more, &less));
    assert_false(role_widens(&less, &more));
    assert_true(role_widens(&less, NULL));
    more.policy.effect = EFFECT_ALLOW;
    assert_true(role_widens(&less, &more));
    assert_false(role_widens(&more, &less));
}

UNIT_MAIN(cmocka_unit_test(a_bad_policy_is_refused_with_words),
          cmocka_unit_test(enterprise_actions_stay_in_enterprise_roles),
          cmocka_unit_test(a_deny_without_effect_is_refused),
          cmocka_unit_test(the_built_in_roles_are_seventeen),
          cmocka_unit_test(the_placeholder_becomes_the_holders_scope),
          cmocka_unit_test(a_copy_owns_all_of_itself),
          cmocka_unit_test(more_actions_or_lines_widen_an_allow_and_fewer_a_deny))
