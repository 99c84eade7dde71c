#include "serve/load.h"

#include "index/index.h"
#include "store/store.h"

#include <stdlib.h>

enum { PAGE = 4096, PICTURE_MAX = 1 << 30 };

/* Records other than tokens, copied out of the scan, so that the snapshot is built once. */
struct collected {
    struct arena arena;
    struct change *list;
    size_t n;
    size_t size;
    err result;
};

static bool make_room(struct collected *c)
{
    if (c->n < c->size) return true;
    const size_t size = c->size ? c->size * 2 : 64;
    struct change *list = realloc(c->list, size * sizeof *list);
    if (!list) return false;
    c->list = list;
    c->size = size;
    return true;
}

/* Encoding and decoding again is the one deep copy that keeps unknown fields. */
static err copy_record(struct arena *a, const struct record *from, struct record *to)
{
    struct wr w = wr_growing(RECORD_BODY_MAX);
    record_write(from, &w);
    const bytes body = w.bad ? (bytes){0} : arena_copy(a, wr_view(&w));
    wr_drop(&w);
    if (w.bad || a->bad) return FAIL(NO_MEMORY);
    to->version = from->version;
    return record_read(from->kind, body, a, to);
}

static bool collect(void *owner, const struct record *r)
{
    struct collected *c = owner;
    c->result = make_room(c) ? DONE : FAIL(NO_MEMORY);
    if (!err_is_ok(c->result)) return false;
    struct change *change = &c->list[c->n];
    *change = (struct change){.verb = CHANGE_PUT};
    c->result = copy_record(&c->arena, r, &change->record);
    if (!err_is_ok(c->result)) return false;
    c->n++;
    return true;
}

struct token_load {
    struct index *index;
    char last[RECORD_ID_MAX];
    size_t last_n;
    size_t seen;
    err result;
};

static bool apply_token(void *owner, const struct record *r)
{
    struct token_load *l = owner;
    const struct change change = {.verb = CHANGE_PUT, .record = *r};
    l->result = index_apply(l->index, &change, 1, NULL);
    l->last_n = record_id(r, l->last);
    l->seen++;
    return err_is_ok(l->result);
}

static err load_tokens(struct store *s, struct index *x)
{
    struct token_load l = {.index = x, .result = DONE};
    do {
        l.seen = 0;
        TRY(store_scan(s, RECORD_TOKEN, NULL, bytes_of(l.last, l.last_n), PAGE, apply_token, &l, NULL));
        TRY(l.result);
    } while (l.seen == PAGE);
    return DONE;
}

static err load_others(struct store *s, struct index *x, struct collected *c)
{
    static const enum record_kind kinds[] = {RECORD_ENTERPRISE, RECORD_ORGANIZATION, RECORD_DATABASE,
                                             RECORD_ROLE};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        TRY(store_scan(s, kinds[i], NULL, (bytes){0}, SIZE_MAX, collect, c, NULL));
        TRY(c->result);
    }
    return index_apply(x, c->list, c->n, NULL);
}

err load_index(struct store *s, struct index *x, struct note *note)
{
    struct store_numbers numbers;
    struct collected c = {.result = DONE};
    arena_init(&c.arena, PICTURE_MAX);
    TRY(store_count(s, &numbers));
    TRY(index_reserve(x, numbers.records[RECORD_TOKEN]));
    err e = load_others(s, x, &c);
    if (err_is_ok(e)) e = load_tokens(s, x);
    arena_drop(&c.arena);
    free(c.list);
    if (err_is_ok(e)) return DONE;
    return note_fail(note, e, "the store's contents could not be loaded: %s; `latchkey store check` "
                              "says more", err_text(e));
}
