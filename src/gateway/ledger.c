/* Which tables a request counts for, and who. */
#include "gateway/ledger.h"

static_assert(GATE_UNNUMBERED == USAGE_COUNT_UNNUMBERED, "a number is a number");

void ledger_login(struct session *s, int64_t now_ms)
{
    struct usage_count *c = usage_worker_count(session_worker(s)->usage);
    if (!c) return;
    const struct usage_key key = {.client_id = bytes_of_text(s->gate.who.name),
                                  .scope = s->gate.who.scope,
                                  .database = s->gate.database};
    address_write_ip(&s->peer, s->who.from);
    s->since_ms = now_ms;
    s->usage = usage_count_enter(c, &key, &s->who, now_ms);
}

void ledger_login_refused(const struct session *s, const struct call *call)
{
    struct usage_count *c = usage_worker_count(session_worker(s)->usage);
    const struct call_refused *r = &call->refused;
    if (!c || r->reason == REFUSAL_NONE || !r->client_id[0]) return;
    const struct usage_key key = {.client_id = bytes_of_text(r->client_id),
                                  .scope = r->scope,
                                  .database = s->door->door->database};
    usage_count_refused(c, &key, r->reason);
}

void ledger_left(struct session *s)
{
    if (!s->usage) return;
    usage_count_leave(s->usage, &s->who);
    s->usage = NULL;
}

void ledger_refused(struct session *s, enum refusal reason)
{
    if (s->usage) usage_count_refuse(s->usage, reason);
}

/* The tables that it needs rights on: of a batch all of them, of a view the table that it shows. */
static void count_tables(struct usage_entry *u, const struct statement *what)
{
    const bool write = statement_kind_class(what->kind) != STATEMENT_CLASS_READ;
    for (size_t i = 0; i < what->needs_n; i++) {
        const struct statement_need *n = &what->needs[i];
        if (n->table.n == 0 || n->table_any || action_level(n->action) != LEVEL_TABLE) continue;
        usage_count_table(u, n->keyspace, n->table, write);
    }
}

void ledger_long(struct session *s, const struct statement *what, uint64_t number)
{
    count_tables(s->usage, what);
    usage_count_request(s->usage, &s->who, number);
}

void ledger_entry(struct session *s, const struct statement *what)
{
    if (s->usage) count_tables(s->usage, what);
}

void ledger_batch_sent(const struct envelope *e)
{
    struct session *s = e->session;
    if (s->usage && !e->counted) usage_count_request(s->usage, &s->who, GATE_UNNUMBERED);
}

void ledger_batch_over(struct session *s)
{
    if (s->usage) usage_count_drop(s->usage);
}
