/* Walks the chain from its first record to its last. */
#include "audit/verify.h"

#include "audit/lines.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

struct walk {
    struct lines lines;
    struct verify_report report;
    const struct chain *known;
    bool known_seen;
    bool torn_end;
    bool torn;               /* an incomplete record was passed over: nothing may follow */
    verify_visit *visit;
    void *owner;
    size_t files;
};

static err check_known(struct walk *w, struct note *note)
{
    const struct verify_report *r = &w->report;
    if (!w->known || r->last.seq != w->known->seq) return DONE;
    w->known_seen = true;
    if (memcmp(r->last.hash, w->known->hash, CHAIN_HASH) == 0) return DONE;
    return note_fail(note, FAIL(AUDIT_BROKEN), "record %llu is not the one that was seen before: the trail was"
                     " written anew", (unsigned long long)r->last.seq);
}

static err check_first(struct walk *w, const struct chain_record *r, struct note *note)
{
    static const uint8_t zero[CHAIN_HASH];
    w->report.first = r->at.seq;
    w->report.begins_later = r->at.seq != 1;
    if (r->at.seq == 1 && memcmp(r->prev, zero, CHAIN_HASH) != 0) {
        return note_fail(note, FAIL(AUDIT_BROKEN), "record 1 says that another came before it");
    }
    return DONE;
}

static err check_line(struct walk *w, bytes line, struct note *note)
{
    struct chain_record r;
    if (!w->lines.complete && w->torn_end && !w->torn) {
        w->torn = true;
        return DONE;
    }
    if (!w->lines.complete || w->torn) {
        return note_fail(note, FAIL(AUDIT_BROKEN), "a record is incomplete");
    }
    TRY(chain_read(line, &r, note));
    if (w->report.records) TRY(chain_follows(&w->report.last, &r, note));
    else TRY(check_first(w, &r, note));
    w->report.last = r.at;
    w->report.records++;
    TRY(check_known(w, note));
    if (w->visit) w->visit(w->owner, &r);
    return DONE;
}

static err walk_file(struct walk *w, const char *path, struct note *note)
{
    bytes line;
    uint64_t number = 0;
    struct note why = {{0}};
    err e = DONE;
    TRY(lines_open(&w->lines, path, note));
    w->files++;
    while (err_is_ok(e) && lines_next(&w->lines, &line)) {
        number++;
        e = check_line(w, line, &why);
    }
    lines_close(&w->lines);
    if (w->lines.failed) return note_fail(note, FAIL(IO), "cannot read %s", path);
    if (err_is_ok(e)) return DONE;
    return note_fail(note, e, "%.200s line %llu: %.200s", path, (unsigned long long)number, why.text);
}

static err walk_folder(struct walk *w, const char *path, struct note *note)
{
    uint64_t *firsts = NULL;
    size_t n = 0;
    TRY(lines_list(path, &firsts, &n, note));
    err e = DONE;
    for (size_t i = 0; i < n && err_is_ok(e); i++) {
        char name[LINES_PATH_MAX];
        if (!lines_path(path, firsts[i], name)) e = FAIL(BAD_INPUT);
        if (err_is_ok(e)) e = walk_file(w, name, note);
    }
    free(firsts);
    return e;
}

static err check_tail(const struct walk *w, struct note *note)
{
    if (!w->known || !w->known->seq || w->known_seen) return DONE;
    if (w->report.records && w->known->seq < w->report.first) {
        return note_fail(note, FAIL(AUDIT_BROKEN), "record %llu, which was seen before, is older than the first"
                         " one here (%llu)", (unsigned long long)w->known->seq,
                         (unsigned long long)w->report.first);
    }
    return note_fail(note, FAIL(AUDIT_BROKEN), "the tail was cut: the last record is %llu, but record %llu was"
                     " seen before", (unsigned long long)w->report.last.seq,
                     (unsigned long long)w->known->seq);
}

static err walk(struct walk *w, const char *path, struct verify_report *out, struct note *note)
{
    struct stat st;
    if (stat(path, &st) != 0) {
        return note_fail(note, err_of_errno(errno), "cannot read %s: %s", path, strerror(errno));
    }
    err e = S_ISDIR(st.st_mode) ? walk_folder(w, path, note) : walk_file(w, path, note);
    if (err_is_ok(e) && S_ISDIR(st.st_mode) && w->files == 0) {
        e = note_fail(note, FAIL(NOT_FOUND), "%s holds no file of an audit trail", path);
    }
    if (err_is_ok(e)) e = check_tail(w, note);
    *out = w->report;
    return e;
}

err verify_trail(const char *path, const struct chain *known, struct verify_report *out,
                 struct note *note)
{
    struct walk *w = calloc(1, sizeof *w);
    if (!w) return FAIL(NO_MEMORY);
    w->known = known;
    const err e = walk(w, path, out, note);
    free(w);
    return e;
}

err verify_each(const char *path, bool torn_end, verify_visit *visit, void *owner,
                struct verify_report *out, struct note *note)
{
    struct walk *w = calloc(1, sizeof *w);
    if (!w) return FAIL(NO_MEMORY);
    w->torn_end = torn_end;
    w->visit = visit;
    w->owner = owner;
    const err e = walk(w, path, out, note);
    free(w);
    return e;
}
