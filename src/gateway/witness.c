/* Through the bounded buffer: it never waits, and what it loses it counts. */
#include "gateway/witness.h"

#include "gateway/gateway_own.h"
#include "model/event.h"

#include <stdio.h>

enum { DETAIL_MAX = 1024 };

static void record(struct session *s, const char *name, const char *outcome, const char *reason)
{
    const struct event_sink *sink = gateway_own_events(session_worker(s)->gateway);
    char database[UUID_TEXT + 1];
    uint8_t room[DETAIL_MAX];
    struct wr detail = wr_fixed(room, sizeof room);
    if (!sink->record) return;
    if (reason) {
        wr_text(&detail, "{\"reason\":");
        event_write_text(bytes_of_text(reason), &detail);
        wr_u8(&detail, '}');
    }
    uuid_text(&s->gate.database, database);
    struct event_draft draft = {.name = name,
                                .outcome = outcome,
                                .who = s->gate.who,
                                .scope = s->gate.who.scope,
                                .subject = bytes_of_text(database),
                                .detail = detail.bad ? (bytes){0} : wr_view(&detail)};
    (void)snprintf(draft.call_id, sizeof draft.call_id, "cql-%u-%u", session_worker(s)->number,
                   s->generation);
    address_write(&s->peer, draft.peer);
    sink->record(sink->owner, &draft);
}

void witness_refused(struct session *s, const char *reason)
{
    record(s, "cql.refused", "refused", reason);
}

void witness_revoked(struct session *s)
{
    record(s, "cql.revoked", "done", NULL);
}

void witness_left(struct session *s)
{
    record(s, "cql.logout", "done", NULL);
}
