/* Files from the newest to the oldest, each read from its end by blocks; most lines are ruled out by a
 * look for the scope's id before they are parsed. */
#include "audit/search.h"

#include "audit/event_name.h"
#include "audit/event_scope.h"
#include "audit/lines.h"
#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK = 256 << 10, ROOM = BLOCK + CHAIN_LINE_MAX };

/* A file read backwards: `room` holds what stands before what has been given. */
struct back {
    int fd;
    uint64_t at; /* offset of the first byte in `room` */
    size_t n;
    uint8_t room[ROOM];
};

struct searching {
    const struct search_query *q;
    search_visit *visit;
    void *owner;
    struct search_end *end;
    size_t looked_at;
    char scope[UUID_TEXT];
    bool over;
    struct back back;
};

/* --- lines from the end --- */

static err back_open(struct back *b, const char *path, struct note *note)
{
    struct stat st;
    b->n = 0;
    b->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (b->fd < 0) {
        return note_fail(note, err_of_errno(errno), "cannot open %s: %s", path, strerror(errno));
    }
    if (fstat(b->fd, &st) == 0 && S_ISREG(st.st_mode)) {
        b->at = (uint64_t)st.st_size;
        return DONE;
    }
    (void)close(b->fd);
    return note_fail(note, FAIL(BAD_INPUT), "%s is not a file of the audit trail", path);
}

/* More of the file in front of what is there; false: nothing more, or a line that is none. */
static bool back_fill(struct back *b, err *e)
{
    const size_t want = b->at < BLOCK ? (size_t)b->at : BLOCK;
    if (want == 0) return false;
    if (want > sizeof b->room - b->n) {
        *e = FAIL(AUDIT_BROKEN);
        return false;
    }
    memmove(b->room + want, b->room, b->n);
    if (pread(b->fd, b->room, want, (off_t)(b->at - want)) != (ssize_t)want) {
        *e = FAIL(IO);
        return false;
    }
    b->at -= want;
    b->n += want;
    return true;
}

/* The last line that is left, without its end; what follows the last line end is being written. */
static bool back_next(struct back *b, bytes *line, err *e)
{
    for (;;) {
        const uint8_t *end = b->n ? memrchr(b->room, '\n', b->n) : NULL;
        const size_t end_at = end ? (size_t)(end - b->room) : 0;
        const uint8_t *before = end_at ? memrchr(b->room, '\n', end_at) : NULL;
        if (end && (before || b->at == 0)) {
            const size_t from = before ? (size_t)(before - b->room) + 1 : 0;
            *line = bytes_of(b->room + from, end_at - from);
            b->n = from;
            return true;
        }
        if (!back_fill(b, e)) return false;
    }
}

/* --- what is asked --- */

static bool is_of_scope(const struct searching *s, const json_t *event)
{
    return !s->q->scope || event_scope_is(event, bytes_of(s->scope, sizeof s->scope));
}

static bool is_in_time(const struct search_query *q, const json_t *event)
{
    int64_t at_ns = 0;
    if (q->from_ns == 0 && q->until_ns == 0) return true;
    if (!err_is_ok(clock_read_utc(event_text(event, "at"), &at_ns))) return false;
    return at_ns >= q->from_ns && (q->until_ns == 0 || at_ns < q->until_ns);
}

static bool is_same(bytes wanted, bytes value)
{
    return wanted.n == 0 || bytes_eq(wanted, value);
}

static bool holds_nocase(bytes text, bytes wanted)
{
    if (wanted.n == 0) return true;
    for (size_t i = 0; i + wanted.n <= text.n; i++) {
        if (bytes_eq_nocase(bytes_part(text, i, wanted.n), wanted)) return true;
    }
    return false;
}

static bool is_wanted(const struct searching *s, bytes text)
{
    const struct search_query *q = s->q;
    json_t *event = json_loadb((const char *)text.p, text.n, 0, NULL);
    const json_t *who = json_object_get(event, "who");
    const bool wanted = event && is_of_scope(s, event) && is_in_time(q, event) &&
                        event_name_matches(q->event, event_text(event, "name")) &&
                        is_same(q->outcome, event_text(event, "outcome")) &&
                        is_same(q->subject, event_text(event, "subject")) &&
                        is_same(q->actor, event_text(who, "name")) && holds_nocase(text, q->text);
    json_decref(event);
    return wanted;
}

/* Written before the time in question, so this and all that is older happened before it. */
static bool is_too_old(const struct search_query *q, const struct chain_record *r)
{
    int64_t written_ns = 0;
    return q->from_ns && err_is_ok(clock_read_utc(r->time, &written_ns)) &&
           written_ns + 1000000 <= q->from_ns;
}

/* --- walking --- */

static bool may_be_of_scope(const struct searching *s, bytes line)
{
    return !s->q->scope || event_scope_may_be(line, bytes_of(s->scope, sizeof s->scope));
}

static err look_at(struct searching *s, bytes line, struct note *note)
{
    struct chain_record r;
    const uint64_t seq = chain_sequence(line);
    if (s->q->before && seq >= s->q->before) return DONE;
    if (s->end->found == s->q->max || s->looked_at > SEARCH_READ_MAX) {
        s->end->more = s->over = true;
        return DONE;
    }
    s->looked_at += line.n;
    s->end->last = seq;
    if (!may_be_of_scope(s, line)) return DONE;
    TRY(chain_read(line, &r, note));
    s->over = is_too_old(s->q, &r);
    if (s->over || !is_wanted(s, r.event)) return DONE;
    s->end->found++;
    s->over = !s->visit(s->owner, &r);
    return DONE;
}

static err look_into(struct searching *s, const char *path, struct note *note)
{
    bytes line;
    err e = DONE;
    TRY(back_open(&s->back, path, note));
    while (!s->over && err_is_ok(e) && back_next(&s->back, &line, &e)) e = look_at(s, line, note);
    (void)close(s->back.fd);
    return e;
}

static err look_into_all(struct searching *s, const char *folder, const uint64_t *firsts, size_t n,
                         struct note *note)
{
    char path[LINES_PATH_MAX];
    while (n > 0 && !s->over) {
        const uint64_t first = firsts[--n];
        if (s->q->before && first >= s->q->before) continue;
        if (!lines_path(folder, first, path)) return FAIL(BAD_INPUT);
        TRY(look_into(s, path, note));
    }
    return DONE;
}

err search_run(const char *folder, const struct search_query *q, search_visit *visit, void *owner,
               struct search_end *end, struct note *note)
{
    uint64_t *firsts = NULL;
    size_t n = 0;
    struct searching *s = calloc(1, sizeof *s);
    if (!s) return FAIL(NO_MEMORY);
    *end = (struct search_end){0};
    s->q = q;
    s->visit = visit;
    s->owner = owner;
    s->end = end;
    if (q->scope) uuid_write(q->scope, s->scope);
    err e = lines_list(folder, &firsts, &n, note);
    if (err_is_ok(e)) e = look_into_all(s, folder, firsts, n, note);
    free(firsts);
    free(s);
    return e;
}
