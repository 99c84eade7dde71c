/* The file whose name says that it holds the next record, then on through those after it. */
#include "audit/follow.h"

#include "audit/event_scope.h"

#include <stdlib.h>

struct following {
    const struct follow *f;
    struct follow_place *at;
    struct follow_gap missing;
    size_t looked_at;
    char scope[UUID_TEXT];
    bool over;
};

/* Most lines are ruled out before they are understood; what has no sequence at all is no record. */
static bool may_be_wanted(const struct following *s, bytes line, uint64_t seq)
{
    return !s->f->scope || seq == 0 || event_scope_may_be(line, bytes_of(s->scope, sizeof s->scope));
}

static bool is_wanted(const struct following *s, const struct chain_record *r)
{
    return !s->f->scope || event_scope_holds(r->event, bytes_of(s->scope, sizeof s->scope));
}

static void pass(struct following *s, uint64_t seq)
{
    struct follow_place *at = s->at;
    if (seq > at->seq + 1) s->missing = (struct follow_gap){s->missing.records + seq - at->seq - 1, seq};
    at->seq = seq;
    at->offset = s->f->room->next;
}

static err look_at(struct following *s, bytes line, struct note *note)
{
    struct chain_record r;
    const uint64_t seq = chain_sequence(line);
    s->looked_at += line.n;
    if (seq > s->f->last || s->looked_at > FOLLOW_READ_MAX + CHAIN_LINE_MAX) {
        s->over = true;
        return DONE;
    }
    if (seq > 0 && seq <= s->at->seq) {
        s->at->offset = s->f->room->next;
        return DONE;
    }
    if (may_be_wanted(s, line, seq)) {
        TRY(chain_read(line, &r, note));
        s->over = is_wanted(s, &r) && !s->f->visit(s->f->owner, &r, line);
    }
    if (!s->over) pass(s, seq);
    return DONE;
}

static err look_into(struct following *s, const char *path, struct note *note)
{
    struct lines *l = s->f->room;
    bytes line;
    TRY(lines_open(l, path, note));
    err e = s->at->offset ? lines_seek(l, s->at->offset, note) : lines_near(l, s->at->seq, note);
    while (err_is_ok(e) && !s->over && lines_next(l, &line) && l->complete) e = look_at(s, line, note);
    if (err_is_ok(e) && l->failed) e = note_fail(note, FAIL(IO), "%s cannot be read", path);
    lines_close(l);
    return e;
}

/* The place of the file to go on with; what it remembers of another one is forgotten. */
static size_t choose(struct follow_place *at, const uint64_t *firsts, size_t n)
{
    size_t i = 0;
    while (i + 1 < n && firsts[i + 1] <= at->seq + 1) i++;
    if (at->file != firsts[i]) {
        at->file = firsts[i];
        at->offset = 0;
    }
    return i;
}

static err look_into_all(struct following *s, const uint64_t *firsts, size_t n, struct note *note)
{
    char path[LINES_PATH_MAX];
    for (size_t i = n ? choose(s->at, firsts, n) : 0; i < n && !s->over; i++) {
        if (!lines_path(s->f->folder, firsts[i], path)) return FAIL(BAD_INPUT);
        if (s->at->file != firsts[i]) s->at->offset = 0;
        s->at->file = firsts[i];
        TRY(look_into(s, path, note));
        if (s->at->seq >= s->f->last) break;
    }
    return DONE;
}

err follow_read(const struct follow *f, struct follow_place *at, struct follow_gap *missing, struct note *note)
{
    struct following s = {.f = f, .at = at};
    uint64_t *firsts = NULL;
    size_t n = 0;
    if (f->scope) uuid_write(f->scope, s.scope);
    err e = lines_list(f->folder, &firsts, &n, note);
    if (err_is_ok(e)) e = look_into_all(&s, firsts, n, note);
    free(firsts);
    *missing = s.missing;
    return e;
}
