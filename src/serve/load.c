#include "serve/load.h"

#include "index/index.h"
#include "store/store.h"

#include <stdlib.h>

enum { PAGE = 65536, BATCH = 256, BATCH_BYTES = 16 << 20, PICTURE_MAX = 1 << 30 };

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

/* Tokens go to the index by the batch. */
struct token_load {
    struct index *index;
    struct arena arena;
    struct change batch[BATCH];
    size_t n;
    char last[RECORD_ID_MAX];
    size_t last_n;
    size_t seen;
    err result;
};

static void apply_batch(struct token_load *l)
{
    if (l->n > 0) l->result = index_apply(l->index, l->batch, l->n, NULL);
    l->n = 0;
    arena_reset(&l->arena);
}

static bool take_token(void *owner, const struct record *r)
{
    struct token_load *l = owner;
    struct change *c = &l->batch[l->n];
    *c = (struct change){.verb = CHANGE_PUT, .record = *r};
    struct record_token *t = &c->record.of.token;
    const size_t roles_bytes = t->roles_n * sizeof *t->roles;
    struct uuid *roles = arena_take_array(&l->arena, t->roles_n, sizeof *roles);
    if (roles && t->roles_n) memcpy(roles, t->roles, roles_bytes);
    t->roles = roles;
    t->description = arena_copy(&l->arena, t->description);
    t->created_by = arena_copy(&l->arena, t->created_by);
    c->record.unknown = (bytes){0}; /* the index keeps nothing of it */
    l->result = l->arena.bad ? FAIL(NO_MEMORY) : DONE;
    l->last_n = record_id(r, l->last);
    l->seen++;
    if (++l->n == BATCH) apply_batch(l);
    return err_is_ok(l->result);
}

static err scan_tokens(struct store *s, struct token_load *l)
{
    do {
        l->seen = 0;
        TRY(store_scan(s, RECORD_TOKEN, NULL, bytes_of(l->last, l->last_n), PAGE, take_token, l, NULL));
        TRY(l->result);
    } while (l->seen == PAGE);
    apply_batch(l);
    return l->result;
}

static err load_tokens(struct store *s, struct index *x)
{
    struct token_load *l = calloc(1, sizeof *l);
    if (!l) return FAIL(NO_MEMORY);
    l->index = x;
    l->result = DONE;
    arena_init(&l->arena, BATCH_BYTES);
    const err e = scan_tokens(s, l);
    arena_drop(&l->arena);
    free(l);
    return e;
}

static err load_others(struct store *s, struct index *x, struct collected *c)
{
    for (unsigned kind = 1; kind < RECORD_KINDS_END; kind++) {
        if (!record_is_listed((enum record_kind)kind)) continue;
        TRY(store_scan(s, (enum record_kind)kind, NULL, (bytes){0}, SIZE_MAX, collect, c, NULL));
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
