/* Who holds the same roles: the live tokens and members of a scope by their compiled set of roles. */
#pragma once

#include "api/api_call.h"
#include "api/token_walk.h"

enum { ACCESS_GROUPS_MAX = 1000, ACCESS_SHOWN_MAX = 20 };

/* One who holds it; text is a description, or an address. */
struct access_holder {
    bytes id;
    bytes text;
};
struct access_group {
    uint32_t set; /* number in the index */
    size_t tokens;
    size_t members;
    struct access_holder *clients; /* the first of them, ACCESS_SHOWN_MAX of room */
    struct access_holder *people;
};
struct access_groups {
    struct http_request *rq;
    struct arena *arena; /* of names */
    struct access_group *list;
    size_t n;
    uint16_t *places; /* by set: where it is in the list, + 1 */
    bool truncated;   /* there are more than ACCESS_GROUPS_MAX */
};

MUST err access_groups_init(struct access_groups *g, struct http_request *rq, struct arena *a);
/* Of the groups: every live token of the scope that they are walked through. */
extern const struct token_walk_eyes access_groups_eyes;
/* Within a read section: every member that has accepted; `names`: with addresses. */
MUST err access_groups_add_members(struct http_request *rq, const struct uuid *scope, bool names,
                                   struct access_groups *g);
/* Those whom most hold first. */
void access_groups_order(struct access_groups *g);
