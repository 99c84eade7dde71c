/* Changes of schema of our own, one at a time: carried out by the node of the control connection, then
 * waited for like a client's. */
#include "cluster/cluster_own.h"

#include "cql/request.h"

static void run_done(struct loop *l, struct loop_note *n)
{
    struct cluster_order *o = LOOP_OF(n, struct cluster_order, note);
    (void)l;
    o->done(o);
}

static void finish(struct cluster_order *o, err e)
{
    if (o->cluster && o->cluster->order == o) o->cluster->order = NULL;
    o->result = e;
    o->note.run = run_done;
    loop_post(o->loop, &o->note);
}

/* The node carried it out: that the other nodes do not agree in time does not undo it. */
static void on_agreed(struct cluster_waiter *w, err e)
{
    struct cluster_order *o = LOOP_OF(w, struct cluster_order, agreed);
    (void)e;
    finish(o, DONE);
}

static err carry_out(struct cluster *c, struct cluster_order *o)
{
    int16_t stream;
    size_t begun;
    const struct request_params params = {.consistency = REQUEST_CONSISTENCY_ONE};
    struct upstream_slot *slot = upstream_take(&c->up, &stream);
    if (!slot) return FAIL(NO_NODE);
    slot->statement = CLUSTER_ASK_ORDER;
    slot->flags |= UPSTREAM_SLOT_LONG;
    struct wr *w = upstream_begin(&c->up, stream, 0, OPCODE_QUERY, &begun);
    request_write_query(w, bytes_of_text(o->text), &params);
    return upstream_end(&c->up, stream, begun);
}

static void run_ordered(struct loop *l, struct loop_note *n)
{
    struct cluster_order *o = LOOP_OF(n, struct cluster_order, note);
    struct cluster *c = o->cluster;
    (void)l;
    if (c->closing || !upstream_is_ready(&c->up)) {
        cluster_explain(c, &o->why);
        finish(o, FAIL(NO_NODE));
    } else if (c->order) {
        finish(o, note_fail(&o->why, FAIL(CONFLICT),
                            "another keyspace of this database is being made or dropped; try again"));
    } else {
        c->order = o;
        const err e = carry_out(c, o);
        if (!err_is_ok(e)) finish(o, e);
    }
}

void cluster_order(struct cluster *c, struct cluster_order *o)
{
    o->cluster = c;
    o->result = DONE;
    o->why.text[0] = 0;
    o->note.run = run_ordered;
    loop_post(c->set.loop, &o->note);
}

static err refusal(struct cluster_order *o, const struct frame_header *h, bytes body)
{
    struct response_prefix prefix;
    struct response_error e;
    TRY(response_open(h->flags, body, &prefix));
    TRY(response_read_error(prefix.message, &e));
    return note_fail(&o->why, FAIL(UNPROCESSABLE), "the cluster refuses: %.*s",
                     BYTES_FMT(bytes_part(e.message, 0, 300)));
}

void cluster_order_answer(struct cluster *c, const struct frame_header *h, bytes body)
{
    struct cluster_order *o = c->order;
    if (!o) return;
    if (h->opcode == OPCODE_ERROR) {
        finish(o, refusal(o, h, body));
        return;
    }
    o->agreed = (struct cluster_waiter){.loop = c->set.loop, .done = on_agreed};
    cluster_agree(c, &o->agreed);
}

void cluster_order_let_go(struct cluster *c)
{
    if (c->order) c->order->cluster = NULL;
    c->order = NULL;
}

void cluster_order_lost(struct cluster *c)
{
    struct cluster_order *o = c->order;
    if (!o || o->agreed.done) return;    /* on_agreed comes by itself */
    finish(o, note_fail(&o->why, FAIL(PEER_GONE),
                        "the node was lost before it answered; look whether it was carried out"));
}
