/* The gate itself: keys, identification, permits for what is asked by name. */
#include "gate/gate_room.h"

#include "base/check.h"
#include "base/list.h"
#include "model/permit_issue.h"
#include "model/seal.h"

#include <stdlib.h>

err gate_new(const struct gate_options *options, struct gate **out)
{
    if (options->prefixes_n > GATE_PREFIXES_MAX) return FAIL(BAD_INPUT);
    struct gate *g = calloc(1, sizeof *g);
    if (!g) return FAIL(NO_MEMORY);
    g->index = options->index;
    g->events = options->events;
    for (size_t i = 0; i < options->prefixes_n; i++) {
        const bytes prefix = options->prefixes[i];
        if (prefix.n == 0 || prefix.n > TOKEN_PREFIX_MAX) {
            free(g);
            return FAIL(BAD_INPUT);
        }
        memcpy(g->prefix_text[i], prefix.p, prefix.n);
        g->prefixes[i] = bytes_of(g->prefix_text[i], prefix.n);
    }
    g->prefixes_n = options->prefixes_n;
    *out = g;
    return DONE;
}

static void drop_keys(struct grace *grace)
{
    struct gate_keys *k = LIST_OF(grace, struct gate_keys, grace);
    identity_keys_drop(&k->keys);
    server_keys_drop(&k->plain);
    free(k);
}

static void replace_keys(struct gate *g, struct gate_keys *new)
{
    struct gate_keys *old = atomic_exchange_explicit(&g->keys, new, memory_order_acq_rel);
    if (old) grace_call(&old->grace, drop_keys);
}

void gate_set_keys(struct gate *g, const struct server_keys *keys)
{
    struct gate_keys *new = calloc(1, sizeof *new);
    CHECK(new);
    identity_keys_init(&new->keys, keys);
    new->plain = *keys;
    replace_keys(g, new);
}

const struct server_keys *gate_server_keys(const struct gate *g)
{
    const struct gate_keys *k = atomic_load_explicit(&g->keys, memory_order_acquire);
    return k ? &k->plain : NULL;
}

err gate_unseal(const struct gate *g, const struct uuid *record, bytes sealed, struct secret *out)
{
    char id[UUID_TEXT];
    uuid_write(record, id);
    urcu_memb_read_lock();
    const struct server_keys *keys = gate_server_keys(g);
    const err e = keys ? seal_read(keys, bytes_of(id, sizeof id), sealed, out) : FAIL(KEY_MISSING);
    urcu_memb_read_unlock();
    return e;
}

void gate_set_rekey(struct gate *g, struct gate_rekey_sink sink)
{
    g->rekey = sink;
}

void gate_free(struct gate *g)
{
    if (!g) return;
    replace_keys(g, NULL);
    grace_wait();
    free(g);
}

/* --- who is calling --- */

static err identify_failed(const struct gate *g, struct call *call, const struct credential *cred,
                           enum identity_reason reason)
{
    const char *text = identity_reason_text(reason);
    if (reason == IDENTITY_EXPIRED) gate_note_refusal(call, REFUSAL_EXPIRED);
    if (reason == IDENTITY_REVOKED) gate_note_refusal(call, REFUSAL_REVOKED);
    call->who = (struct principal){0};
    gate_record(g, call,
                &(struct gate_event){.name = call->door == CALL_CQL ? "cql.login" : "api.login",
                                     .outcome = "refused",
                                     .subject = cred->kind == CREDENTIAL_PAIR &&
                                                        token_is_client_id(cred->client_id)
                                                    ? cred->client_id
                                                    : (bytes){0},
                                     .action = ACTIONS,
                                     .reason = text});
    if (reason == IDENTITY_NO_SESSION) return note_fail(&call->note, FAIL(SESSION_ENDED), "%s", text);
    if (reason == IDENTITY_NOT_A_MEMBER) return note_fail(&call->note, FAIL(NOT_ALLOWED), "%s", text);
    if (reason == IDENTITY_MALFORMED) return note_fail(&call->note, FAIL(TOKEN_MALFORMED), "%s", text);
    return note_fail(&call->note, FAIL(TOKEN_UNKNOWN), "%s", text);
}

static void offer_rekey(const struct gate *g, const struct call *call, struct identity_rekey *found)
{
    if (!found->from || !g->rekey.offer) return;
    struct gate_rekey r = {.from = found->from, .to = found->to};
    memcpy(r.client_id, call->who.name, sizeof r.client_id);
    memcpy(r.verifier, found->verifier, sizeof r.verifier);
    g->rekey.offer(g->rekey.owner, &r);
    secret_wipe(&r, sizeof r);
    secret_wipe(found, sizeof *found);
}

