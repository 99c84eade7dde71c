/* Who hears of a cluster's pictures and events, on which loop, and in which order: first the
 * picture, then the events that it shows. */
#include "cluster/cluster_own.h"

#include "base/check.h"

#include <stdlib.h>

/* A request to listen, on its way to the control thread. */
struct coming {
    struct loop_note note;
    struct cluster_listener *listener;
};

static void run_news(struct loop *l, struct loop_note *n)
{
    struct cluster_news *news = LOOP_OF(n, struct cluster_news, note);
    struct cluster_listener *to = news->listener;
    (void)l;
    if (!news->is_event) {
        to->on_picture(to, news->what.picture_version);
    } else if (to->on_event) {
        to->on_event(to, &news->what);
    }
    free(news);
}

/* Moves the view into the names that come with the news. */
static void own(struct cluster_news *news, bytes *view)
{
    uint8_t *at = news->names + news->names_n;
    if (view->n) memcpy(at, view->p, view->n);
    news->names_n += view->n;
    view->p = at;
}

static struct cluster_news *new_news(const struct response_event *e, uint64_t version)
{
    static const struct response_event none;
    const struct response_event *from = e ? e : &none;
    const struct response_schema_change *s = &from->schema;
    struct cluster_news *news = malloc(sizeof *news + from->change.n + from->address.n +
                                       s->change.n + s->keyspace.n + s->name.n + s->arguments.n);
    if (!news) return NULL;
    *news = (struct cluster_news){.what = {*from, version}, .is_event = e != NULL};
    bytes *views[] = {&news->what.event.change,        &news->what.event.address,
                      &news->what.event.schema.change, &news->what.event.schema.keyspace,
                      &news->what.event.schema.name,   &news->what.event.schema.arguments};
    for (size_t i = 0; i < sizeof views / sizeof views[0]; i++)
        own(news, views[i]);
    return news;
}

static void post(struct cluster_listener *to, const struct response_event *e, uint64_t version)
{
    struct cluster_news *news = new_news(e, version);
    if (!news) return;
    news->listener = to;
    news->note.run = run_news;
    loop_post(to->loop, &news->note);
}

static void tell_all(struct cluster *c, const struct response_event *e, uint64_t version)
{
    for (struct list *i = c->listeners.next; i != &c->listeners; i = i->next) {
        post(LIST_OF(i, struct cluster_listener, link), e, version);
    }
}

void cluster_listen_tell_picture(struct cluster *c, uint64_t version)
{
    tell_all(c, NULL, version);
}

/* --- events --- */

static void forget(struct list *events)
{
    while (list_first(events)) {
        struct cluster_news *news = LIST_OF(list_first(events), struct cluster_news, link);
        list_remove(&news->link);
        free(news);
    }
}

void cluster_listen_hear(struct cluster *c, const struct response_event *e)
{
    if (c->heard_n == CLUSTER_HEARD_MAX) return; /* a picture is read all the same */
    struct cluster_news *news = new_news(e, 0);
    if (!news) return;
    c->heard_n++;
    list_add_last(&c->heard, &news->link);
}

void cluster_listen_tell_events(struct cluster *c, uint64_t version)
{
    for (struct list *i = c->shown.next; i != &c->shown; i = i->next) {
        tell_all(c, &LIST_OF(i, struct cluster_news, link)->what.event, version);
        c->heard_n--;
    }
    forget(&c->shown);
}

void cluster_listen_keep_events(struct cluster *c)
{
    while (!list_is_empty(&c->shown)) {
        struct list *last = c->shown.prev;
        list_remove(last);
        list_add_first(&c->heard, last);
    }
}

void cluster_listen_forget_events(struct cluster *c)
{
    forget(&c->shown);
    forget(&c->heard);
    c->heard_n = 0;
}

/* --- listeners --- */

static void run_coming(struct loop *l, struct loop_note *n)
{
    struct coming *coming = LOOP_OF(n, struct coming, note);
    struct cluster_listener *to = coming->listener;
    struct cluster *c = to->cluster;
    const struct picture *p = cluster_picture(c);
    (void)l;
    list_add_last(&c->listeners, &to->link);
    if (p) post(to, NULL, p->version);
    free(coming);
}

void cluster_listen(struct cluster *c, struct cluster_listener *l)
{
    struct coming *coming = calloc(1, sizeof *coming);
    CHECK(coming);
    l->cluster = c;
    coming->listener = l;
    coming->note.run = run_coming;
    loop_post(c->set.loop, &coming->note);
}

static void run_removed(struct loop *l, struct loop_note *n)
{
    struct cluster_listener *to = LOOP_OF(n, struct cluster_listener, note);
    (void)l;
    if (to->on_removed) to->on_removed(to);
}

/* On the control thread; what was posted before arrives before on_removed. */
static void run_leaving(struct loop *l, struct loop_note *n)
{
    struct cluster_listener *to = LOOP_OF(n, struct cluster_listener, note);
    (void)l;
    list_remove(&to->link);
    to->note.run = run_removed;
    loop_post(to->loop, &to->note);
}

void cluster_unlisten(struct cluster *c, struct cluster_listener *l)
{
    l->note.run = run_leaving;
    loop_post(c->set.loop, &l->note);
}
