/* The reference evaluator: the rules of who may do what, written a second time, slowly, over texts and
 * with nothing of the product's code. What the product decides must agree with it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { REFERENCE_LINES = 12, REFERENCE_ACTIONS = 64, REFERENCE_TEXT = 200 };

struct reference_role {
    bool there;         /* false: a dangling id */
    bool deny;
    bool builtin;       /* of every organization */
    char scope[40];     /* whose it is, unless built in */
    const char *actions[REFERENCE_ACTIONS];
    size_t actions_n;
    char lines[REFERENCE_LINES][REFERENCE_TEXT];
    size_t lines_n;
};

struct reference_verdict {
    bool allowed;
    int role;    /* index of the deciding one in the holder's order, or -1 */
    int line;
};

/* May who belongs to organization `scope` and holds these roles do it? */
struct reference_verdict reference_decide(const struct reference_role *const *roles, size_t n,
                                          const char *scope, const char *action,
                                          const char *resource);
/* Holds the pair in the sense of the ceiling: an allow covers the whole pattern, no deny meets it. */
bool reference_holds(const struct reference_role *const *roles, size_t n, const char *scope,
                     const char *action, const char *pattern);

/* A role with its id as text: what a line …:role:<id> names. */
struct reference_named {
    const char *id;
    const struct reference_role *role;
};
/* The caller's roles, and all roles that there are. */
struct reference_caller {
    const struct reference_role *const *roles;
    size_t n;
    const char *scope;
    const struct reference_named *all;
    size_t all_n;
};
/* May the caller hand out the role, by the ceiling or by delegation that rests on `delegating`? */
bool reference_may_hand_out(const struct reference_caller *c, const struct reference_named *role,
                            const char *delegating);
/* May the caller turn one role into the other? Either may be NULL. */
bool reference_may_change(const struct reference_caller *c, const struct reference_role *before,
                          const struct reference_role *after);

/* "org", "db", "keyspace", "table", "enterprise": by the action's name. */
const char *reference_level(const char *action);
