/* A cursor is the place in the order, so that what comes and goes neither repeats nor hides what stays. */
#include "api/token_page.h"

#include "api/token_pictures.h"
#include "api/token_select.h"
#include "api/token_sorted.h"

struct token_paging {
    const struct token_filter *filter;
    const struct token_life *life;
    struct wr *scratch;
    size_t tokens;
    struct token_place_in_order after;
    bool has_after;
    struct token_sorting *sorting; /* there is no picture */
    bool done;
};

void token_page_total(struct http_request *rq, size_t n)
{
    const char *text = arena_format(&rq->call.arena, "%zu", n);
    if (text) http_add_header(rq, "X-Latchkey-Total", text);
}

err token_page_begin(struct http_request *rq, const struct token_filter *f,
                     const struct token_life *life, struct wr *scratch, size_t tokens,
                     struct token_paging **out)
{
    struct token_paging *p = arena_take(&rq->call.arena, sizeof *p);
    if (!p) return FAIL(NO_MEMORY);
    *p = (struct token_paging){.filter = f, .life = life, .scratch = scratch, .tokens = tokens};
    p->has_after = f->page.after.n > 0;
    if (p->has_after && !token_order_read_place(f, f->page.after, &p->after)) {
        return note_fail(&rq->call.note, FAIL(BAD_INPUT),
                         "starting_after is not of a list that is sorted so");
    }
    *out = p;
    return DONE;
}

static void link_next(struct http_request *rq, const struct token_filter *f,
                      const struct token_pick *last)
{
    uint8_t room[3 * TOKEN_SORT_KEY];
    struct wr cursor = wr_fixed(room, sizeof room);
    struct token_place_in_order place;
    token_select_place(f, last, &place);
    token_order_write_place(f, &place, &cursor);
    page_link(rq, &f->page, wr_view(&cursor));
}

static err write_picks(struct http_request *rq, const struct token_paging *p,
                       const struct token_selection *found)
{
    struct json_out j = json_out_to(http_json(rq, 200));
    json_out_object(&j);
    json_out_key(&j, "clients");
    json_out_array(&j);
    for (size_t i = 0; i < found->n; i++) {
        struct record_token t;
        token_chunk_row(found->picks[i].chunk, found->picks[i].row, &t);
        token_shown_write(&j, &t, p->life);
    }
    json_out_end(&j);
    json_out_end(&j);
    token_page_total(rq, found->total);
    if (found->more) link_next(rq, p->filter, &found->picks[found->n - 1]);
    return j.w->bad ? FAIL(NO_MEMORY) : DONE;
}

static err page_of(struct http_request *rq, const struct token_paging *p,
                   const struct token_picture *picture)
{
    struct token_selection found;
    struct token_pick *room =
        arena_take_array(&rq->call.arena, p->filter->page.limit + 1, sizeof *room);
    if (!room) return FAIL(NO_MEMORY);
    token_select(picture, p->filter, p->life, p->has_after ? &p->after : NULL, room, &found);
    return write_picks(rq, p, &found);
}

static err sort_some(struct http_request *rq, struct token_paging *p)
{
    if (!p->sorting) {
        TRY(token_sorted_begin(rq, p->filter, p->life, p->scratch, p->has_after ? &p->after : NULL,
                               &p->sorting));
    }
    TRY(token_sorted_turn(rq, p->sorting));
    p->done = token_sorted_is_done(p->sorting);
    return DONE;
}

err token_page_turn(struct http_request *rq, struct token_paging *p)
{
    const struct api *api = api_of(rq);
    struct token_picture *picture = NULL;
    if (p->sorting) return sort_some(rq, p);
    switch (token_pictures_turn(api->pictures, api->store, &rq->call.who.scope, p->tokens,
                                &picture)) {
    case TOKEN_PICTURES_MORE:
        return DONE;
    case TOKEN_PICTURES_NONE:
        return sort_some(rq, p);
    case TOKEN_PICTURES_READY:
        break;
    }
    const err e = page_of(rq, p, picture);
    token_picture_let_go(picture);
    p->done = true;
    return e;
}

bool token_page_is_done(const struct token_paging *p)
{
    return p->done;
}
