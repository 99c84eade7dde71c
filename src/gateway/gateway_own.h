/* What workers ask of the gateway that they belong to. */
#pragma once

#include "gateway/door.h"
#include "gateway/limit.h"

/* Any thread; all of it stays the same while workers run. */
const struct gateway_limits *gateway_own_limits(const struct gateway *g);
const struct event_sink *gateway_own_events(const struct gateway *g);
struct usage *gateway_own_usage(const struct gateway *g);
struct gate *gateway_own_gate(const struct gateway *g);
struct limit_clients *gateway_own_clients(struct gateway *g);
bool gateway_own_traces(const struct gateway *g);
bool gateway_own_uses_others(const struct gateway *g);
/* Control thread: fills in the loop and what its connections share. */
void gateway_own_cluster_base(struct gateway *g, struct cluster_options *out);

/* A worker's word to the control thread: it has closed the door; it has nothing of it any more. */
void gateway_own_door_left(struct gateway *g, struct door *d);
void gateway_own_door_forgotten(struct gateway *g, struct door *d);