err gate_identify_holder(struct gate *g, struct call *call, const struct credential *cred)
{
    struct identity_rekey rekey;
    const struct gate_keys *k = atomic_load_explicit(&g->keys, memory_order_acquire);
    if (!k) return note_fail(&call->note, FAIL(NOT_READY), "no server key is loaded");
    const enum identity_reason reason = identity_find(g->index, &k->keys, g->prefixes, g->prefixes_n,
                                                      cred, call->now_ms, &call->who, &rekey);
    if (reason != IDENTITY_OK) return identify_failed(g, call, cred, reason);
    offer_rekey(g, call, &rekey);
    return DONE;
}

err gate_identify(struct gate *g, struct call *call, const struct credential *cred)
{
    TRY(gate_identify_holder(g, call, cred));
    return gate_check_api_list(g, call);
}

bool gate_is_live(const struct gate *g, const struct principal *who, int64_t now_ms)
{
    return who->kind != PRINCIPAL_NONE && now_ms < who->valid_until_ms &&
           index_is_live(g->index, who->live, who->live_word);
}

/* --- may they --- */

bool gate_decide(const struct gate *g, const struct principal *who, const struct ask *ask)
{
    switch (who->kind) {
    case PRINCIPAL_OPERATOR:
        return true;
    case PRINCIPAL_TOKEN:
    case PRINCIPAL_PERSON:
        return policy_decide(index_role_set(g->index, who->role_set), ask);
    case PRINCIPAL_NONE:
        break;
    }
    return false;
}

err gate_refuse(const struct gate *g, struct call *call, const struct ask *ask)
{
    char drn[GATE_DRN_SIZE];
    gate_write_drn(&ask->on, drn);
    gate_record(g, call,
                &(struct gate_event){.name = "api.refused",
                                     .outcome = "refused",
                                     .action = ask->action,
                                     .on = drn,
                                     .reason = "missing permission"});
    return note_fail(&call->note, FAIL(NOT_ALLOWED), "missing %s on %s", action_name(ask->action), drn);
}

err gate_permit(struct gate *g, struct call *call, const struct ask *asks, size_t n,
                const struct permit **out)
{
    if (!gate_is_live(g, &call->who, call->now_ms)) {
        return note_fail(&call->note, FAIL(TOKEN_UNKNOWN), "the caller's token has ended");
    }
    for (size_t i = 0; i < n; i++) {
        if (!gate_decide(g, &call->who, &asks[i])) return gate_refuse(g, call, &asks[i]);
    }
    const struct permit *p = permit_issue(&call->arena, &call->who, asks, n);
    if (!p) return FAIL(NO_MEMORY);
    *out = p;
    return DONE;
}

bool gate_may(struct gate *g, const struct call *call, const struct ask *ask)
{
    return gate_is_live(g, &call->who, call->now_ms) && gate_decide(g, &call->who, ask);
}

bool gate_may_anywhere(struct gate *g, const struct call *call, enum action action)
{
    if (!gate_is_live(g, &call->who, call->now_ms)) return false;
    if (call->who.kind == PRINCIPAL_OPERATOR) return true;
    const struct role_set *set = index_role_set(g->index, call->who.role_set);
    return set && role_set_allows_anywhere(set, action);
}

const struct permit *gate_permit_upkeep(struct gate *g, struct call *call)
{
    const struct principal daemon = {.kind = PRINCIPAL_OPERATOR,
                                     .name = "latchkey",
                                     .role_set = INDEX_NO_ROLE_SET,
                                     .live = INDEX_NO_LIVE,
                                     .valid_until_ms = INT64_MAX,
                                     .index_version = index_version(g->index)};
    return permit_issue(&call->arena, &daemon, NULL, 0);
}

static err recheck(const struct gate *g, const struct principal *who, int64_t now_ms)
{
    if (!gate_is_live(g, who, now_ms)) return FAIL(NOT_ALLOWED);
    if (who->kind == PRINCIPAL_OPERATOR) return DONE;
    /* Outside of every scope: there is nothing that could have been taken away. */
    if (who->kind == PRINCIPAL_PERSON && who->role_set == INDEX_NO_ROLE_SET) return DONE;
    const struct role_set *set = index_role_set(g->index, who->role_set);
    return set && set->version <= who->index_version ? DONE : FAIL(CONFLICT);
}

err gate_recheck(struct gate *g, const struct permit *p, int64_t now_ms)
{
    urcu_memb_read_lock();
    const err e = recheck(g, permit_who(p), now_ms);
    urcu_memb_read_unlock();
    return e;
}
