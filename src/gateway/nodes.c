/* New nodes are dialled at once in the newest version; nodes that left are closed. */
#include "gateway/nodes.h"

#include "gateway/gateway_own.h"
#include "gateway/reply.h"

#include <stdlib.h>
#include <urcu/urcu-memb.h>

struct known_node {
    struct node node;
    struct loop_grave grave;
};

static void bury(struct loop_grave *g)
{
    free(LOOP_OF(g, struct known_node, grave));
}

static void close_one(struct worker_door *door, struct node *n)
{
    struct known_node *k = LIST_OF(n, struct known_node, node);
    list_remove(&n->on);
    door->nodes_n--;
    node_close(n);
    k->grave.free = bury;
    loop_bury(worker_loop(door->worker), &k->grave);
}

static struct address address_of(const struct picture_node *n)
{
    struct address a = {.family = n->address_n == 4 ? ADDRESS_V4 : ADDRESS_V6, .port = n->port};
    memcpy(a.ip, n->address, n->address_n);
    return a;
}

static bool is_same(const struct node *n, const struct picture_node *p)
{
    const struct address a = address_of(p);
    return memcmp(n->host_id, p->host_id.b, sizeof n->host_id) == 0 &&
           address_eq_ip(&n->address, &a) && n->address.port == a.port;
}

static bool may_use(const struct worker_door *door, const struct picture_node *p)
{
    return p->is_local || gateway_own_uses_others(door->worker->gateway);
}

static bool is_in(const struct picture *picture, const struct worker_door *door,
                  const struct node *n)
{
    for (size_t i = 0; i < picture->nodes_n; i++) {
        if (is_same(n, &picture->nodes[i]) && may_use(door, &picture->nodes[i])) return true;
    }
    return false;
}

static bool has(const struct worker_door *door, const struct picture_node *p)
{
    for (struct list *at = door->nodes.next; at != &door->nodes; at = at->next) {
        if (is_same(LIST_OF(at, struct node, on), p)) return true;
    }
    return false;
}

static void add(struct worker_door *door, const struct picture_node *p)
{
    struct known_node *k = calloc(1, sizeof *k);
    if (!k) return;
    const struct gateway_limits *limits = gateway_own_limits(door->worker->gateway);
    const struct node_options options = {.loop = worker_loop(door->worker),
                                         .shared = door->worker->shared,
                                         .credentials = &door->door->credentials,
                                         .events = &reply_events,
                                         .deadline_ms = limits->request_ms,
                                         .long_deadline_ms = limits->slow_request_ms};
    const struct address a = address_of(p);
    node_init(&k->node, &options, &a, p->host_id.b);
    k->node.owner = door;
    list_add_last(&door->nodes, &k->node.on);
    door->nodes_n++;
    (void)node_pick(&k->node, FRAME_VERSION_MAX, NODE_ORDINARY);
}

void nodes_follow(struct worker_door *door)
{
    urcu_memb_read_lock();
    const struct picture *picture = cluster_picture(door->door->cluster);
    for (size_t i = 0; picture && i < picture->nodes_n; i++) {
        const struct picture_node *p = &picture->nodes[i];
        if (may_use(door, p) && !has(door, p)) add(door, p);
    }
    struct list *at = door->nodes.next;
    while (picture && at != &door->nodes) {
        struct node *n = LIST_OF(at, struct node, on);
        at = at->next;
        if (!is_in(picture, door, n)) close_one(door, n);
    }
    urcu_memb_read_unlock();
    worker_count_nodes(door);
    for (uint8_t v = FRAME_VERSION_MIN; v <= FRAME_VERSION_MAX; v++)
        worker_serve_soon(door, v);
}

void nodes_hurry(struct worker_door *door, bytes ip)
{
    for (struct list *at = door->nodes.next; at != &door->nodes; at = at->next) {
        struct node *n = LIST_OF(at, struct node, on);
        const size_t ip_n = n->address.family == ADDRESS_V4 ? 4 : 16;
        if (bytes_eq(bytes_of(n->address.ip, ip_n), ip)) node_hurry(n);
    }
}

void nodes_close(struct worker_door *door)
{
    struct list *first;
    while ((first = list_first(&door->nodes)))
        close_one(door, LIST_OF(first, struct node, on));
}
