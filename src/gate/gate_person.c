/* Permits about people: what somebody may do to their own account, and who may make one for another. */
#include "gate/gate_room.h"

#include "base/check.h"
#include "model/permit_issue.h"

#include <stdio.h>

struct ask gate_own(const struct uuid *person)
{
    return (struct ask){ACTION_ORG_USER_WRITE, resource_organization(person)};
}

/* `asks` were decided; the account's pair goes with them. */
static err issue(struct call *call, const struct uuid *person, const struct ask *asks, size_t n,
                 const struct permit **out)
{
    struct ask all[PERMIT_ASKS_MAX];
    CHECK(n < PERMIT_ASKS_MAX);
    for (size_t i = 0; i < n; i++) all[i] = asks[i];
    all[n] = gate_own(person);
    const struct permit *p = permit_issue(&call->arena, &call->who, all, n + 1);
    if (!p) return FAIL(NO_MEMORY);
    *out = p;
    return DONE;
}

err gate_permit_own(struct gate *g, struct call *call, const struct uuid *person,
                    const struct ask *asks, size_t n, const struct permit **out)
{
    const struct principal *who = &call->who;
    const bool own = who->kind == PRINCIPAL_OPERATOR ||
                     (who->kind == PRINCIPAL_PERSON && uuid_eq(&who->person, person));
    const struct permit *decided = NULL;
    if (!own) {
        return note_fail(&call->note, FAIL(NOT_ALLOWED),
                         "only the person themselves or the local operator may do this");
    }
    TRY(gate_permit(g, call, asks, n, &decided));
    return issue(call, person, asks, n, out);
}

struct ask gate_member(const struct record_membership *m)
{
    if (m->enterprise) {
        return (struct ask){ACTION_ENTERPRISE_USER_WRITE, resource_enterprise(&m->scope)};
    }
    return (struct ask){ACTION_ORG_USER_WRITE, resource_organization(&m->scope)};
}

static void become(const struct gate *g, struct call *call, const struct uuid *person)
{
    struct principal *who = &call->who;
    *who = (struct principal){.kind = PRINCIPAL_PERSON,
                              .role_set = INDEX_NO_ROLE_SET,
                              .live = INDEX_NO_LIVE,
                              .valid_until_ms = INT64_MAX,
                              .index_version = index_version(g->index),
                              .person = *person,
                              .proved_ms = call->now_ms};
    uuid_text(person, who->name);
}

const struct permit *gate_permit_proven(struct gate *g, struct call *call, const struct uuid *person)
{
    const struct permit *p = NULL;
    become(g, call, person);
    return err_is_ok(issue(call, person, NULL, 0, &p)) ? p : NULL;
}

const struct permit *gate_permit_invited(struct gate *g, struct call *call,
                                         const struct record_membership *m)
{
    const struct permit *p = NULL;
    const struct ask ask = gate_member(m);
    become(g, call, &m->person);
    return err_is_ok(issue(call, &m->person, &ask, 1, &p)) ? p : NULL;
}

err gate_permit_account(struct gate *g, struct call *call, const struct uuid *person,
                        const struct ask *asks, size_t n, const struct permit **out)
{
    const struct permit *decided = NULL;
    CHECK(n > 0);
    TRY(gate_permit(g, call, asks, n, &decided));
    return issue(call, person, asks, n, out);
}

void gate_refuse_proof(struct gate *g, struct call *call, const struct uuid *person,
                       const char *reason)
{
    char id[UUID_TEXT + 1] = "";
    if (person) uuid_text(person, id);
    gate_record(g, call,
                &(struct gate_event){.name = "session.refused",
                                     .outcome = "refused",
                                     .subject = bytes_of_text(id),
                                     .action = ACTIONS,
                                     .reason = reason});
}
