/* The gate: the only way in. Says who is calling, whether they may, and hands out the permits
 * without which nothing is written or forwarded. Thread safe; callers hold an RCU read section
 * from gate_identify until they have what they asked for (rcu_read_lock), never across a wait. */
#pragma once

#include "base/hash.h"
#include "model/call.h"
#include "model/ports.h"
#include "model/server_key.h"
#include "model/token.h"
#include "statement/statement.h"

struct gate;
struct index;
struct record_membership;
struct record_access_list;
struct role;

enum { GATE_PREFIXES_MAX = 8 };

struct gate_options {
    struct index *index;                 /* borrowed */
    bytes prefixes[GATE_PREFIXES_MAX];   /* of tokens that are accepted, each ending in ':' */
    size_t prefixes_n;
    struct event_sink events;            /* refusals and logins go here */
};

MUST err gate_new(const struct gate_options *options, struct gate **out);
void gate_free(struct gate *g);
/* Replaces the server keys (copied); the former ones are wiped after a grace period. */
void gate_set_keys(struct gate *g, const struct server_keys *keys);
/* The keys in force, lent for the read section; NULL: none are loaded. */
const struct server_keys *gate_server_keys(const struct gate *g);
/* What one of them sealed for the record with this id. Takes its own read section. KEY_MISSING, STORE_DAMAGED. */
MUST err gate_unseal(const struct gate *g, const struct uuid *record, bytes sealed, struct secret *out);

/* A recognised token whose verifier is of an older key, with that of the newest. Offered on the thread
 * of the login, which must not wait; whoever takes it may forget it: it comes again. */
struct gate_rekey {
    char client_id[TOKEN_CLIENT_ID];
    uint16_t from;
    uint16_t to;
    uint8_t verifier[SERVER_KEY_VERIFIER];
};
struct gate_rekey_sink {
    void *owner;
    void (*offer)(void *owner, const struct gate_rekey *r);
};
/* Before anybody logs in. */
void gate_set_rekey(struct gate *g, struct gate_rekey_sink sink);

/* --- HTTP, CLI and the first step of a CQL login --- */

/* Fills call->who. Unknown id, wrong secret, expired and revoked take the same path, the same time
 * and the same error TOKEN_UNKNOWN (TOKEN_MALFORMED for what is no token at all); the reason is in
 * call->note and the audit only. OUTSIDE: recognised, but by HTTP from an address that the access list
 * of the caller's organization does not name. */
MUST err gate_identify(struct gate *g, struct call *call, const struct credential *cred);

/* The same for the holder of a token whom a proxy asks about: they use what is behind the proxy, not the
 * API, and its access list is not theirs. */
MUST err gate_identify_holder(struct gate *g, struct call *call, const struct credential *cred);

/* Decides all n questions; every one must be allowed. On success *out is lent until the call ends.
 * NOT_ALLOWED names the first missing pair in call->note ("missing org-token-write on drn:…"). */
MUST err gate_permit(struct gate *g, struct call *call, const struct ask *asks, size_t n,
                     const struct permit **out);

/* The pair under which a person's own account and sessions are written. */
struct ask gate_own(const struct uuid *person);
/* A permit for that pair: for the person itself and for the local operator. With `asks` more that are
 * decided as usual. NOT_ALLOWED. */
MUST err gate_permit_own(struct gate *g, struct call *call, const struct uuid *person,
                         const struct ask *asks, size_t n, const struct permit **out);
/* The same for somebody who is proving right now who they are (signing in, accepting an invitation):
 * whoever calls this has checked a password or a link's secret. */
const struct permit *gate_permit_proven(struct gate *g, struct call *call,
                                        const struct uuid *person);
/* The pair under which a membership is written, and a permit for it and for gate_own: for somebody
 * who has shown the invitation's secret and who they are. */
struct ask gate_member(const struct record_membership *m);
const struct permit *gate_permit_invited(struct gate *g, struct call *call,
                                         const struct record_membership *m);
/* A permit for the pairs of a call that also writes somebody else's account: gate_permit for `asks`,
 * which must not be empty, and with it gate_own(person). For inviting somebody who has no account. */
MUST err gate_permit_account(struct gate *g, struct call *call, const struct uuid *person,
                             const struct ask *asks, size_t n, const struct permit **out);

