/* How often a network may fail to prove who it is, whatever the accounts: so many at once, and so many an
 * hour after that. For one lock: delay.c's. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum {
    DELAY_NETWORK_SETS = 1024, /* networks that are remembered: DELAY_NETWORK_SETS * DELAY_NETWORK_WAYS */
    DELAY_NETWORK_WAYS = 4,
    DELAY_NETWORK_FREE = 100,  /* attempts without any wait */
    DELAY_NETWORK_EACH_MS = 36000 /* one more after so long */
};

/* All zero is empty. */
struct delay_network {
    struct {
        uint64_t who;     /* hash of the network; 0: free */
        uint64_t even_ms; /* when nothing is owed any more: DELAY_NETWORK_EACH_MS for each attempt */
    } sets[DELAY_NETWORK_SETS][DELAY_NETWORK_WAYS];
};

/* How long this network has to wait; 0: not at all. */
uint64_t delay_network_wait(const struct delay_network *d, uint64_t who, uint64_t now_ms);
/* Charges an attempt, and takes one back. In a full set the network that owes least is forgotten. */
void delay_network_charge(struct delay_network *d, uint64_t who, uint64_t now_ms);
void delay_network_give_back(struct delay_network *d, uint64_t who);
