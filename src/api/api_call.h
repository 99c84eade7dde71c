/* What every handler of the API begins and ends with: the caller's scope, permissions in their
 * usual combinations, and commits that answer when they are durable and in force. */
#pragma once

#include "api/api.h"
#include "api/shapes.h"
#include "gate/gate.h"
#include "index/index.h"
#include "store/store.h"

/* Where a call acts. */
struct api_scope {
    struct uuid id; /* organization or enterprise */
    bool enterprise;
};

static inline struct api *api_of(const struct http_request *rq)
{
    return rq->owner;
}

static inline const struct snapshot *api_snapshot(const struct http_request *rq)
{
    return index_snapshot(api_of(rq)->index);
}

/* A token's own scope. The local operator says it in X-Latchkey-Organization (name or id) or
 * X-Latchkey-Enterprise; otherwise the only organization. Becomes the scope of the principal, too.
 * NOT_FOUND, BAD_INPUT, said in the note. */
MUST err api_call_scope(struct http_request *rq, struct api_scope *out);
/* The same where a path names the organization: the local operator is there, others only at home. */
MUST err api_call_scope_at(struct http_request *rq, bytes named, struct api_scope *out);
/* The resource that stands for the scope itself. */
struct resource api_call_resource(const struct api_scope *scope);
/* Of two actions on organizations and enterprises the one that fits the scope, asked on it. */
struct ask api_call_ask(const struct api_scope *scope, enum action organization,
                        enum action enterprise);

/* Suspends the request and commits; what the handler has filled in as its answer goes out when the
 * change is durable, indexed and in force everywhere here. Everything is copied but the permit. */
struct api_event {
    const char *name;
    bytes subject;
    bytes detail; /* JSON object, or empty */
    struct uuid scope;
};
/* `repeatable`: that the record is gone already is success. */
MUST err api_call_commit(struct http_request *rq, const struct permit *permit,
                         const struct change *changes, size_t n, const struct api_event *event,
                         bool repeatable);

struct uuid api_call_new_uuid(void);
/* A secret, sealed with the newest server key for the record with this id; in the call's arena. NO_MEMORY, also for
 * one over SECRET_MAX. */
MUST err api_call_seal(struct http_request *rq, const struct uuid *record, bytes secret, bytes *out);

/* The caller is a signed-in person. NOT_ALLOWED, said in the note. */
MUST err api_call_person(struct http_request *rq);
/* Before anything that a borrowed browser must not do (decisions 3.5): a person has given password
 * and second factor within API_PROOF_MS. Tokens and the operator prove themselves with every call.
 * PROOF_NEEDED. */
MUST err api_call_proven(struct http_request *rq);
/* A copy for what comes after a wait, in the call's arena. NO_MEMORY. */
MUST err api_call_copy(struct http_request *rq, const struct record *from, struct record *out);
