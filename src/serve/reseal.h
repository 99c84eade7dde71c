/* Sealed secrets follow the newest server key, so that an older one can be retired without losing them. */
#pragma once

#include "model/principal.h"
#include "model/seal.h"

struct gate;
struct index;
struct store;

/* Every cluster password that an older key of `keys` sealed is sealed anew with the newest and committed,
 * all or none. May block; not on the control thread. On failure nothing was lost. */
MUST err reseal_all(struct gate *gate, struct index *index, struct store *store,
                    const struct server_keys *keys, const struct principal *who, struct note *note);
