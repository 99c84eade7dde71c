/* A token's end, told to every worker; and what goes once all of them have heard it. */
#include "gateway/gateway_inside.h"
#include "gateway/revoke.h"
#include "gateway/statement_record.h"

#include <stdlib.h>

/* One worker's part of a token's end. */
struct gateway_end_note {
    struct loop_note note;
    struct revoke revoke;
    struct gateway_end *end;
    struct gateway_worker *worker;
};

/* No session of it prepares any more, so what it had prepared makes room. */
static void forget_statements(const struct gateway *g, uint32_t live)
{
    for (struct list *at = g->doors.next; at != &g->doors; at = at->next)
        statement_record_forget(LIST_OF(at, struct door, link)->records, live);
}

static void ended(struct gateway_end *e)
{
    if (e->live != GATEWAY_NOBODY) forget_statements(e->gateway, e->live);
    free(e->notes);
    e->notes = NULL;
    e->done(e);
}

static void run_acknowledged(struct loop *l, struct loop_note *n)
{
    (void)l;
    struct gateway_end *e = LOOP_OF(n, struct gateway_end_note, note)->end;
    if (--e->missing == 0) ended(e);
}

static void acknowledge(struct revoke *r)
{
    struct gateway_end_note *part = LIST_OF(r, struct gateway_end_note, revoke);
    part->note.run = run_acknowledged;
    loop_post(part->end->gateway->set.control, &part->note);
}

static void run_end(struct loop *l, struct loop_note *n)
{
    (void)l;
    struct gateway_end_note *part = LOOP_OF(n, struct gateway_end_note, note);
    part->revoke.done = acknowledge;
    revoke_begin(part->worker, &part->revoke, part->end->live, &part->end->database);
}

void gateway_token_ended(struct gateway *g, struct gateway_end *e)
{
    e->gateway = g;
    e->missing = g->workers_n;
    e->notes = calloc(g->workers_n, sizeof *e->notes);
    if (!e->notes) {
        ended(e);
        return;
    }
    for (unsigned i = 0; i < g->workers_n; i++) {
        e->notes[i] =
            (struct gateway_end_note){.note = {.run = run_end}, .end = e, .worker = &g->workers[i]};
        loop_post(worker_loop(&g->workers[i]), &e->notes[i].note);
    }
}
