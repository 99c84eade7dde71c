/* Events made into lines of the chain, and lines appended: whoever calls holds the trail's lock. */
#include "audit/audit_own.h"

#include "base/check.h"
#include "base/clock.h"
#include "base/metric.h"

enum { FETCH_ROWS = 256 };

void audit_lines_forget(struct audit *a)
{
    wr_consume(&a->lines, a->lines.n);
    a->ahead = a->trail.chain;
}

err audit_lines_flush(struct audit *a, struct note *note)
{
    if (!a->lines.n) return DONE;
    const uint64_t records = a->ahead.seq - a->trail.chain.seq;
    const err e = trail_append(&a->trail, wr_view(&a->lines), &a->ahead, note);
    audit_lines_forget(a);
    if (!err_is_ok(e)) return e;
    metric_add(METRIC_AUDIT_RECORDS, (int64_t)records);
    if (!a->sync_due_ms) a->sync_due_ms = clock_mono_ms() + a->sync_ms;
    return DONE;
}

err audit_lines_add(struct audit *a, uint64_t row, bytes event, struct note *note)
{
    if (a->lines.n + CHAIN_LINE_MAX > AUDIT_PIECE_BYTES) TRY(audit_lines_flush(a, note));
    chain_append(&a->ahead, clock_utc_ns(), row, event, &a->lines);
    CHECK(!a->lines.bad);
    return DONE;
}

err audit_lines_add_own(struct audit *a, const char *name, const char *field, uint64_t n, struct note *note)
{
    char detail[64];
    uint8_t room[1024];
    struct wr w = wr_fixed(room, sizeof room);
    struct wr d = wr_fixed(detail, sizeof detail);
    wr_format(&d, "{\"%s\":%llu}", field, (unsigned long long)n);
    const struct event_draft draft = {.name = name, .outcome = "done", .detail = wr_view(&d)};
    event_write(&draft, clock_utc_ns(), &w);
    return audit_lines_add(a, 0, wr_view(&w), note);
}

struct fetch {
    struct audit *a;
    uint64_t before;    /* rows from here on come by themselves */
    size_t n;
    err result;
    struct note *note;
};

static bool fetch_row(void *owner, uint64_t row, bytes event)
{
    struct fetch *f = owner;
    f->n++;
    if (row >= f->before) return false;
    f->result = audit_lines_add(f->a, row, event, f->note);
    return err_is_ok(f->result);
}

err audit_lines_catch_up(struct audit *a, uint64_t before, struct note *note)
{
    struct fetch f = {.a = a, .before = before, .n = FETCH_ROWS, .note = note};
    if (!a->outbox.read) return DONE;
    while (f.n == FETCH_ROWS) {
        f.n = 0;
        TRY(a->outbox.read(a->outbox.owner, a->ahead.row, FETCH_ROWS, fetch_row, &f));
        TRY(f.result);
        TRY(audit_lines_flush(a, note));
    }
    return DONE;
}

err audit_lines_take(struct audit *a, const struct audit_take *t, struct note *note)
{
    for (size_t i = 0; i < t->rows_n; i++) {
        const struct event_row *r = &t->rows[i];
        if (r->row <= a->ahead.row) continue;
        if (r->row > a->ahead.row + 1) TRY(audit_lines_catch_up(a, r->row, note));
        TRY(audit_lines_add(a, r->row, r->event, note));
    }
    return DONE;
}
