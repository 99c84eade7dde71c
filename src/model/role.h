/* Roles: a policy of effect, actions and resources, and who may hold it. */
#pragma once

#include "base/arena.h"
#include "model/resource.h"

enum {
    ROLE_NAME_MAX = 128,          /* code points */
    ROLE_DESCRIPTION_MAX = 1024,  /* code points */
    ROLE_ACTIONS_MAX = 256,
    ROLE_RESOURCES_MAX = 4096,
    ROLE_TOKEN_ROLES_MAX = 64     /* roles a token or member may hold */
};

enum effect { EFFECT_ALLOW, EFFECT_DENY };

/* Both lists keep the order in which they were sent: clients compare them as ordered lists. */
struct policy {
    enum effect effect;
    bytes description;
    const enum action *actions;
    size_t actions_n;
    const struct resource *resources;
    size_t resources_n;
};

struct role {
    struct uuid id;
    struct uuid scope;        /* organization or enterprise; zero for a built-in role */
    bool enterprise;          /* of enterprise level */
    bool builtin;
    bytes name;
    struct policy policy;
    struct uuid database;     /* the database that its one-click role was made for, or zero */
    int64_t updated_ns;       /* 0: never */
    bytes updated_by;         /* client id or user id */
    uint64_t version;
};

/* The built-in roles, in wire order; valid for the life of the process. */
size_t builtin_roles(const struct role **out);
const struct role *builtin_role(const struct uuid *id);
bool builtin_name_is_taken(bytes name);
/* Ids of roles that the code itself hands out. */
extern const struct uuid builtin_organization_administrator;
extern const struct uuid builtin_database_administrator;
extern const struct uuid builtin_enterprise_administrator;

action_set role_actions(const struct policy *p);

/* Checks what one policy must be (decisions 1.2, 1.3, 1.12, 2.6): names of one's own level of scope,
 * and a deny whose every action has a resource of its level. Says in the note what is wrong. BAD_INPUT. */
MUST err role_check(const struct role *r, struct note *note);

/* Whoever holds the role may do more afterwards than before; `after` NULL: it is deleted. Judged by
 * the policy's own lines, and rather too often than not. */
bool role_widens(const struct role *before, const struct role *after);

/* The resource as it stands for a holder of this scope: __ORG_ID__ becomes the scope. */
struct resource role_resource(const struct resource *line, const struct uuid *scope);

/* A deep copy in the arena; false when the arena refuses. */
bool role_copy(struct arena *a, const struct role *from, struct role *to);
