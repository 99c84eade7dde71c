/* What a network owes is one time: when it will owe nothing. */
#include "people/delay_network.h"

enum { MOST_MS = DELAY_NETWORK_FREE * DELAY_NETWORK_EACH_MS };

/* The lowest bit says only that it is a name. */
static uint64_t set_of(uint64_t who)
{
    return (who >> 1) % DELAY_NETWORK_SETS;
}

/* The way of this network in its set; DELAY_NETWORK_WAYS: it is not there. */
static unsigned find(const struct delay_network *d, uint64_t who)
{
    unsigned i = 0;
    while (i < DELAY_NETWORK_WAYS && d->sets[set_of(who)][i].who != who) i++;
    return i;
}

uint64_t delay_network_wait(const struct delay_network *d, uint64_t who, uint64_t now_ms)
{
    const unsigned i = find(d, who);
    const uint64_t even_ms = i < DELAY_NETWORK_WAYS ? d->sets[set_of(who)][i].even_ms : 0;
    const uint64_t owed_ms = even_ms > now_ms ? even_ms - now_ms : 0;
    return owed_ms + DELAY_NETWORK_EACH_MS > MOST_MS ? owed_ms + DELAY_NETWORK_EACH_MS - MOST_MS : 0;
}

void delay_network_charge(struct delay_network *d, uint64_t who, uint64_t now_ms)
{
    const uint64_t set = set_of(who);
    unsigned i = find(d, who);
    if (i == DELAY_NETWORK_WAYS) {
        i = 0;
        for (unsigned k = 1; k < DELAY_NETWORK_WAYS; k++) {
            if (d->sets[set][k].even_ms < d->sets[set][i].even_ms) i = k;
        }
        d->sets[set][i].who = who;
        d->sets[set][i].even_ms = 0;
    }
    if (d->sets[set][i].even_ms < now_ms) d->sets[set][i].even_ms = now_ms;
    d->sets[set][i].even_ms += DELAY_NETWORK_EACH_MS;
}

void delay_network_give_back(struct delay_network *d, uint64_t who)
{
    const unsigned i = find(d, who);
    if (i < DELAY_NETWORK_WAYS) d->sets[set_of(who)][i].even_ms -= DELAY_NETWORK_EACH_MS;
}
