#include "reference.h"

#include <string.h>

enum { PARTS_MAX = 16 };

struct parts {
    char text[REFERENCE_TEXT];
    char *at[PARTS_MAX];
    size_t n;
};

/* Splits at colons; an organization's placeholder becomes the holder's organization. */
static void split(const char *text, const char *scope, struct parts *p)
{
    strncpy(p->text, text, sizeof p->text - 1);
    p->text[sizeof p->text - 1] = '\0';
    p->n = 0;
    char *at = p->text;
    while (at && p->n < PARTS_MAX) {
        p->at[p->n++] = at;
        at = strchr(at, ':');
        if (at) *at++ = '\0';
    }
    if (p->n > 3 && strcmp(p->at[3], "__ORG_ID__") == 0) p->at[3] = (char *)scope;
}

/* drn:astra:org:O / :db:D / :keyspace:K / :table:T, drn:astra:enterprise:E, … */
static const char *level_of_resource(const struct parts *p)
{
    if (p->n == 4) return p->at[2];
    return p->at[p->n - 2];
}

const char *reference_level(const char *action)
{
    if (strncmp(action, "enterprise-", 11) == 0) return "enterprise";
    if (strncmp(action, "accesslist-", 11) == 0) return "org";
    if (strncmp(action, "db-table-", 9) == 0) return "table";
    if (strncmp(action, "db-keyspace-", 12) == 0) return "keyspace";
    if (strncmp(action, "db-all-keyspace-", 16) == 0) return "keyspace";
    if (strncmp(action, "org-db-", 7) == 0) return "db";
    if (strncmp(action, "db-", 3) == 0) return "db";
    return "org";
}

/* Does the pattern stand for everything that the target stands for? */
static bool covers(const struct parts *pattern, const struct parts *target)
{
    if (pattern->n != target->n) return false;
    for (size_t i = 0; i < pattern->n; i++) {
        const bool is_name = i >= 4 && i % 2 == 1;
        if (is_name && strcmp(pattern->at[i], "*") == 0) continue;
        if (strcmp(pattern->at[i], target->at[i]) != 0) return false;
    }
    return true;
}

/* Is there something that both stand for? */
static bool meets(const struct parts *a, const struct parts *b)
{
    if (a->n != b->n) return false;
    for (size_t i = 0; i < a->n; i++) {
        const bool is_name = i >= 4 && i % 2 == 1;
        if (is_name && (strcmp(a->at[i], "*") == 0 || strcmp(b->at[i], "*") == 0)) continue;
        if (strcmp(a->at[i], b->at[i]) != 0) return false;
    }
    return true;
}

static bool counts(const struct reference_role *r, const char *scope)
{
    return r->there && (r->builtin || strcmp(r->scope, scope) == 0);
}

static bool has_action(const struct reference_role *r, const char *action)
{
    for (size_t i = 0; i < r->actions_n; i++) {
        if (strcmp(r->actions[i], action) == 0) return true;
    }
    return false;
}

/* The first line of the first role of this effect that speaks of the target. */
static struct reference_verdict first_rule(const struct reference_role *const *roles, size_t n,
                                           const char *scope, const char *action,
                                           const struct parts *target, bool deny,
                                           bool (*speaks)(const struct parts *, const struct parts *))
{
    for (size_t i = 0; i < n; i++) {
        const struct reference_role *r = roles[i];
        if (!counts(r, scope) || r->deny != deny || !has_action(r, action)) continue;
        for (size_t k = 0; k < r->lines_n; k++) {
            struct parts line;
            split(r->lines[k], scope, &line);
            if (speaks(&line, target)) return (struct reference_verdict){!deny, (int)i, (int)k};
        }
    }
    return (struct reference_verdict){false, -1, -1};
}

static bool is_askable(const struct parts *target, const char *scope, const char *action)
{
    return target->n >= 4 && strcmp(target->at[3], scope) == 0 &&
           strcmp(level_of_resource(target), reference_level(action)) == 0;
}

struct reference_verdict reference_decide(const struct reference_role *const *roles, size_t n,
                                          const char *scope, const char *action,
                                          const char *resource)
{
    struct parts target;
    split(resource, scope, &target);
    if (!is_askable(&target, scope, action)) return (struct reference_verdict){false, -1, -1};
    const struct reference_verdict denied =
        first_rule(roles, n, scope, action, &target, true, covers);
    if (denied.role >= 0) return denied;
    return first_rule(roles, n, scope, action, &target, false, covers);
}

bool reference_holds(const struct reference_role *const *roles, size_t n, const char *scope,
                     const char *action, const char *pattern)
{
    struct parts target;
    split(pattern, scope, &target);
    if (!is_askable(&target, scope, action)) return false;
    if (first_rule(roles, n, scope, action, &target, true, meets).role >= 0) return false;
    return first_rule(roles, n, scope, action, &target, false, covers).allowed;
}

/* --- the ceiling --- */

static bool is_exempt(const char *action)
{
    return strcmp(action, "org-read") == 0 || strcmp(action, "org-user-read") == 0 ||
           strcmp(action, "org-db-view") == 0 || strcmp(action, "accesslist-read") == 0;
}