/* Records that somebody failed to prove who they are; `person` NULL: no such account. */
void gate_refuse_proof(struct gate *g, struct call *call, const struct uuid *person,
                       const char *reason);

/* Whether one question would be allowed: for leaving things out of lists. Makes no permit. */
bool gate_may(struct gate *g, const struct call *call, const struct ask *ask);
/* Whether some resource of the action's level is allowed at all, known or not (decisions 1.5). */
bool gate_may_anywhere(struct gate *g, const struct call *call, enum action action);

/* gate_permit, and the ceiling (decisions 1.6 to 1.8): every role of `roles` may be handed out by
 * the caller into `scope`. Unknown, foreign or wrong-level role: BAD_INPUT naming it, one wording.
 * `for_users` chooses org-user-write instead of org-token-write as what delegation rests on.
 * ABOVE_CEILING names the first pair that the caller lacks. */
MUST err gate_permit_roles(struct gate *g, struct call *call, const struct ask *asks, size_t n,
                           const struct uuid *scope, bool enterprise, const struct uuid *roles,
                           size_t roles_n, bool for_users, const struct permit **out);

/* gate_permit, and the ceiling for writing a role: what `after` adds to `before` (NULL: created)
 * must be held or delegated; weakening a deny and removing one (`after` NULL) count as adding. */
MUST err gate_permit_role_change(struct gate *g, struct call *call, const struct ask *asks, size_t n,
                                 const struct role *before, const struct role *after,
                                 const struct permit **out);

/* --- access lists: where somebody may come from --- */

/* The call comes from where this list (of a database, or of an organization's API) lets it in. What has
 * no enabled list is open; the UNIX socket is exempt. */
bool gate_is_inside(const struct gate *g, const struct call *call, const struct uuid *list);
/* The same for a list that is not in force yet. */
bool gate_would_admit(const struct call *call, const struct record_access_list *list);
/* The same for somebody who has proved who they are and is of no organization yet: where the list of
 * one that they belong to lets them in, or they belong to none. */
bool gate_person_is_inside(const struct gate *g, const struct call *call,
                           const struct uuid *person);
/* For what is the same for everybody, as the Portal's files are: whoever no organization and no
 * enterprise would hear does not get it. OUTSIDE, said in the note. */
MUST err gate_check_any_list(const struct gate *g, struct call *call);

/* --- questions about others: nobody is let in by them --- */

/* Whose token, or client id and secret, this is; false: nobody's who may come in now. Leaves call->who
 * and the audit alone. */
bool gate_examine(struct gate *g, const struct call *call, const struct credential *cred,
                  struct principal *out);
/* Whether `who` may do this, asked from where the call comes: the decision, and the access list of the
 * database that it is about. False: *why says it, and it is recorded. */
bool gate_answer(const struct gate *g, const struct call *call, const struct principal *who,
                 const struct ask *ask, const char **why);

/* Records that something was done by a call that needs no change in the store, under a permit. Through
 * the bounded buffer, like a refusal. */
void gate_record_done(struct gate *g, const struct call *call, const struct permit *permit,
                      const char *event, const char *outcome, bytes subject);

/* A permit for the daemon's own upkeep (verifier rewritten to the newest key, tombstones swept). */
const struct permit *gate_permit_upkeep(struct gate *g, struct call *call);

/* Looks again at the start of a store batch, on the store's thread: FORBIDDEN or CONFLICT when the
 * permit's principal ended meanwhile or its roles have changed. Takes its own read section. */
MUST err gate_recheck(struct gate *g, const struct permit *p, int64_t now_ms);

/* Verdict with the rule that made it (decisions 4.10): the story of a refusal, told the same way by
 * `explain`, the preview and the audit. */
struct gate_explanation {
    bool allowed;
    bool by_rule;            /* false: nothing allows it */
    struct uuid role;        /* that decided, when by_rule */
    bytes role_name;
    enum effect effect;
    struct resource rule;    /* the line that matched */
    char text[512];          /* one sentence: the verdict, why, and what would change it */
    char change[512];        /* what to do so that the verdict is the other one */
};
/* Roles of a scope, as a token or member holds them; and, besides, some that nobody has yet. */
struct gate_about {
    struct uuid scope;
    bool enterprise;
    const struct uuid *roles;    /* in any order; what is not there gives nothing */
    size_t roles_n;
    const struct role *drafts;
    size_t drafts_n;
};
MUST err gate_explain(struct gate *g, struct call *call, const struct gate_about *who,
                      const struct ask *ask, struct gate_explanation *out);

