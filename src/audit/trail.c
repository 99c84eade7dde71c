/* Appends whole records and never leaves half of one behind. */
#include "audit/trail.h"

#include "base/owned.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

static err fail(struct note *note, err e, const char *what, const char *path)
{
    return note_fail(note, e, "cannot %s %s: %s", what, path, strerror(errno));
}

static err check_mode(const char *path, struct note *note)
{
    struct stat st;
    if (lstat(path, &st) != 0) return fail(note, FAIL(IO), "look at", path);
    if (!(st.st_mode & 077)) return DONE;
    return note_fail(note, FAIL(MODE_TOO_WIDE), "%s has mode %04o, others could read it: chmod %s %s", path,
                     (unsigned)st.st_mode & 07777, S_ISDIR(st.st_mode) ? "700" : "600", path);
}

static err sync_folder(const struct trail *t, struct note *note)
{
    OWNED(owned_close) int fd = open(t->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) != 0) return fail(note, FAIL(AUDIT_FAILED), "sync", t->folder);
    return DONE;
}

/* --- opening --- */

/* Bytes that no writer makes: the disk gave back space that was never written. */
static bool was_never_written(bytes line)
{
    return line.n && memchr(line.p, 0, line.n);
}

/* Follows the records of a file; `*good` is the offset after the last whole one. The first record of the
 * file is taken at its word for what came before. */
static err follow(struct lines *l, struct chain *chain, uint64_t *good, struct note *note)
{
    bytes line;
    bool first = true;
    *good = 0;
    while (lines_next(l, &line)) {
        struct chain_record r;
        if (!l->complete || was_never_written(line)) return DONE;
        TRY(chain_read(line, &r, note));
        if (!first) TRY(chain_follows(chain, &r, note));
        first = false;
        *chain = r.at;
        *good = l->next;
    }
    return l->failed ? fail(note, FAIL(IO), "read", "the audit trail") : DONE;
}

static err repair_file(struct trail *t, const char *path, struct trail_repair *repair,
                       struct note *note)
{
    struct lines *l = calloc(1, sizeof *l);
    struct note why = {{0}};
    if (!l) return FAIL(NO_MEMORY);
    err e = lines_open(l, path, note);
    if (err_is_ok(e)) {
        e = follow(l, &t->chain, &t->size, &why);
        lines_close(l);
    }
    free(l);
    if (e.code == ERR_AUDIT_BROKEN) {
        return note_fail(note, e, "%.200s: %.200s; see `latchkey audit verify`; to begin a new trail move the"
                         " folder away", path, why.text);
    }
    TRY(e);
    OWNED(owned_close) int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0) return fail(note, FAIL(IO), "open", path);
    repair->cut_bytes += (uint64_t)st.st_size - t->size;
    if ((uint64_t)st.st_size > t->size && ftruncate(fd, (off_t)t->size) != 0) {
        return fail(note, FAIL(IO), "cut", path);
    }
    /* What a process that died had written need not be on the disk yet. */
    if (fsync(fd) != 0) return fail(note, FAIL(IO), "sync", path);
    t->synced = t->size;
    t->fd = owned_take(&fd);
    return DONE;
}

/* The newest file that holds a record is gone on with; empty ones after it are removed. */
static err open_newest(struct trail *t, struct trail_repair *repair, struct note *note)
{
    uint64_t *firsts = NULL;
    size_t n = 0;
    TRY(lines_list(t->folder, &firsts, &n, note));
    err e = DONE;
    while (n && err_is_ok(e) && t->fd < 0) {
        char path[LINES_PATH_MAX];
        if (!lines_path(t->folder, firsts[--n], path)) break;
        e = check_mode(path, note);
        if (err_is_ok(e)) e = repair_file(t, path, repair, note);
        if (err_is_ok(e) && t->size == 0) {
            (void)close(t->fd);
            t->fd = -1;
            (void)unlink(path);
        }
    }
    free(firsts);
    return e;
}

err trail_open(struct trail *t, const char *folder, struct trail_repair *repair, struct note *note)
{
    *repair = (struct trail_repair){0};
    t->fd = -1;
    t->size = 0;
    t->torn = t->sync_failed = false;
    t->chain = (struct chain){0};
    if (snprintf(t->folder, sizeof t->folder, "%s", folder) >= (int)sizeof t->folder) {
        return FAIL(BAD_INPUT);
    }
    if (mkdir(folder, 0700) != 0 && errno != EEXIST) return fail(note, FAIL(IO), "create", folder);
    TRY(check_mode(folder, note));
    return open_newest(t, repair, note);
}

