/* Every request passes here before anything of it is answered or forwarded. */
#include "gateway/admit.h"

#include "base/metric.h"
#include "gateway/local.h"
#include "gateway/reload.h"
#include "gateway/ledger.h"
#include "gateway/witness.h"

const struct picture *admit_picture(const struct envelope *e)
{
    const struct picture *p = cluster_picture(e->session->door->door->cluster);
    if (p && p->schema) return p;
    session_error(e->session, e->head.stream, RESPONSE_OVERLOADED,
                  "The gateway has not reached the cluster yet");
    return NULL;
}

static void refused(struct session *s, enum refusal reason, const struct note *note)
{
    ledger_refused(s, reason);
    metric_add(METRIC_STATEMENTS_REFUSED, 1);
    witness_refused(s, note->text);
}

/* What is still missing after the reload is answered as what may not be touched (decisions 7.7).
 * Changes of schema go on: whoever may drop or create this very name may hear that it is not there.
 */
static err lose_missing(struct gateway_worker *w, struct statement *what)
{
    if (!what->unknown_relation || statement_kind_class(what->kind) == STATEMENT_CLASS_DDL)
        return DONE;
    struct statement_need *needs = arena_take_array(&w->arena, what->needs_n, sizeof *needs);
    if (!needs) return FAIL(NO_MEMORY);
    for (size_t i = 0; i < what->needs_n; i++) {
        needs[i] = what->needs[i];
        needs[i].never = true;
    }
    what->needs = needs;
    return DONE;
}

/* What is an index's or a view's is a matter of the table that it belongs to, and which one that is
 * only the reload tells: whoever may use something of the keyspace may have it read. */
static bool belongs_to_visible(const struct envelope *e, const struct statement *what)
{
    const bool belongs = what->kind == STATEMENT_DROP_INDEX ||
                         what->kind == STATEMENT_DROP_VIEW ||
                         what->kind == STATEMENT_ALTER_VIEW;
    return belongs && !statement_is_system_keyspace(what->keyspace) &&
           gate_session_sees(session_worker(e->session)->gate, &e->session->gate, what->keyspace,
                             (bytes){0});
}

/* Whoever may not touch the missing name is told so at once: a reload would tell by its time that
 * nothing has this name, and cost the cluster a reading. False: it was answered. */
static bool may_if_found(const struct envelope *e, const struct picture *picture,
                         const struct statement *what)
{
    struct gateway_worker *w = session_worker(e->session);
    struct gate_permit_storage storage ADMIT_UNSET;
    struct statement asked = *what;
    if (belongs_to_visible(e, what)) return true;
    struct statement_need *needs = arena_take_array(&w->arena, what->needs_n + 1, sizeof *needs);
    if (!needs) {
        session_refuse(e->session, e->head.stream, FAIL(NO_MEMORY), NULL);
        return false;
    }
    for (size_t i = 0; i < what->needs_n; i++) {
        needs[i] = what->needs[i];
        needs[i].never = needs[i].never && statement_is_system_keyspace(needs[i].keyspace);
    }
    asked.needs = needs;
    return admit_decide(e, picture, &asked, GATE_UNNUMBERED, &storage) != NULL;
}

const struct statement *admit_understand(const struct envelope *e, const struct picture *picture,
                                         bytes text)
{
    struct session *s = e->session;
    struct gateway_worker *w = session_worker(s);
    const struct door *door = s->door->door;
    const struct statement *known =
        text_cache_find(&w->texts, door, e->keyspace, text, picture->version);
    if (known) return known;
    struct note note = {{0}};
    w->statement = (struct statement){0};
    err bad =
        statement_understand(picture->schema, e->keyspace, text, &w->arena, &w->statement, &note);
    if (err_is_ok(bad) && w->statement.unknown_relation && !e->reloaded) {
        if (may_if_found(e, picture, &w->statement)) reload_park(e);
        return NULL;
    }
    if (err_is_ok(bad)) bad = lose_missing(w, &w->statement);
    if (!err_is_ok(bad)) {
        if (bad.code == ERR_STATEMENT_REFUSED) refused(s, REFUSAL_KIND, &note);
        session_refuse(s, e->head.stream, bad, &note);
        return NULL;
    }
    text_cache_note(&w->texts, door, e->keyspace, text, picture, &w->statement);
    return &w->statement;
}

const struct permit *admit_decide(const struct envelope *e, const struct picture *picture,
                                  const struct statement *what, uint64_t number,
                                  struct gate_permit_storage *storage)
{
    struct session *s = e->session;
    struct gateway_worker *w = session_worker(s);
    const struct gate_statement asked = {number, what->needs, what->needs_n};
    const struct permit *permit = NULL;
    struct note note ADMIT_UNSET;
    note.text[0] = '\0';
    const err bad = gate_admit(w->gate, &s->gate, &asked, picture->version,
                               loop_now_utc_ms(worker_loop(w)), storage, &permit, &note);
    if (err_is_ok(bad)) return permit;
    if (err_row(bad)->class == ERR_CLASS_UNAUTHENTICATED) {
        session_end(s);
        return NULL;
    }
    refused(s, REFUSAL_STATEMENT, &note);
    session_refuse(s, e->head.stream, bad, &note);
    return NULL;
}

/* The schema has changed since the statement was understood: once more, by its own text. */
static const struct statement *replan(const struct envelope *e, const struct picture *picture,
                                      struct statement_record *r)
{
    struct gateway_worker *w = session_worker(e->session);
    struct statement_records *records = e->session->door->door->records;
    struct statement what = {0};
    struct note note;
    struct plan *plan = NULL;
    err bad = statement_understand(picture->schema, (bytes){0}, r->text, &w->arena, &what, &note);
    if (err_is_ok(bad) && what.unknown_relation) bad = FAIL(NOT_FOUND);
    if (err_is_ok(bad) && !local_is(&what) && !bytes_eq(what.text, r->text)) bad = FAIL(CONFLICT);
    if (err_is_ok(bad)) bad = plan_new(picture, (bytes){0}, r->text, &what, &plan);
    if (!err_is_ok(bad)) {
        statement_record_retire(records, r);
        return NULL;
    }
    statement_record_replan(r, plan);
    return &plan->what;
}

const struct statement *admit_record(const struct envelope *e, const struct picture *picture,
                                     struct statement_record *r)
{
    const struct plan *plan = atomic_load_explicit(&r->plan, memory_order_acquire);
    if (__builtin_expect(plan->schema_version == picture->version, 1)) return &plan->what;
    return replan(e, picture, r);
}
