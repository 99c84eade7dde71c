/* What the gate's own files share. */
#pragma once

#include "gate/gate.h"
#include "identity/identity.h"
#include "policy/policy.h"

#include <stdatomic.h>

/* The longest resource name as text; cut where it does not fit. */
enum { GATE_DRN_SIZE = 400 };

struct gate_keys {
    struct grace grace;
    struct identity_keys keys;
    struct server_keys plain;
};

struct gate {
    struct index *index;
    bytes prefixes[GATE_PREFIXES_MAX];
    size_t prefixes_n;
    struct event_sink events;
    _Atomic(struct gate_keys *) keys;
    struct gate_rekey_sink rekey;
    uint8_t prefix_text[GATE_PREFIXES_MAX][TOKEN_PREFIX_MAX];
};

/* The principal lives and its time has not come. */
bool gate_is_live(const struct gate *g, const struct principal *who, int64_t now_ms);
/* The decision itself: the operator may everything, nobody else anything that no role allows. */
bool gate_decide(const struct gate *g, const struct principal *who, const struct ask *ask);

void gate_write_drn(const struct resource *on, char out[GATE_DRN_SIZE]);
/* NOT_ALLOWED with the missing pair in the call's note, and a record of the refusal. */
err gate_refuse(const struct gate *g, struct call *call, const struct ask *ask);

/* Fills in e->change; the verdict is known. */
void gate_tell_change(const struct policy_subject *who, const struct ask *ask,
                      struct gate_explanation *e);

/* OUTSIDE, said in the note and recorded: the caller's organization does not let this address use its
 * API. */
err gate_check_api_list(const struct gate *g, struct call *call);
struct gate *gate_of_worker(const struct gate_worker *w);

/* The call's caller, when it is a token, is refused for this. */
void gate_note_refusal(struct call *call, enum refusal reason);

/* One event about the call; `action` may be ACTIONS for none. */
struct gate_event {
    const char *name;
    const char *outcome;
    bytes subject;
    enum action action;
    const char *on;       /* resource name, or NULL */
    const char *reason;   /* or NULL */
};
void gate_record(const struct gate *g, const struct call *call, const struct gate_event *e);
