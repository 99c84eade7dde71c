/* Holds stand in a table of their own, by token and statement, for every EXECUTE asks for one. */
#include "gateway/statement_share.h"

#include <stdlib.h>

err statement_share_table_init(struct statement_shares *t)
{
    *t = (struct statement_shares){.seed = hash_seed_new()};
    return shared_table_init(&t->holds);
}

void statement_share_table_drop(struct statement_shares *t)
{
    shared_table_drop(&t->holds);
}

/* Numbers are ours and tokens' numbers are small: one keyed multiplication spreads them. */
static uint64_t hash_of(const struct statement_shares *t, const struct principal *who,
                        uint64_t number)
{
    __extension__ typedef unsigned __int128 wide;
    const uint64_t token = who->live_word ^ (uint64_t)who->live << 32;
    const wide product = (wide)(number ^ t->seed.k0) * (token ^ t->seed.k1);
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

struct key {
    uint64_t number;
    const struct principal *who;
};

static bool is_hold(const void *item, const void *key)
{
    const struct statement_hold *h = item;
    const struct key *k = key;
    return h->number == k->number && h->live == k->who->live && h->live_word == k->who->live_word;
}

bool statement_share_has(const struct statement_shares *t, const struct principal *who,
                         uint64_t number)
{
    const struct key key = {number, who};
    return shared_table_find(&t->holds, hash_of(t, who, number), is_hold, &key) != NULL;
}

static struct statement_share *share_of(struct statement_shares *t, const struct principal *who)
{
    struct statement_share **at = &t->buckets[who->live % STATEMENT_SHARE_BUCKETS];
    while (*at && ((*at)->live != who->live || (*at)->live_word != who->live_word))
        at = &(*at)->next;
    if (!*at) {
        *at = calloc(1, sizeof **at);
        if (!*at) return NULL;
        (*at)->live = who->live;
        (*at)->live_word = who->live_word;
        list_init(&(*at)->holds);
    }
    return *at;
}

static void drop_if_empty(struct statement_shares *t, struct statement_share *s)
{
    if (s->n > 0) return;
    struct statement_share **at = &t->buckets[s->live % STATEMENT_SHARE_BUCKETS];
    while (*at != s)
        at = &(*at)->next;
    *at = s->next;
    free(s);
}

err statement_share_hold(struct statement_shares *t, const struct principal *who,
                         struct statement_record *r, uint64_t number, size_t size,
                         struct list *of_record, struct statement_share **out)
{
    TRY(shared_table_reserve(&t->holds));
    struct statement_share *s = share_of(t, who);
    if (!s) return FAIL(NO_MEMORY);
    struct statement_hold *h = calloc(1, sizeof *h);
    if (!h) {
        drop_if_empty(t, s);
        return FAIL(NO_MEMORY);
    }
    h->share = s;
    h->record = r;
    h->number = number;
    h->live = who->live;
    h->live_word = who->live_word;
    h->hash = hash_of(t, who, number);
    list_add_last(&s->holds, &h->of_share);
    list_add_last(of_record, &h->of_record);
    s->n++;
    s->bytes_n += size + sizeof *h;
    shared_table_put(&t->holds, h->hash, h);
    *out = s;
    return DONE;
}

static void free_hold(struct grace *g)
{
    free(LIST_OF(g, struct statement_hold, grace));
}

void statement_share_let_go(struct statement_shares *t, struct statement_hold *h, size_t size)
{
    struct statement_share *s = h->share;
    shared_table_take(&t->holds, h->hash, h);
    list_remove(&h->of_share);
    list_remove(&h->of_record);
    s->n--;
    s->bytes_n -= size + sizeof *h;
    drop_if_empty(t, s);
    grace_call(&h->grace, free_hold);
}

struct statement_share *statement_share_find(const struct statement_shares *t, uint32_t live)
{
    struct statement_share *s = t->buckets[live % STATEMENT_SHARE_BUCKETS];
    while (s && s->live != live)
        s = s->next;
    return s;
}

struct statement_share *statement_share_largest(const struct statement_shares *t)
{
    struct statement_share *most = NULL;
    for (size_t i = 0; i < STATEMENT_SHARE_BUCKETS; i++) {
        for (struct statement_share *s = t->buckets[i]; s; s = s->next) {
            if (!most || s->bytes_n > most->bytes_n) most = s;
        }
    }
    return most;
}
