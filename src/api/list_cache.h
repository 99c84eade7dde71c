/* Rendered lists that are asked for again and again: one body a scope, good until something of the
 * scope changes or a token in it ends. Any thread. */
#pragma once

#include "base/err.h"
#include "base/wr.h"
#include "model/uuid.h"

struct list_cache;
struct list_body;

enum {
    LIST_CACHE_SCOPES = 16,
    LIST_CACHE_BODY_MAX = 16 << 20, /* longer lists are not kept */
    LIST_CACHE_MAX = 64 << 20,      /* of all together */
    LIST_CACHE_DRAFTS = 4           /* that are gathered at once */
};

MUST err list_cache_new(struct list_cache **out);
void list_cache_free(struct list_cache *c);
/* A number of this process, so that versions of another one are not taken for ours. */
uint64_t list_cache_epoch(const struct list_cache *c);

/* The body as of these changes, or NULL; given back by list_body_give. */
struct list_body *list_cache_take(struct list_cache *c, const struct uuid *scope, uint64_t changes,
                                  int64_t now_ms);
bytes list_body_view(const struct list_body *b);
void list_body_give(struct list_cache *c, struct list_body *b);

/* True: a body may be gathered in a buffer of LIST_CACHE_BODY_MAX; one of the two ends it. */
bool list_cache_begin(struct list_cache *c);
/* Takes the buffer over; the body is good while the changes are these and `until_ms` has not come. */
void list_cache_put(struct list_cache *c, const struct uuid *scope, uint64_t changes,
                    int64_t until_ms, struct wr *body);
void list_cache_abandon(struct list_cache *c, struct wr *body);