/* --- what roles may, of many resources --- */

/* The roles compiled as those of a token are, so that a cell of a table is decided by what decides
 * real requests. Borrows nothing. NO_MEMORY. */
struct gate_roles;
MUST err gate_roles_new(const struct gate *g, const struct gate_about *who, struct gate_roles **out);
void gate_roles_free(struct gate_roles *r);
/* Actions of the resource's level that are allowed on it; and those that a deny takes away. */
action_set gate_roles_allowed(const struct gate_roles *r, const struct resource *on);
action_set gate_roles_denied(const struct gate_roles *r, const struct resource *on);
/* What whoever holds one role gains and loses on the resource when it becomes another (NULL: there is
 * none): a deny that goes is a gain. */
struct gate_difference {
    action_set gained;
    action_set lost;
};
struct gate_difference gate_roles_compare(const struct gate_roles *before,
                                          const struct gate_roles *after,
                                          const struct resource *on);
/* Actions that the holders of a compiled set of the index may do on it. */
action_set gate_set_allowed(const struct gate *g, uint32_t role_set, const struct resource *on);

/* What gate_permit_role_change would refuse this change of a role of the caller's own scope for, in its
 * words in call->note; nothing is recorded, and no permit made. */
MUST err gate_foresee_role_change(struct gate *g, struct call *call, const struct ask *ask,
                                  const struct role *before, const struct role *after);

/* --- CQL --- */

/* What one CQL session may do; lives in the session, on one worker. */
struct gate_session {
    struct principal who;
    struct uuid database;
    struct gate_decisions *decisions;    /* of this worker, shared by sessions with equal roles */
};

/* A worker's cache of decisions: what is allowed per (role-set version, schema version), by number. */
struct gate_worker;
MUST err gate_worker_new(struct gate *g, struct gate_worker **out);
void gate_worker_free(struct gate_worker *w);

/* The second step of a CQL login: db-cql on this database, tokens of organizations only. Records the
 * login or its refusal. Errors: TOKEN_NO_LOGIN (reason in call->note). */
MUST err gate_open_session(struct gate_worker *w, struct call *call, const struct uuid *database,
                           struct gate_session *out);
void gate_close_session(struct gate_worker *w, struct gate_session *s);

/* True while the session's token lives and its time has not come: one atomic load, one compare. */
bool gate_session_is_live(const struct gate_worker *w, const struct gate_session *s, int64_t now_ms);

/* True while the database's access list lets the session's peer in: for sessions that are there when
 * the list changes. */
bool gate_session_is_inside(const struct gate_worker *w, const struct gate_session *s,
                            const char *peer);

/* The statement as the decision cache knows it. Numbers are given one after the other by whoever
 * keeps the statement, and never again in the life of the process (GATE_UNNUMBERED: decide without
 * caching). */
#define GATE_UNNUMBERED UINT64_MAX
enum { GATE_DECISIONS_MAX = 1 << 16 };    /* that are kept of one role set and database */
struct gate_statement {
    uint64_t number;
    const struct statement_need *needs;
    size_t needs_n;
};

/* The only reader and writer of the decisions. On success a permit for this statement number is
 * made in `storage` (PERMIT_STATEMENT_SIZE bytes, PERMIT_STORAGE) and lent for this turn.
 * Errors: TOKEN_UNKNOWN when the session's token has ended, TOKEN_NO_LOGIN when its roles have lost
 * db-cql: either ends the session; NOT_ALLOWED with the sentence of
 * decisions section 6 in the note. */
struct gate_permit_storage {
    _Alignas(16) uint8_t room[192];
};
MUST err gate_admit(struct gate_worker *w, const struct gate_session *s,
                    const struct gate_statement *statement, uint64_t schema_version, int64_t now_ms,
                    struct gate_permit_storage *storage, const struct permit **out,
                    struct note *note);

/* May this session see the keyspace (table empty) or table in the schema: any action that describes
 * or uses it (decisions 7.9). */
bool gate_session_sees(const struct gate_worker *w, const struct gate_session *s, bytes keyspace,
                       bytes table);
/* May it describe all that is in the keyspace. */
bool gate_session_describes(const struct gate_worker *w, const struct gate_session *s,
                            bytes keyspace);
