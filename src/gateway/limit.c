/* How many clients there are, in all and from each network, counted over all workers. */
#include "gateway/limit.h"

err limit_clients_init(struct limit_clients *c, uint32_t clients_max, uint32_t per_address)
{
    TRY(source_limit_new(clients_max, per_address, &c->count));
    pthread_mutex_init(&c->lock, NULL);
    c->per_address = per_address;
    c->local = 0;
    return DONE;
}

void limit_clients_drop(struct limit_clients *c)
{
    if (!c->count) return;
    source_limit_free(c->count);
    c->count = NULL;
    pthread_mutex_destroy(&c->lock);
}

static err enter(struct limit_clients *c, const struct address *peer)
{
    const bool local = address_is_loopback(peer);
    if (local && c->local >= c->per_address) return FAIL(TOO_MANY);
    TRY(source_limit_take(c->count, peer));
    if (local) c->local++;
    return DONE;
}

err limit_clients_enter(struct limit_clients *c, const struct address *peer)
{
    pthread_mutex_lock(&c->lock);
    const err e = enter(c, peer);
    pthread_mutex_unlock(&c->lock);
    return e;
}

void limit_clients_leave(struct limit_clients *c, const struct address *peer)
{
    pthread_mutex_lock(&c->lock);
    source_limit_give(c->count, peer);
    if (address_is_loopback(peer)) c->local--;
    pthread_mutex_unlock(&c->lock);
}

size_t limit_clients_count(struct limit_clients *c)
{
    pthread_mutex_lock(&c->lock);
    const size_t n = source_limit_open(c->count);
    pthread_mutex_unlock(&c->lock);
    return n;
}