/* Does the role, as it is written, have a pair that covers this one? */
static bool has_pair(const struct reference_role *r, bool deny, const char *scope,
                     const char *action, const char *line)
{
    struct parts target;
    split(line, scope, &target);
    if (!r || r->deny != deny || !has_action(r, action)) return false;
    for (size_t i = 0; i < r->lines_n; i++) {
        struct parts own;
        split(r->lines[i], scope, &own);
        if (covers(&own, &target)) return true;
    }
    return false;
}

/* Every pair of `r` that `known` lacks is held by the caller. */
static bool holds_pairs(const struct reference_caller *c, const struct reference_role *r,
                        const struct reference_role *known)
{
    for (size_t i = 0; i < r->lines_n; i++) {
        for (size_t k = 0; k < r->actions_n; k++) {
            struct parts line;
            split(r->lines[i], c->scope, &line);
            if (is_exempt(r->actions[k]) || !is_askable(&line, c->scope, r->actions[k])) continue;
            if (has_pair(known, r->deny, c->scope, r->actions[k], r->lines[i])) continue;
            if (!reference_holds(c->roles, c->n, c->scope, r->actions[k], r->lines[i])) return false;
        }
    }
    return true;
}

/* The line as an own delegation line, split; false when it is none. */
static bool read_delegation(const char *text, const char *scope, struct parts *p)
{
    split(text, scope, p);
    return p->n == 6 && strcmp(p->at[3], scope) == 0 && strcmp(p->at[4], "role") == 0;
}

static bool role_delegates(const struct reference_role *r, const char *scope,
                           const struct parts *line,
                           bool (*speaks)(const struct parts *, const struct parts *))
{
    struct parts own;
    for (size_t i = 0; i < r->lines_n; i++) {
        if (read_delegation(r->lines[i], scope, &own) && speaks(&own, line)) return true;
    }
    return false;
}

static bool holds_line(const struct reference_caller *c, const struct parts *line)
{
    bool has = false;
    for (size_t i = 0; i < c->n; i++) {
        const struct reference_role *r = c->roles[i];
        if (!counts(r, c->scope)) continue;
        if (r->deny && role_delegates(r, c->scope, line, meets)) return false;
        if (!r->deny && role_delegates(r, c->scope, line, covers)) has = true;
    }
    return has;
}

/* All grants of every role are held by nobody here but who has the line: the built-in ones are many. */
static bool may_give_line(const struct reference_caller *c, const struct parts *line)
{
    if (holds_line(c, line)) return true;
    for (size_t i = 0; i < c->all_n; i++) {
        if (strcmp(c->all[i].id, line->at[5]) != 0 || !counts(c->all[i].role, c->scope)) continue;
        return c->all[i].role->deny || holds_pairs(c, c->all[i].role, NULL);
    }
    return false;
}

static bool may_give_lines(const struct reference_caller *c, const struct reference_role *r,
                           const struct reference_role *known)
{
    for (size_t i = 0; i < r->lines_n; i++) {
        struct parts line;
        if (!read_delegation(r->lines[i], c->scope, &line)) continue;
        if (known && !known->deny && role_delegates(known, c->scope, &line, covers)) continue;
        if (!may_give_line(c, &line)) return false;
    }
    return true;
}

static bool is_delegated(const struct reference_caller *c, const struct reference_named *role,
                         const char *delegating)
{
    char text[REFERENCE_TEXT] = "drn:astra:org:";
    strcat(text, c->scope);
    if (!reference_decide(c->roles, c->n, c->scope, delegating, text).allowed) return false;
    strcat(strcat(text, ":role:"), role->id);
    struct parts line;
    split(text, c->scope, &line);
    if (!holds_line(c, &line)) return false;
    for (size_t i = 0; i < role->role->lines_n; i++) {
        for (size_t k = 0; k < role->role->actions_n; k++) {
            struct parts pair;
            split(role->role->lines[i], c->scope, &pair);
            if (!is_askable(&pair, c->scope, role->role->actions[k])) continue;
            if (first_rule(c->roles, c->n, c->scope, role->role->actions[k], &pair, true, meets)
                    .role >= 0) {
                return false;
            }
        }
    }
    return true;
}

bool reference_may_hand_out(const struct reference_caller *c, const struct reference_named *role,
                            const char *delegating)
{
    if (role->role->deny) return true;
    if (!is_delegated(c, role, delegating) && !holds_pairs(c, role->role, NULL)) return false;
    return may_give_lines(c, role->role, NULL);
}

/* Lines of a deny that `after` does not have any more take nothing away any more. */
static bool may_lift_lines(const struct reference_caller *c, const struct reference_role *before,
                           const struct reference_role *after)
{
    for (size_t i = 0; i < before->lines_n; i++) {
        struct parts line;
        if (!read_delegation(before->lines[i], c->scope, &line)) continue;
        if (after && after->deny && role_delegates(after, c->scope, &line, covers)) continue;
        if (!may_give_line(c, &line)) return false;
    }
    return true;
}

bool reference_may_change(const struct reference_caller *c, const struct reference_role *before,
                          const struct reference_role *after)
{
    if (after && !after->deny &&
        !(holds_pairs(c, after, before) && may_give_lines(c, after, before))) {
        return false;
    }
    return !before || !before->deny ||
           (holds_pairs(c, before, after) && may_lift_lines(c, before, after));
}
