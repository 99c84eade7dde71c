/* Where somebody comes from: access lists of databases and of the API (decisions 4.3). The local
 * operator's socket is exempt; an address that cannot be read is nowhere. */
#include "gate/gate_room.h"

#include "index/access.h"

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
