/* Where somebody comes from: access lists of databases and of the API (decisions 4.3). The local
 * operator's socket is exempt; an address that cannot be read is nowhere. */
#include "gate/gate_room.h"

#include "index/access.h"
#include "index/snapshot.h"

static struct ip address_of(const char *peer)
{
    struct ip from = {0};
    return err_is_ok(ip_read_peer(bytes_of_text(peer), &from)) ? from : (struct ip){0};
}

static bool admits(const struct gate *g, const struct uuid *list, const char *peer)
{
    if (!index_is_closed(g->index, list)) return true;
    const struct ip from = address_of(peer);
    return index_admits(g->index, list, &from);
}

bool gate_is_inside(const struct gate *g, const struct call *call, const struct uuid *list)
{
    return call->door == CALL_SOCKET || admits(g, list, call->peer);
}

bool gate_would_admit(const struct call *call, const struct record_access_list *list)
{
    const struct ip from = address_of(call->peer);
    return call->door == CALL_SOCKET || access_record_admits(list, &from);
}

bool gate_person_is_inside(const struct gate *g, const struct call *call,
                           const struct uuid *person)
{
    const struct snapshot_list all = snapshot_all(index_snapshot(g->index), RECORD_MEMBERSHIP);
    bool belongs = false;
    for (size_t i = 0; i < all.n; i++) {
        const struct record_membership *m = &all.records[i]->of.membership;
        if (m->invited || !uuid_eq(&m->person, person)) continue;
        if (gate_is_inside(g, call, &m->scope)) return true;
        belongs = true;
    }
    return !belongs;
}

/* *any: there is a scope of this kind. */
static bool some_admits(const struct gate *g, const struct call *call, enum record_kind kind,
                        bool *any)
{
    const struct snapshot_list all = snapshot_all(index_snapshot(g->index), kind);
    for (size_t i = 0; i < all.n; i++) {
        const struct record *r = all.records[i];
        const struct uuid *id =
            kind == RECORD_ENTERPRISE ? &r->of.enterprise.id : &r->of.organization.id;
        if (gate_is_inside(g, call, id)) return true;
    }
    *any |= all.n > 0;
    return false;
}

err gate_check_any_list(const struct gate *g, struct call *call)
{
    bool any = false;
    if (some_admits(g, call, RECORD_ORGANIZATION, &any) ||
        some_admits(g, call, RECORD_ENTERPRISE, &any) || !any)
        return DONE;
    return note_fail(&call->note, FAIL(OUTSIDE),
                     "the address %s is in no organization's access list of the API, which is the "
                     "Portal's, too",
                     call->peer);
}

bool gate_session_is_inside(const struct gate_worker *w, const struct gate_session *s,
                            const char *peer)
{
    return admits(gate_of_worker(w), &s->database, peer);
}

err gate_check_api_list(const struct gate *g, struct call *call)
{
    if (call->door != CALL_HTTP || call->who.kind == PRINCIPAL_OPERATOR) return DONE;
    if (gate_is_inside(g, call, &call->who.scope)) return DONE;
    gate_note_refusal(call, REFUSAL_API_ADDRESS);
    gate_record(g, call,
                &(struct gate_event){.name = "api.refused",
                                     .outcome = "refused",
                                     .action = ACTIONS,
                                     .reason = "outside of the access list"});
    return note_fail(&call->note, FAIL(OUTSIDE),
                     "the address %s is not in the access list of this organization's API",
                     call->peer);
}
