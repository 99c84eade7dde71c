/* Nothing of an ended token is sent on once its sessions are marked; but bytes of it may stand in a
 * connection's buffer or in the kernel's. Their positions are noted, and awaited for a little
 * while. */
#include "gateway/revoke.h"

#include "base/log.h"
#include "gateway/session.h"

#include <linux/sockios.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <urcu/urcu-memb.h>

enum { LOOK_AGAIN_MS = 1 };

/* --- every connection of the worker --- */

static void each(struct gateway_worker *w, void *owner,
                 void (*visit)(void *owner, const struct upstream *up))
{
    for (struct list *d = w->doors.next; d != &w->doors; d = d->next) {
        struct worker_door *door = LIST_OF(d, struct worker_door, link);
        for (struct list *n = door->nodes.next; n != &door->nodes; n = n->next) {
            struct node *node = LIST_OF(n, struct node, on);
            for (struct list *k = node->all.next; k != &node->all; k = k->next) {
                visit(owner, &LIST_OF(k, struct node_link, on)->up);
            }
        }
    }
}

static void count(void *owner, const struct upstream *up)
{
    size_t *n = owner;
    (void)up;
    (*n)++;
}

static void mark(void *owner, const struct upstream *up)
{
    struct revoke *r = owner;
    r->marks[r->marks_n++] = (struct revoke_mark){up, outbox_appended(&up->out)};
}

/* What the node's kernel has: written, less what ours still holds. */
static uint64_t arrived(const struct upstream *up)
{
    int held = 0;
    if (ioctl(up->io.fd, SIOCOUTQ, &held) != 0 || held < 0) return outbox_written(&up->out);
    return outbox_written(&up->out) - (uint64_t)held;
}

static void reach(void *owner, const struct upstream *up)
{
    struct revoke *r = owner;
    for (size_t i = 0; i < r->marks_n; i++) {
        if (r->marks[i].up == up && arrived(up) < r->marks[i].position) return;
        if (r->marks[i].up == up) r->marks[i] = r->marks[--r->marks_n];
    }
}

/* --- the sessions --- */

static void end_in_lane(struct gateway_worker *w, struct lane *lane, uint32_t live)
{
    struct holder *h = holder_find(&lane->holders, live);
    const int64_t now_ms = loop_now_utc_ms(worker_loop(w));
    uint32_t left = h ? h->sessions_n : 0;
    struct list *at = h ? h->sessions.next : NULL;
    while (left-- > 0) {
        struct session *s = LIST_OF(at, struct session, of_holder);
        at = at->next;
        if (!gate_session_is_live(w->gate, &s->gate, now_ms)) session_end(s);
    }
}

static void end_sessions(struct gateway_worker *w, uint32_t live)
{
    for (struct list *d = w->doors.next; d != &w->doors; d = d->next) {
        struct worker_door *door = LIST_OF(d, struct worker_door, link);
        for (size_t i = 0; i < WORKER_VERSIONS; i++)
            end_in_lane(w, &door->lanes[i], live);
    }
}

/* Only who has logged in was let in; who has not is asked when they do. */
static void end_if_outside(struct gateway_worker *w, struct session *s)
{
    char peer[ADDRESS_TEXT_SIZE];
    address_write_ip(&s->peer, peer);
    if (s->holder && !gate_session_is_inside(w->gate, &s->gate, peer)) session_end(s);
}

static void end_outsiders(struct gateway_worker *w, const struct uuid *database)
{
    for (struct list *d = w->doors.next; d != &w->doors; d = d->next) {
        struct worker_door *door = LIST_OF(d, struct worker_door, link);
        if (!uuid_eq(&door->door->database, database)) continue;
        for (struct list *at = door->sessions.next; at != &door->sessions;) {
            struct session *s = LIST_OF(at, struct session, link);
            at = at->next;
            end_if_outside(w, s);
        }
    }
}

/* --- the end --- */

void revoke_begin(struct gateway_worker *w, struct revoke *r, uint32_t live,
                  const struct uuid *database)
{
    size_t n = 0;
    urcu_memb_read_lock();
    end_sessions(w, live);
    if (!uuid_is_zero(database)) end_outsiders(w, database);
    urcu_memb_read_unlock();
    each(w, &n, count);
    r->marks_n = 0;
    r->marks = calloc(n ? n : 1, sizeof *r->marks);
    if (r->marks) each(w, r, mark);
    r->until_ms = loop_now_ms(worker_loop(w)) + LIMIT_END_MS;
    list_add_last(&w->ends, &r->link);
    loop_flush_later(worker_loop(w), &w->look);
}

struct search {
    const struct upstream *up;
    bool found;
};

static void compare(void *owner, const struct upstream *up)
{
    struct search *s = owner;
    s->found |= up == s->up && upstream_is_ready(up);
}

/* A connection that is gone has lost what it held. */
static void forget_gone(struct gateway_worker *w, struct revoke *r)
{
    for (size_t i = 0; i < r->marks_n;) {
        struct search s = {.up = r->marks[i].up};
        each(w, &s, compare);
        if (s.found)
            i++;
        else
            r->marks[i] = r->marks[--r->marks_n];
    }
}

void revoke_look(struct gateway_worker *w)
{
    const uint64_t now_ms = loop_now_ms(worker_loop(w));
    struct list *at = w->ends.next;
    while (at != &w->ends) {
        struct revoke *r = LIST_OF(at, struct revoke, link);
        at = at->next;
        forget_gone(w, r);
        each(w, r, reach);
        if (r->marks_n > 0 && now_ms < r->until_ms) continue;
        if (r->marks_n > 0) log_line(LOG_WARN, "end_not_awaited", "connections=%zu", r->marks_n);
        list_remove(&r->link);
        free(r->marks);
        r->marks = NULL;
        r->done(r);
    }
    if (!list_is_empty(&w->ends)) {
        loop_start_timer(worker_loop(w), &w->look_again, now_ms + LOOK_AGAIN_MS);
    }
}
