/* STARTUP and the login of the service role. For the files of the upstream only. */
#pragma once

#include "upstream/upstream.h"

/* Connected: sends STARTUP. */
void upstream_login_begin(struct upstream *u);
/* An answer before the connection is ready. */
void upstream_login_answer(struct upstream *u, const struct frame_header *h, bytes body);
