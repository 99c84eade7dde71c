/* The stream table of an upstream: which ids are free, and how old those in flight are. For the
 * files of the upstream only. */
#pragma once

#include "upstream/upstream.h"

MUST err upstream_slot_init(struct upstream *u);
void upstream_slot_drop(struct upstream *u);
/* Sent: its deadline runs from now. */
void upstream_slot_sent(struct upstream *u, struct upstream_slot *slot);
void upstream_slot_free(struct upstream *u, struct upstream_slot *slot);
/* Its answer is not waited for any more: on_expired, then an orphan. */
void upstream_slot_expire(struct upstream *u, struct upstream_slot *slot);
/* Deadlines that have passed: on_expired, then orphans. True when so many clients left so long ago
 * that the connection should be replaced. */
bool upstream_slot_sweep(struct upstream *u, uint64_t now_ms);
/* Tells every owner that its request is lost, and frees all. */
void upstream_slot_lose_all(struct upstream *u);
