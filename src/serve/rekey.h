/* Re-keying: a token that was recognised by an older server key gets the verifier of the newest one,
 * some time after its login. Nothing of it waits: what finds no room is forgotten and comes again with
 * the token's next login. */
#pragma once

#include "gate/gate.h"
#include "loop/work.h"

struct rekey;
struct store;

enum {
    REKEY_WAITING_MAX = 1024,         /* tokens that wait; a login storm fills no more */
    REKEY_BATCH = 64,                 /* tokens under way at once */
    REKEY_PAUSE_MS = 10 * 1000        /* after the store refused one */
};

/* Ends on the control loop; everything is borrowed. */
MUST err rekey_new(struct loop *control, struct work *work, struct gate *gate, struct store *store,
                   struct rekey **out);
/* For gate_set_rekey; offers from any thread, and never waits. */
struct gate_rekey_sink rekey_sink(struct rekey *r);
/* Once nobody offers any more: turns the loop until what is under way has ended. NULL is fine. */
void rekey_free(struct rekey *r);
