/* Whose sessions are open: asked of every worker by a note, and put together where it was asked. */
#include "gateway/gateway_inside.h"
#include "gateway/session.h"
#include "index/access.h"

#include <stdio.h>
#include <stdlib.h>

struct gateway_sessions_part {
    struct loop_note note;
    struct gateway_sessions *asked;
    struct gateway_worker *worker;
    size_t open;
    size_t count;
    size_t n;
    struct gateway_session_row rows[GATEWAY_SESSIONS_SHOWN];
};

static void put(struct gateway_sessions_part *p, const struct session *s)
{
    p->count++;
    if (p->n == GATEWAY_SESSIONS_SHOWN) return;
    struct gateway_session_row *row = &p->rows[p->n++];
    row->database = s->door->door->database;
    row->since_ms = s->since_ms;
    (void)snprintf(row->client_id, sizeof row->client_id, "%.*s", TOKEN_CLIENT_ID, s->gate.who.name);
    address_write_ip(&s->peer, row->from);
    (void)snprintf(row->by, sizeof row->by, "%s", s->who.by);
}

static void look_in_lane(struct gateway_sessions_part *p, const struct lane *lane)
{
    const struct holder *h = holder_find(&lane->holders, p->asked->live);
    if (!h) return;
    for (struct list *at = h->sessions.next; at != &h->sessions; at = at->next) {
        const struct session *s = LIST_OF(at, struct session, of_holder);
        if (strcmp(s->gate.who.name, p->asked->client_id) == 0) put(p, s);
    }
}

static void look_at_outsiders(struct gateway_sessions_part *p, const struct worker_door *door)
{
    const struct gateway_sessions *q = p->asked;
    if (!uuid_eq(&door->door->database, &q->database)) return;
    for (struct list *at = door->sessions.next; at != &door->sessions; at = at->next) {
        const struct session *s = LIST_OF(at, struct session, link);
        char peer[ADDRESS_TEXT_SIZE];
        struct ip from;
        if (!s->holder) continue; /* is asked when they log in */
        address_write_ip(&s->peer, peer);
        if (!err_is_ok(ip_read_peer(bytes_of_text(peer), &from))) from = (struct ip){0};
        p->open++;
        if (!access_admits(q->list, &q->database, &from)) put(p, s);
    }
}

static int by_age(const void *a, const void *b)
{
    const struct gateway_session_row *x = a;
    const struct gateway_session_row *y = b;
    return (x->since_ms > y->since_ms) - (x->since_ms < y->since_ms);
}

/* The oldest of all parts. */
static void join(struct gateway_sessions *q)
{
    struct gateway_sessions_part *first = &q->parts[0];
    struct gateway_session_row *all = calloc(q->parts_n, sizeof first->rows);
    size_t n = 0;
    q->open = q->count = 0;
    for (unsigned i = 0; i < q->parts_n; i++) {
        const struct gateway_sessions_part *p = &q->parts[i];
        q->open += p->open;
        q->count += p->count;
        if (all && p->n) memcpy(all + n, p->rows, p->n * sizeof *all);
        if (all) n += p->n;
    }
    if (n) qsort(all, n, sizeof *all, by_age);
    q->rows = all;
    q->n = n < GATEWAY_SESSIONS_SHOWN ? n : GATEWAY_SESSIONS_SHOWN;
}

static void come_back(struct loop *l, struct loop_note *n)
{
    (void)l;
    struct gateway_sessions *q = LOOP_OF(n, struct gateway_sessions_part, note)->asked;
    if (--q->missing > 0) return;
    join(q);
    free(q->parts);
    q->parts = NULL;
    struct gateway_session_row *rows = q->rows;
    q->done(q);
    free(rows);
}

static void look(struct loop *l, struct loop_note *n)
{
    (void)l;
    struct gateway_sessions_part *p = LOOP_OF(n, struct gateway_sessions_part, note);
    for (struct list *d = p->worker->doors.next; d != &p->worker->doors; d = d->next) {
        const struct worker_door *door = LIST_OF(d, struct worker_door, link);
        if (p->asked->list) {
            look_at_outsiders(p, door);
            continue;
        }
        for (size_t v = 0; v < WORKER_VERSIONS; v++) look_in_lane(p, &door->lanes[v]);
    }
    p->note.run = come_back;
    loop_post(p->asked->loop, &p->note);
}

err gateway_list_sessions(struct gateway *g, struct gateway_sessions *q)
{
    q->missing = q->parts_n = g->workers_n;
    q->parts = calloc(g->workers_n, sizeof *q->parts);
    if (!q->parts) return FAIL(NO_MEMORY);
    for (unsigned i = 0; i < g->workers_n; i++) {
        struct gateway_sessions_part *p = &q->parts[i];
        p->note.run = look;
        p->asked = q;
        p->worker = &g->workers[i];
    }
    for (unsigned i = 0; i < g->workers_n; i++)
        loop_post(worker_loop(&g->workers[i]), &q->parts[i].note);
    return DONE;
}
