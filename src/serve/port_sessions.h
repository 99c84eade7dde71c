#pragma once

#include "api/api.h"

struct gateway;

/* api_ports.sessions. */
MUST err port_sessions_ask(struct gateway *g, struct api_sessions *q);
