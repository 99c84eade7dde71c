/* Groups are found by the number of their set, in a table of places that is never more than half full. */
#include "api/access_groups.h"

#include <stdlib.h>
#include <urcu/urcu-memb.h>

enum { PLACES = 4096 };
_Static_assert(PLACES > 2 * ACCESS_GROUPS_MAX, "a search finds an empty place");

err access_groups_init(struct access_groups *g, struct arena *a)
{
    *g = (struct access_groups){.arena = a};
    g->list = arena_take_array(a, ACCESS_GROUPS_MAX, sizeof *g->list);
    g->places = arena_take_array(a, PLACES, sizeof *g->places);
    return g->list && g->places ? DONE : FAIL(NO_MEMORY);
}

/* NULL: there is no room for another one. */
static struct access_group *group_of(struct access_groups *g, uint32_t set)
{
    size_t at = (size_t)((uint64_t)set * 2654435761u) % PLACES;
    while (g->places[at] && g->list[g->places[at] - 1].set != set) at = (at + 1) % PLACES;
    if (g->places[at]) return &g->list[g->places[at] - 1];
    if (g->n == ACCESS_GROUPS_MAX) {
        g->truncated = true;
        return NULL;
    }
    g->list[g->n] = (struct access_group){.set = set};
    g->places[at] = (uint16_t)++g->n;
    return &g->list[g->n - 1];
}

static void show(struct access_groups *g, struct access_holder **list, size_t n, bytes id, bytes text)
{
    if (n >= ACCESS_SHOWN_MAX) return;
    if (!*list) *list = arena_take_array(g->arena, ACCESS_SHOWN_MAX, sizeof **list);
    if (!*list) return;
    (*list)[n] = (struct access_holder){arena_copy(g->arena, id), arena_copy(g->arena, text)};
}

/* --- tokens --- */

struct scanning {
    struct http_request *rq;
    struct access_groups *groups;
};

static bool visit_token(void *owner, const struct record *r)
{
    const struct scanning *s = owner;
    const struct record_token *t = &r->of.token;
    const bytes id = bytes_of(t->client_id, TOKEN_CLIENT_ID);
    struct index_token found;
    urcu_memb_read_lock();
    const bool lives = index_find_token(api_of(s->rq)->index, id, &found) &&
                       index_token_is_active(&found) &&
                       found.valid_until_ms > s->rq->call.now_ms;
    urcu_memb_read_unlock();
    struct access_group *g = lives ? group_of(s->groups, found.role_set) : NULL;
    if (!g) return true;
    show(s->groups, &g->clients, g->tokens, id, t->description);
    g->tokens++;
    return true;
}

err access_groups_add_tokens(struct http_request *rq, const struct uuid *scope,
                             struct access_groups *g)
{
    struct scanning s = {rq, g};
    TRY(store_scan(api_of(rq)->store, RECORD_TOKEN, scope, (bytes){0}, SIZE_MAX, visit_token, &s,
                   NULL));
    return g->arena->bad ? FAIL(NO_MEMORY) : DONE;
}

/* --- members --- */

static void add_member(struct http_request *rq, const struct record_membership *m, bool names,
                       struct access_groups *groups)
{
    struct index_member found;
    char id[UUID_TEXT + 1];
    if (m->invited || !index_find_member(api_of(rq)->index, &m->id, &found)) return;
    struct access_group *g = group_of(groups, found.role_set);
    if (!g) return;
    const struct record_person *p = snapshot_person(api_snapshot(rq), &m->person);
    uuid_text(&m->person, id);
    if (names) show(groups, &g->people, g->members, bytes_of_text(id), p ? p->email : (bytes){0});
    g->members++;
}

err access_groups_add_members(struct http_request *rq, const struct uuid *scope, bool names,
                              struct access_groups *g)
{
    const struct snapshot_list all = snapshot_members(api_snapshot(rq), scope);
    for (size_t i = 0; i < all.n; i++) add_member(rq, &all.records[i]->of.membership, names, g);
    return g->arena->bad ? FAIL(NO_MEMORY) : DONE;
}

/* --- order --- */

static int by_holders(const void *a, const void *b)
{
    const struct access_group *x = a;
    const struct access_group *y = b;
    const size_t of_x = x->tokens + x->members;
    const size_t of_y = y->tokens + y->members;
    if (of_x != of_y) return of_x > of_y ? -1 : 1;
    return (x->set > y->set) - (x->set < y->set);
}

void access_groups_order(struct access_groups *g)
{
    if (g->n) qsort(g->list, g->n, sizeof *g->list, by_holders);
    g->places = NULL; /* they are elsewhere now */
}
