/* Groups are found by the number of their set, in a table of places that is never more than half full. */
#include "api/access_groups.h"

#include <stdlib.h>
#include <urcu/urcu-memb.h>

enum { PLACES = 4096 };
_Static_assert(PLACES > 2 * ACCESS_GROUPS_MAX, "a search finds an empty place");

err access_groups_init(struct access_groups *g, struct http_request *rq, struct arena *a)
{
    *g = (struct access_groups){.rq = rq, .arena = a};
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

static void add_token(struct access_groups *g, const struct index_token *found,
                      const struct record_token *t)
{
    struct access_group *of = group_of(g, found->role_set);
    if (!of) return;
    show(g, &of->clients, of->tokens, bytes_of(t->client_id, TOKEN_CLIENT_ID), t->description);
    of->tokens++;
}

static bool lives(const struct access_groups *g, const struct index_token *t)
{
    return index_token_is_active(t) && t->valid_until_ms > g->rq->call.now_ms;
}

/* All are expected before the first is found, so that memory fetches them side by side. */
static bool visit_chunk(void *owner, const struct token_chunk *c, size_t from)
{
    struct access_groups *g = owner;
    const struct index *x = api_of(g->rq)->index;
    struct index_place places[TOKEN_CHUNK_MAX];
    urcu_memb_read_lock();
    for (size_t row = from; row < c->n; row++) {
        char id[TOKEN_CLIENT_ID];
        token_chunk_id(c, row, id);
        places[row] = index_expect_token(x, bytes_of(id, sizeof id));
    }
    for (size_t row = from; row < c->n; row++) {
        struct index_token found;
        struct record_token t;
        if (!index_find_token_at(x, &places[row], &found) || !lives(g, &found)) continue;
        token_chunk_row(c, row, &t);
        add_token(g, &found, &t);
    }
    urcu_memb_read_unlock();
    return true;
}

static bool visit_token(void *owner, const struct record_token *t)
{
    struct access_groups *g = owner;
    struct index_token found;
    urcu_memb_read_lock();
    const bool there =
        index_find_token(api_of(g->rq)->index, bytes_of(t->client_id, TOKEN_CLIENT_ID), &found);
    urcu_memb_read_unlock();
    if (there && lives(g, &found)) add_token(g, &found, t);
    return true;
}

const struct token_walk_eyes access_groups_eyes = {visit_chunk, visit_token};

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
