/* What the gate tells the audit: refusals and logins, through the bounded buffer. */
#include "gate/gate_room.h"

#include "base/check.h"

enum { DETAIL_MAX = 2048 };

void gate_write_drn(const struct resource *on, char out[GATE_DRN_SIZE])
{
    struct wr w = wr_growing(RESOURCE_TEXT_MAX + UUID_TEXT);
    resource_write(on, &w);
    const size_t n = w.n < GATE_DRN_SIZE - 1 ? w.n : GATE_DRN_SIZE - 1;
    if (n) memcpy(out, w.p, n);
    out[n] = '\0';
    wr_drop(&w);
}

static void write_json_text(struct wr *w, const char *text)
{
    wr_u8(w, '"');
    for (const uint8_t *p = (const uint8_t *)text; *p; p++) {
        if (*p == '"' || *p == '\\') {
            wr_u8(w, '\\');
            wr_u8(w, *p);
        } else if (*p < 0x20 || *p == 0x7f) {
            wr_format(w, "\\u%04x", *p);
        } else {
            wr_u8(w, *p);
        }
    }
    wr_u8(w, '"');
}

static void write_field(struct wr *w, const char *name, const char *value)
{
    if (!value) return;
    wr_u8(w, w->n > 1 ? ',' : '{');
    write_json_text(w, name);
    wr_u8(w, ':');
    write_json_text(w, value);
}

static bytes write_detail(const struct gate_event *e, struct wr *w)
{
    wr_text(w, "");
    if (e->action != ACTIONS) write_field(w, "action", action_name(e->action));
    write_field(w, "resource", e->on);
    write_field(w, "reason", e->reason);
    if (w->n) wr_u8(w, '}');
    return w->bad ? (bytes){0} : wr_view(w);
}

void gate_record_done(struct gate *g, const struct call *call, const struct permit *permit,
                      const char *event, const char *outcome, bytes subject)
{
    CHECK(permit);
    gate_record(g, call,
                &(struct gate_event){
                    .name = event, .outcome = outcome, .subject = subject, .action = ACTIONS});
}

void gate_note_refusal(struct call *call, enum refusal reason)
{
    call->refused = (struct call_refused){.reason = reason};
    if (call->who.kind != PRINCIPAL_TOKEN) return;
    memcpy(call->refused.client_id, call->who.name, sizeof call->refused.client_id);
    call->refused.scope = call->who.scope;
}

void gate_record(const struct gate *g, const struct call *call, const struct gate_event *e)
{
    if (!g->events.record) return;
    uint8_t room[DETAIL_MAX];
    struct wr w = wr_fixed(room, sizeof room);
    struct event_draft draft = {.name = e->name,
                                .outcome = e->outcome,
                                .who = call->who,
                                .scope = call->who.scope,
                                .subject = e->subject,
                                .detail = write_detail(e, &w)};
    memcpy(draft.call_id, call->id, sizeof draft.call_id);
    memcpy(draft.peer, call->peer, sizeof draft.peer);
    g->events.record(g->events.owner, &draft);
}
