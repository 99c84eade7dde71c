/* Sealed secrets follow the newest server key, so that an older one can be retired without losing them. */
#pragma once

#include "model/principal.h"
#include "model/seal.h"

struct gate;
struct index;
struct store;

/* What is sealed: passwords of clusters, second factors of people, tokens of audit exports. */
enum reseal_kind { RESEAL_DATABASES, RESEAL_PEOPLE, RESEAL_EXPORTS, RESEAL_KINDS };

/* How many of a kind this key has sealed. */
size_t reseal_count(struct index *index, enum reseal_kind kind, uint16_t key);

/* Everything that an older key of `keys` sealed is sealed anew with the newest and committed,
 * all or none. May block; not on the control thread. On failure nothing was lost. */
MUST err reseal_all(struct gate *gate, struct index *index, struct store *store,
                    const struct server_keys *keys, const struct principal *who, struct note *note);
