/* Two lists: those who asked before the reload began, and those who came while it ran. */
#include "gateway/reload.h"

#include "gateway/park.h"

static void resume_all(struct list *on, bool unread)
{
    struct list mine;
    list_init(&mine);
    struct parked *p;
    while ((p = park_first(on))) {
        list_remove(&p->link);
        list_add_last(&mine, &p->link);
    }
    while ((p = park_first(&mine))) {
        p->reloaded = true;
        p->unread = unread;
        park_resume(p, NULL);
    }
}

static void start(struct worker_door *door);

static void reloaded(struct cluster_waiter *waiter, err e)
{
    /* read or not, what is missing now is decided as missing: by rights, and not as a fact (nowhere.c) */
    struct worker_door *door = LOOP_OF(waiter, struct worker_door, reload.waiter);
    door->reload.busy = false;
    resume_all(&door->reload.now, !err_is_ok(e));
    if (!list_is_empty(&door->reload.next)) start(door);
}

static void start(struct worker_door *door)
{
    struct reload *r = &door->reload;
    struct parked *p;
    while ((p = park_first(&r->next))) {
        list_remove(&p->link);
        list_add_last(&r->now, &p->link);
    }
    r->busy = true;
    cluster_reload(door->door->cluster, &r->waiter);
}

void reload_init(struct worker_door *door)
{
    struct reload *r = &door->reload;
    list_init(&r->now);
    list_init(&r->next);
    r->busy = false;
    r->waiter = (struct cluster_waiter){.loop = worker_loop(door->worker), .done = reloaded};
}

void reload_park(const struct envelope *e)
{
    struct worker_door *door = e->session->door;
    const err bad = park_add(e, &door->reload.next);
    if (!err_is_ok(bad)) {
        session_refuse(e->session, e->head.stream, bad, NULL);
    } else if (!door->reload.busy && !door->stopping) {
        start(door);
    }
}

void reload_stop(struct worker_door *door)
{
    struct parked *p;
    while ((p = park_first(&door->reload.next)))
        park_drop(p);
    while ((p = park_first(&door->reload.now)))
        park_drop(p);
}
