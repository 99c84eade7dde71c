/* The 17 built-in roles: fixed ids, the same in every organization, unpacked once. */
#include "model/role.h"

#include "base/check.h"

#include <stdatomic.h>

enum { BUILTINS = 17, LINES_MAX = 8, ACTIONS_MAX = 64 };

struct source {
    const char *id;
    const char *name;
    enum level level;
    enum action actions[ACTIONS_MAX + 1];
    const char *resources[LINES_MAX + 1];
};

/* Lists end in a value that no list contains. */
#define A(name) ACTION_##name,
#define R(line) line,
#define BUILTIN_ROLE(id, name, display, level, actions, resources)                                 \
    {id, name, LEVEL_##level, {actions ACTIONS}, {resources NULL}},
static const struct source sources[] = {
#include "model/builtin_role.def"
};
#undef A
#undef R
#undef BUILTIN_ROLE

_Static_assert(sizeof sources / sizeof *sources == BUILTINS, "seventeen built-in roles");

const struct uuid builtin_organization_administrator = {
    {0xad, 0x05, 0x66, 0xb5, 0x2a, 0x67, 0x49, 0xde, 0x89, 0xe8, 0x92, 0x25, 0x8c, 0x2f, 0x2c, 0x98}};
const struct uuid builtin_database_administrator = {
    {0x1f, 0xaa, 0x93, 0xf2, 0xb8, 0x89, 0x41, 0x90, 0x95, 0x85, 0x4b, 0xc6, 0xe3, 0xc3, 0x59, 0x5a}};
const struct uuid builtin_enterprise_administrator = {
    {0x01, 0x4b, 0xa2, 0xcc, 0x2e, 0xd1, 0x44, 0xb8, 0x81, 0x62, 0xdb, 0xa2, 0x7c, 0xa7, 0xce, 0x57}};

static struct role roles[BUILTINS];
static struct resource lines[BUILTINS][LINES_MAX];
static atomic_int state; /* 0 untouched, 1 being unpacked, 2 ready */

static void unpack(const struct source *from, struct role *to, struct resource *to_lines)
{
    CHECK(uuid_read(bytes_of_text(from->id), &to->id));
    to->builtin = true;
    to->enterprise = from->level == LEVEL_ENTERPRISE;
    to->name = bytes_of_text(from->name);
    to->policy.description = to->name;
    to->policy.actions = from->actions;
    while (from->actions[to->policy.actions_n] != ACTIONS) to->policy.actions_n++;
    for (; from->resources[to->policy.resources_n]; to->policy.resources_n++) {
        const size_t i = to->policy.resources_n;
        CHECK(i < LINES_MAX && err_is_ok(resource_read(bytes_of_text(from->resources[i]), &to_lines[i])));
    }
    to->policy.resources = to_lines;
}

size_t builtin_roles(const struct role **out)
{
    int untouched = 0;
    if (atomic_load_explicit(&state, memory_order_acquire) != 2) {
        if (atomic_compare_exchange_strong(&state, &untouched, 1)) {
            for (size_t i = 0; i < BUILTINS; i++) unpack(&sources[i], &roles[i], lines[i]);
            atomic_store_explicit(&state, 2, memory_order_release);
        } else {
            while (atomic_load_explicit(&state, memory_order_acquire) != 2) {
            }
        }
    }
    *out = roles;
    return BUILTINS;
}

const struct role *builtin_role(const struct uuid *id)
{
    const struct role *all;
    const size_t n = builtin_roles(&all);
    for (size_t i = 0; i < n; i++) {
        if (uuid_eq(&all[i].id, id)) return &all[i];
    }
    return NULL;
}

bool builtin_name_is_taken(bytes name)
{
    const struct role *all;
    const size_t n = builtin_roles(&all);
    for (size_t i = 0; i < n; i++) {
        if (bytes_eq_nocase(all[i].name, name)) return true;
    }
    return false;
}