/* --- appending --- */

static void drop_old(const struct trail *t)
{
    uint64_t *firsts = NULL;
    size_t n = 0;
    char path[LINES_PATH_MAX];
    if (!t->keep_files || !err_is_ok(lines_list(t->folder, &firsts, &n, NULL))) return;
    for (size_t i = 0; i + t->keep_files < n; i++) {
        if (lines_path(t->folder, firsts[i], path)) (void)unlink(path);
    }
    free(firsts);
}

static err start_file(struct trail *t, struct note *note)
{
    char path[LINES_PATH_MAX];
    if (!lines_path(t->folder, t->chain.seq + 1, path)) return FAIL(AUDIT_FAILED);
    t->fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (t->fd < 0) return fail(note, FAIL(AUDIT_FAILED), "create", path);
    t->size = t->synced = 0;
    t->torn = false;
    drop_old(t);
    const err e = sync_folder(t, note);
    if (err_is_ok(e)) return e;
    (void)close(t->fd);
    (void)unlink(path);
    t->fd = -1;
    return e;
}

static err rotate(struct trail *t, struct note *note)
{
    TRY(trail_sync(t, note));
    (void)close(t->fd);
    t->fd = -1;
    return start_file(t, note);
}

static err cut_back(struct trail *t, struct note *note)
{
    t->torn = ftruncate(t->fd, (off_t)t->size) != 0;
    return t->torn ? fail(note, FAIL(AUDIT_FAILED), "cut", t->folder) : DONE;
}

static err write_all(struct trail *t, bytes lines, struct note *note)
{
    while (lines.n) {
        const ssize_t n = write(t->fd, lines.p, lines.n);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) {
            const err e = fail(note, FAIL(AUDIT_FAILED), "write", t->folder);
            (void)!err_is_ok(cut_back(t, NULL));
            return e;
        }
        lines = bytes_part(lines, (size_t)n, lines.n);
    }
    return DONE;
}

err trail_append(struct trail *t, bytes lines, const struct chain *after, struct note *note)
{
    if (t->sync_failed) TRY(trail_sync(t, note));
    if (t->fd < 0) {
        TRY(start_file(t, note));
    } else if (t->torn) {
        TRY(cut_back(t, note));
    } else if (t->rotate_bytes && t->size >= t->rotate_bytes) {
        TRY(rotate(t, note));
    }
    TRY(write_all(t, lines, note));
    t->size += lines.n;
    t->chain = *after;
    return DONE;
}

/* After a failed sync the system takes the lost pages for clean: only new writing makes them dirty. */
static err write_again(struct trail *t, struct note *note)
{
    char path[LINES_PATH_MAX];
    snprintf(path, sizeof path, "/proc/self/fd/%d", t->fd);
    const size_t n = (size_t)(t->size - t->synced);
    uint8_t *kept = malloc(n);
    OWNED(owned_close) int fd = open(path, O_RDONLY | O_CLOEXEC);
    err e = FAIL(AUDIT_FAILED);
    if (kept && fd >= 0 && pread(fd, kept, n, (off_t)t->synced) == (ssize_t)n) {
        const uint64_t whole = t->size;
        t->size = t->synced;
        e = cut_back(t, note);
        if (err_is_ok(e)) e = write_all(t, bytes_of(kept, n), note);
        t->size = whole;
        t->torn = false;
    }
    free(kept);
    return e;
}

err trail_sync(struct trail *t, struct note *note)
{
    if (t->fd < 0 || t->synced == t->size) return DONE;
    if (t->sync_failed) TRY(write_again(t, note));
    t->sync_failed = fdatasync(t->fd) != 0;
    if (t->sync_failed) return fail(note, FAIL(AUDIT_FAILED), "sync", t->folder);
    t->synced = t->size;
    return DONE;
}

uint64_t trail_free_bytes(const struct trail *t)
{
    struct statvfs disk;
    if (statvfs(t->folder, &disk) != 0) return UINT64_MAX;
    return (uint64_t)disk.f_bavail * disk.f_frsize;
}

void trail_close(struct trail *t)
{
    if (t->fd >= 0) (void)close(t->fd);
    t->fd = -1;
}
