/* Control: the thread that alone writes the index. It takes what the store has committed to the index,
 * to the live sessions and to the audit chain, and only then lets the answers go out. */
#pragma once

#include "loop/loop.h"
#include "model/record.h"

struct audit;
struct control;
struct gateway;
struct index;
struct server_keys;
struct store_batch;
struct token_pictures;

enum {
    CONTROL_ACK_MS = 250,         /* a revocation waits so long for the workers */
    CONTROL_EXPIRY_STEP_MS = 60000 /* the clock is looked at this often, in case it was set */
};

struct control_options {
    struct loop *loop;            /* borrowed, as all that follows */
    struct index *index;
    struct audit *audit;
    struct token_pictures *pictures;
    void *owner;
    /* A database was registered or edited, or removed; on the loop. */
    void (*database_put)(void *owner, const struct record_database *database);
    void (*database_removed)(void *owner, const struct uuid *id);
};

MUST err control_new(const struct control_options *options, struct control **out);
/* The gateway may come later than the first batch. */
void control_set_gateway(struct control *c, struct gateway *g);
/* Begins to watch expiry. */
void control_start(struct control *c);
/* Takes no more batches; what is under way is finished first. */
void control_free(struct control *c);

/* store_ports.committed; on the store's writer thread. */
void control_committed(void *owner, struct store_batch *b);
