/* Open sessions: the API's question in the gateway's words. */
#include "serve/port_sessions.h"

#include "gateway/gateway.h"
#include "index/access.h"

#include <stdio.h>
#include <stdlib.h>

struct asking {
    struct gateway_sessions gateway;
    struct api_sessions *api;
    struct access list;
    char client_id[TOKEN_CLIENT_ID + 1];
};

static void forget(struct asking *a)
{
    access_drop(&a->list);
    free(a);
}

static void done(struct gateway_sessions *q)
{
    struct asking *a = LOOP_OF(q, struct asking, gateway);
    struct api_sessions *to = a->api;
    struct api_session *rows = arena_take_array(&to->rq->call.arena, q->n, sizeof *rows);
    to->open = q->open;
    to->count = q->count;
    to->n = rows ? q->n : 0;
    to->rows = rows;
    for (size_t i = 0; i < to->n; i++) {
        rows[i].database = q->rows[i].database;
        rows[i].since_ms = q->rows[i].since_ms;
        (void)snprintf(rows[i].client_id, sizeof rows[i].client_id, "%s", q->rows[i].client_id);
        (void)snprintf(rows[i].from, sizeof rows[i].from, "%s", q->rows[i].from);
        (void)snprintf(rows[i].by, sizeof rows[i].by, "%s", q->rows[i].by);
    }
    forget(a);
    to->done(to);
}

err port_sessions_ask(struct gateway *g, struct api_sessions *q)
{
    struct asking *a = calloc(1, sizeof *a);
    if (!a) return FAIL(NO_MEMORY);
    a->api = q;
    (void)snprintf(a->client_id, sizeof a->client_id, "%.*s", BYTES_FMT(q->client_id));
    a->gateway = (struct gateway_sessions){
        .client_id = a->client_id, .live = q->live, .loop = q->rq->loop, .done = done};
    err e = q->list ? access_of(&a->list, q->list) : DONE;
    if (q->list) {
        a->gateway.list = &a->list;
        a->gateway.database = q->list->id;
    }
    if (err_is_ok(e)) e = gateway_list_sessions(g, &a->gateway);
    if (!err_is_ok(e)) forget(a);
    return e;
}
