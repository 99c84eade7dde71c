/* USE: a matter between client and gateway; nodes never hear of it. */
#pragma once

#include "cluster/picture.h"
#include "gateway/session.h"

enum envelope_fate use_handle(struct envelope *e, const struct picture *picture, bytes keyspace);
