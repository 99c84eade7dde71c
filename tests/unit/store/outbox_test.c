/* The store's outbox and the audit chain together: whatever dies in between, every change is in the chain
 * exactly once. */
#include "fixture.h"

#include "audit/audit.h"
#include "audit/tail.h"
#include "audit/verify.h"
#include "base/log.h"

struct scene {
    struct fixture f;
    char trail[96];
    struct store *store;
    struct audit *audit;
    bool dead;               /* the process died before the outbox heard of the sync */
    bool cut;                /* … before the chain got the batch */
    struct store_batch *batch;
    struct audit_take take;
};

static void taken(struct audit_take *t)
{
    struct scene *s = LIST_OF(t, struct scene, take);
    store_batch_finish(s->batch, t->result);
}

static void committed(void *owner, struct store_batch *b)
{
    struct scene *s = owner;
    const struct event_row *rows;
    const size_t n = store_batch_outbox(b, &rows);
    if (s->cut) {
        store_batch_finish(b, DONE);
        return;
    }
    s->batch = b;
    s->take = (struct audit_take){.loop = s->f.loop, .done = taken};
    audit_take(s->audit, rows, n, &s->take);
}

static err read_rows(void *owner, uint64_t after, size_t max, bool (*visit)(void *, uint64_t, bytes),
                     void *visitor)
{
    const struct scene *s = owner;
    return store_outbox_read(s->store, after, max, visit, visitor);
}

static void rows_done(void *owner, uint64_t row)
{
    const struct scene *s = owner;
    if (!s->dead) store_outbox_done(s->store, row);
}

static void start(struct scene *s, bool create)
{
    struct note note = {{0}};
    struct store_numbers numbers;
    const struct store_ports ports = {.owner = s, .committed = committed};
    s->store = fixture_open(&s->f, create, &ports);
    assert_ok(store_count(s->store, &numbers));
    const struct audit_options o = {
        .folder = s->trail, .sync_ms = 1, .outbox = {s, read_rows, rows_done, numbers.outbox_last}};
    assert_ok(audit_open(&o, &s->audit, &note));
}

/* audit_close after the store, which it could still ask: here it has nothing left to ask. */
static void stop(struct scene *s)
{
    audit_close(s->audit);
    store_close(s->store);
}

static bool count_creates(void *owner, const struct chain_record *r, bytes line)
{
    (void)line;
    unsigned *seen = owner;
    const char *at = memmem(r->event.p, r->event.n, "\"subject\":\"", 11);
    if (at) seen[strtoul(at + 11, NULL, 10)]++;
    return true;
}

static void put(struct scene *s, unsigned n)
{
    char subject[16];
    struct fixture_wait w = {.commit = {.loop = s->f.loop, .done = fixture_arrived}};
    const struct change c = fixture_change(CHANGE_PUT, CHANGE_ABSENT, fixture_token(n, 0, "x"));
    struct event_draft draft = {.name = "token.create", .outcome = "done"};
    snprintf(subject, sizeof subject, "%u", n);
    draft.subject = bytes_of_text(subject);
    store_commit(s->store, s->f.permit, &c, 1, &draft, &w.commit);
    while (!w.done) (void)loop_turn(s->f.loop, 1000);
    assert_ok(w.commit.result);
}

static void every_change_is_in_the_chain_once(void **state)
{
    (void)state;
    enum { LIVES = 12, EACH = 5 };
    struct scene s = {.dead = false};
    struct note note = {{0}};
    struct verify_report report;
    struct store_numbers numbers;
    unsigned seen[LIVES * EACH] = {0};
    log_set_level(LOG_ERROR);
    fixture_init(&s.f);
    snprintf(s.trail, sizeof s.trail, "%s/audit", s.f.folder);
    for (unsigned life = 0; life < LIVES; life++) {
        start(&s, life == 0);
        s.dead = life % 3 == 1;
        s.cut = false;
        for (unsigned i = 0; i < EACH; i++) {
            if (i == 3) s.cut = life % 3 == 2;
            put(&s, life * EACH + i);
        }
        stop(&s);
    }
    s.dead = false;
    start(&s, false);
    stop(&s);
    assert_ok(verify_trail(s.trail, NULL, &report, &note));
    assert_int_equal(report.records, LIVES * EACH);
    assert_int_equal(report.last.row, LIVES * EACH);
    assert_ok(tail_read(s.trail, 0, SIZE_MAX, count_creates, seen, &note));
    for (unsigned i = 0; i < LIVES * EACH; i++) assert_int_equal(seen[i], 1);
    s.store = fixture_open(&s.f, false, NULL);
    assert_ok(store_count(s.store, &numbers));
    assert_int_equal(numbers.outbox, 0);
    store_close(s.store);
    fixture_drop(&s.f);
}

UNIT_MAIN(cmocka_unit_test(every_change_is_in_the_chain_once))
