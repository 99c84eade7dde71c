/* Chooses the files by their names, then reads them forward. */
#include "audit/tail.h"

#include "audit/lines.h"

#include <stdlib.h>

struct reader {
    struct lines lines;
    struct chain_record at;
    bytes line;
};

/* The next whole record; false at the end or at one that is being written. */
static bool next_record(struct reader *r, err *e, struct note *note)
{
    if (!lines_next(&r->lines, &r->line) || !r->lines.complete) return false;
    *e = chain_read(r->line, &r->at, note);
    return err_is_ok(*e);
}

static err newest_sequence(struct reader *r, const char *folder, const uint64_t *firsts, size_t n,
                           uint64_t *newest, struct note *note)
{
    char path[LINES_PATH_MAX];
    err e = DONE;
    *newest = 0;
    while (n && !*newest && err_is_ok(e)) {
        if (!lines_path(folder, firsts[--n], path)) return FAIL(BAD_INPUT);
        TRY(lines_open(&r->lines, path, note));
        e = lines_near(&r->lines, UINT64_MAX, note);
        while (err_is_ok(e) && next_record(r, &e, note)) *newest = r->at.at.seq;
        lines_close(&r->lines);
    }
    return e;
}

static err read_file(struct reader *r, const char *path, uint64_t after, tail_visit *visit, void *owner,
                     bool *more, struct note *note)
{
    TRY(lines_open(&r->lines, path, note));
    err e = lines_near(&r->lines, after, note);
    while (err_is_ok(e) && *more && next_record(r, &e, note)) {
        if (r->at.at.seq > after) *more = visit(owner, &r->at, r->line);
    }
    lines_close(&r->lines);
    return e;
}

static err read_files(struct reader *r, const char *folder, const uint64_t *firsts, size_t n,
                      uint64_t after, tail_visit *visit, void *owner, struct note *note)
{
    char path[LINES_PATH_MAX];
    bool more = true;
    for (size_t i = 0; i < n && more; i++) {
        const bool all_older = i + 1 < n && firsts[i + 1] <= after + 1;
        if (all_older) continue;
        if (!lines_path(folder, firsts[i], path)) return FAIL(BAD_INPUT);
        TRY(read_file(r, path, after, visit, owner, &more, note));
    }
    return DONE;
}

err tail_read(const char *folder, uint64_t after, size_t max, tail_visit *visit, void *owner,
              struct note *note)
{
    uint64_t *firsts = NULL;
    size_t n = 0;
    uint64_t newest = 0;
    struct reader *r = calloc(1, sizeof *r);
    if (!r) return FAIL(NO_MEMORY);
    err e = lines_list(folder, &firsts, &n, note);
    if (err_is_ok(e)) e = newest_sequence(r, folder, firsts, n, &newest, note);
    if (err_is_ok(e) && newest > max && newest - max > after) after = newest - max;
    if (err_is_ok(e)) e = read_files(r, folder, firsts, n, after, visit, owner, note);
    free(firsts);
    free(r);
    return e;
}
