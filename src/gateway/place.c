/* Least outstanding, in turn among equals. Token-aware placement would go here. */
#include "gateway/place.h"

/* Equal loads go round: the node that was taken moves to the end. */
static void rotate(struct worker_door *door, struct node *n)
{
    if (door->nodes_n < 2) return;
    list_remove(&n->on);
    list_add_last(&door->nodes, &n->on);
}

static bool is_better(const struct upstream *a, const struct upstream *than)
{
    return !than || upstream_load(a) < upstream_load(than);
}

enum place place_choose(struct lane *lane, enum node_lane which, struct upstream *pinned,
                        struct upstream **out)
{
    struct worker_door *door = lane->door;
    enum place otherwise = PLACE_NONE;
    struct upstream *best = NULL;
    if (pinned && upstream_has_room(pinned)) {
        *out = pinned;
        return PLACE_FOUND;
    }
    for (struct list *at = door->nodes.next; at != &door->nodes; at = at->next) {
        struct node *n = LIST_OF(at, struct node, on);
        struct upstream *u = node_pick(n, lane->version, which);
        if (u && upstream_has_room(u)) {
            if (is_better(u, best)) best = u;
        } else if (u || node_is_coming(n, lane->version)) {
            otherwise = PLACE_FULL;
        }
    }
    if (!best) return otherwise;
    rotate(door, node_of(best));
    *out = best;
    return PLACE_FOUND;
}
