/* The server keys while the daemon runs: listed, rotated, retired. The file, the store's proofs and the
 * gate follow one another, so that a crash between them leaves a daemon that starts. */
#pragma once

#include "http/json_out.h"
#include "model/call.h"

#include <pthread.h>

struct audit;
struct gate;
struct index;
struct store;

/* Everything is borrowed. One change at a time. */
struct keyring {
    const char *path;            /* of the key file */
    struct audit *audit;
    struct gate *gate;
    struct index *index;
    struct store *store;
    pthread_mutex_t lock;
};

/* The ports of the same names (api/api.h); on a work thread. */
MUST err keyring_list(struct keyring *k, struct json_out *j, struct note *note);
MUST err keyring_rotate(struct keyring *k, const struct call *call, struct json_out *j,
                        struct note *note);
MUST err keyring_retire(struct keyring *k, const struct call *call, uint16_t id, bool force,
                        struct json_out *j, struct note *note);
/* The gate gets what the file says. On the control thread, which must not wait for a change: one that is
 * under way gives the gate its keys itself. */
MUST err keyring_reload(struct keyring *k, struct note *note);
