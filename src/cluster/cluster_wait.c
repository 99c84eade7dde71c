/* Those who wait for a cluster: for a reading that began after they asked, or for all live nodes to
 * agree on the schema. */
#include "cluster/cluster_own.h"

#include "cql/request.h"

#include <stdlib.h>

static void run_done(struct loop *l, struct loop_note *n)
{
    struct cluster_waiter *w = LOOP_OF(n, struct cluster_waiter, note);
    (void)l;
    w->done(w, w->result);
}

static void finish(struct cluster_waiter *w, err e)
{
    list_remove(&w->link);
    /* Who waited for agreement in vain hears that, whatever the reading brought. */
    if (err_is_ok(w->result)) w->result = e;
    w->note.run = run_done;
    loop_post(w->loop, &w->note);
}

void cluster_wait_end(struct list *waiters, err e)
{
    while (list_first(waiters)) {
        finish(LIST_OF(list_first(waiters), struct cluster_waiter, link), e);
    }
}

/* --- asking --- */

static void look_again(struct cluster *c)
{
    loop_start_timer(c->set.loop, &c->step, loop_now_ms(c->set.loop) + CLUSTER_AGREEMENT_STEP_MS);
}

/* The node that carried the change out tells the others as it answers: of several nodes the one
 * that we ask may not have heard yet, and would agree with all about what was before. */
static void poll_soon(struct cluster *c)
{
    const struct picture *p = cluster_picture(c);
    if (p && p->nodes_n > 1) {
        look_again(c);
    } else {
        cluster_wait_poll(c);
    }
}

static void run_asked(struct loop *l, struct loop_note *n)
{
    struct cluster_waiter *w = LOOP_OF(n, struct cluster_waiter, note);
    struct cluster *c = w->cluster;
    w->due_ms = loop_now_ms(l) + CLUSTER_AGREEMENT_MS;
    list_init(&w->link);
    if (c->closing || !upstream_is_ready(&c->up)) {
        finish(w, FAIL(PEER_GONE));
    } else if (w->agreement) {
        list_add_last(&c->agreeing, &w->link);
        poll_soon(c);
    } else {
        list_add_last(&c->asking, &w->link);
        cluster_read_now(c);
    }
}

static void ask(struct cluster *c, struct cluster_waiter *w, bool agreement)
{
    w->cluster = c;
    w->agreement = agreement;
    w->result = DONE;
    w->note.run = run_asked;
    loop_post(c->set.loop, &w->note);
}

void cluster_reload(struct cluster *c, struct cluster_waiter *w)
{
    ask(c, w, false);
}

void cluster_agree(struct cluster *c, struct cluster_waiter *w)
{
    ask(c, w, true);
}

/* Agreed or not: what the picture shows is what those who waited go on with. */
static void hand_to_reading(struct cluster *c, struct cluster_waiter *w, err e)
{
    list_remove(&w->link);
    w->result = e;
    w->due_ms = loop_now_ms(c->set.loop) + CLUSTER_RELOAD_MS;
    list_add_last(&c->asking, &w->link);
}

static void sweep(struct list *waiters, uint64_t now_ms)
{
    struct list *next;
    for (struct list *i = waiters->next; i != waiters; i = next) {
        struct cluster_waiter *w = LIST_OF(i, struct cluster_waiter, link);
        next = i->next;
        if (now_ms >= w->due_ms) finish(w, FAIL(TIMED_OUT));
    }
}

/* Those who waited for agreement in vain go on with what there is, read anew if that is possible.
 */
static void give_up(struct cluster *c, struct list *waiters, uint64_t now_ms)
{
    struct list *next;
    for (struct list *i = waiters->next; i != waiters; i = next) {
        struct cluster_waiter *w = LIST_OF(i, struct cluster_waiter, link);
        next = i->next;
        if (now_ms < w->due_ms) continue;
        if (upstream_is_ready(&c->up)) {
            hand_to_reading(c, w, FAIL(TIMED_OUT));
            cluster_read_now(c);
        } else {
            finish(w, FAIL(TIMED_OUT));
        }
    }
}

void cluster_wait_sweep(struct cluster *c, uint64_t now_ms)
{
    sweep(&c->asking, now_ms);
    sweep(&c->served, now_ms);
    give_up(c, &c->agreeing, now_ms);
    give_up(c, &c->polled, now_ms);
}

/* --- agreement --- */

