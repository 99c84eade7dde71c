/* What sessions do, counted for their tokens (usage/usage_count.h). */
#pragma once

#include "gateway/forward.h"
#include "usage/usage_count.h"

/* Before the session is ready; it is counted in until it leaves. */
void ledger_login(struct session *s, int64_t now_ms);
void ledger_login_refused(const struct session *s, const struct call *call);
void ledger_left(struct session *s);
void ledger_refused(struct session *s, enum refusal reason);

/* The way of a statement that was not counted here lately. */
void ledger_long(struct session *s, const struct statement *what, uint64_t number);

/* A request has been sent on. */
static inline void ledger_sent(const struct envelope *e, const struct forward *f)
{
    struct session *s = e->session;
    if (!s->usage || !f->what || e->counted) return;
    if (f->number != GATE_UNNUMBERED && usage_count_again(s->usage, &s->who, f->number)) return;
    ledger_long(s, f->what, f->number);
}

/* The same for a batch, entry by entry; each table counts once. */
void ledger_entry(struct session *s, const struct statement *what);
void ledger_batch_sent(const struct envelope *e);
/* Whatever became of it: what was not sent is not counted. */
void ledger_batch_over(struct session *s);
