/* Changes of schema: the answer is held until the nodes agree and the gateway's picture shows it.
 */
#pragma once

#include "gateway/session.h"

/* True: held, it will be passed on (decisions 7.6). False: pass it on now. */
bool agree_hold(struct session *s, int16_t stream, const struct frame_header *h, bytes body);
