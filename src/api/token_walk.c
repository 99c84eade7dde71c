/* Each turn goes on behind the last token that was seen, in the picture as it is by then: it may be another
 * version, whose chunks begin elsewhere. */
#include "api/token_walk.h"

#include "api/token_pictures.h"
#include "index/index.h"
#include "store/store.h"

struct token_walk token_walk_of(const struct api *api, const struct uuid *scope, bool enterprise,
                                const struct token_walk_eyes *eyes, void *owner)
{
    return (struct token_walk){
        .eyes = eyes,
        .owner = owner,
        .scope = *scope,
        .tokens = (size_t)index_scope(api->index, scope, enterprise).tokens};
}

static void remember(struct token_walk *w, const char id[TOKEN_CLIENT_ID])
{
    memcpy(w->last, id, sizeof w->last);
    w->last_n = sizeof w->last;
}

static void walk_picture(struct token_walk *w, const struct token_picture *p)
{
    size_t from = w->last_n ? token_picture_before(p, w->last, true) : 0;
    size_t i = 0;
    for (; i < p->n && from >= p->chunks[i]->n; i++) from -= p->chunks[i]->n;
    for (w->rows = 0; i < p->n && w->rows < TOKEN_WALK_PICTURE && !w->enough; i++, from = 0) {
        const struct token_chunk *c = p->chunks[i];
        char last[TOKEN_CLIENT_ID];
        token_chunk_id(c, c->n - 1, last);
        remember(w, last);
        w->rows += c->n - from;
        w->enough = !w->eyes->chunk(w->owner, c, from);
    }
    w->done = w->enough || i == p->n;
}

static bool walk_one(void *owner, const struct record *r)
{
    struct token_walk *w = owner;
    const struct record_token *t = &r->of.token;
    remember(w, t->client_id);
    w->rows++;
    w->enough = !w->eyes->token(w->owner, t);
    return !w->enough;
}

static err walk_store(struct token_walk *w, const struct api *api)
{
    w->from_store = true;
    w->rows = 0;
    TRY(store_scan(api->store, RECORD_TOKEN, &w->scope, bytes_of(w->last, w->last_n), TOKEN_WALK_ROWS,
                   walk_one, w, NULL));
    w->done = w->enough || w->rows < TOKEN_WALK_ROWS;
    return DONE;
}

err token_walk_turn(struct token_walk *w, const struct api *api)
{
    struct token_picture *picture = NULL;
    if (w->from_store) return walk_store(w, api);
    switch (token_pictures_turn(api->pictures, api->store, &w->scope, w->tokens, &picture)) {
    case TOKEN_PICTURES_MORE:
        return DONE;
    case TOKEN_PICTURES_NONE:
        return walk_store(w, api);
    case TOKEN_PICTURES_READY:
        break;
    }
    walk_picture(w, picture);
    token_picture_let_go(picture);
    return DONE;
}