static void poll_ask(struct cluster *c, enum cluster_ask ask_for, const char *text)
{
    int16_t stream;
    size_t begun;
    const struct request_params params = {.consistency = REQUEST_CONSISTENCY_ONE};
    struct upstream_slot *slot = upstream_take(&c->up, &stream);
    if (!slot) return;
    slot->statement = ask_for;
    struct wr *w = upstream_begin(&c->up, stream, 0, OPCODE_QUERY, &begun);
    request_write_query(w, bytes_of_text(text), &params);
    if (err_is_ok(upstream_end(&c->up, stream, begun))) c->polls++;
}

void cluster_wait_poll(struct cluster *c)
{
    if (c->polls || !upstream_is_ready(&c->up)) return;
    while (list_first(&c->agreeing)) {
        struct list *item = list_first(&c->agreeing);
        list_remove(item);
        list_add_last(&c->polled, item);
    }
    if (list_is_empty(&c->polled)) return;
    c->poll_agrees = true;
    c->poll_version = (struct uuid){0};
    poll_ask(c, CLUSTER_ASK_LOCAL, "SELECT schema_version FROM system.local");
    poll_ask(c, CLUSTER_ASK_PEERS, "SELECT peer, rpc_address, schema_version FROM system.peers");
}

static bool is_down(const struct cluster *c, bytes address)
{
    for (size_t i = 0; i < c->down_n; i++) {
        if (bytes_eq(bytes_of(c->down[i].b, c->down[i].n), address)) return true;
    }
    return false;
}

/* A row's last cell is the version, those before are addresses. */
static void compare_row(struct cluster *c, const bytes *cells, uint32_t n)
{
    struct uuid version;
    for (uint32_t i = 0; i + 1 < n; i++) {
        if (cells[i].n && is_down(c, cells[i])) return;
    }
    if (cells[n - 1].n != sizeof version.b) return;
    memcpy(version.b, cells[n - 1].p, sizeof version.b);
    if (uuid_is_zero(&c->poll_version)) c->poll_version = version;
    if (!uuid_eq(&version, &c->poll_version)) c->poll_agrees = false;
}

static err compare_rows(struct cluster *c, const struct frame_header *h, bytes body)
{
    enum { POLL_COLUMNS = 3 };
    struct response_prefix prefix;
    struct response_rows rows;
    enum response_kind kind;
    bytes rest;
    bytes cells[POLL_COLUMNS];
    bool null;
    TRY(response_open(h->flags, body, &prefix));
    TRY(response_read_kind(prefix.message, &kind, &rest));
    if (kind != RESPONSE_ROWS) return FAIL(FRAME_BAD);
    TRY(response_read_rows(rest, &rows));
    if (rows.meta.columns_n > POLL_COLUMNS) return FAIL(FRAME_BAD);
    struct rd r = rd_over(rows.cells);
    for (uint32_t i = 0; i < rows.rows_n; i++) {
        for (uint32_t k = 0; k < rows.meta.columns_n; k++)
            TRY(response_next_cell(&r, &cells[k], &null));
        compare_row(c, cells, rows.meta.columns_n);
    }
    return DONE;
}

void cluster_wait_poll_answer(struct cluster *c, enum cluster_ask ask_for,
                              const struct frame_header *h, bytes body)
{
    (void)ask_for;
    if (c->polls == 0) return;
    if (h->opcode != OPCODE_RESULT || !err_is_ok(compare_rows(c, h, body))) c->poll_agrees = false;
    c->polls--;
    if (c->polls) return;
    if (!c->poll_agrees) {
        look_again(c);
        return;
    }
    while (list_first(&c->polled)) {
        hand_to_reading(c, LIST_OF(list_first(&c->polled), struct cluster_waiter, link), DONE);
    }
    cluster_read_now(c);
    cluster_wait_poll(c); /* for those who came while this one was under way */
}

void cluster_wait_node_status(struct cluster *c, bytes address, bool up)
{
    size_t at = 0;
    while (at < c->down_n && !bytes_eq(bytes_of(c->down[at].b, c->down[at].n), address))
        at++;
    if (up) {
        if (at < c->down_n) c->down[at] = c->down[--c->down_n];
    } else if (at == c->down_n && c->down_n < CLUSTER_DOWN_MAX &&
               address.n <= PICTURE_ADDRESS_MAX) {
        memcpy(c->down[at].b, address.p, address.n);
        c->down[at].n = (uint8_t)address.n;
        c->down_n++;
    }
}
