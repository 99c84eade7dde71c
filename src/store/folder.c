/* Files of the data folder, through the system's calls alone. */
#include "store/folder.h"

#include "base/owned.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

static err fail_io(struct note *note, const char *what, const char *path)
{
    const int cause = errno;
    return note_fail(note, err_of_errno(cause), "cannot %s %s: %s", what, path, strerror(cause));
}

err folder_cannot_create(const char *path, struct note *note)
{
    if (errno == EEXIST) return note_fail(note, FAIL(CONFLICT), "%s exists already", path);
    if (errno == ENOENT || errno == ENOTDIR) {
        return note_fail(note, FAIL(NOT_FOUND), "cannot create %s: the folder that it would be in is not there: make"
                         " that first", path);
    }
    return fail_io(note, "create", path);
}

bool folder_join(const char *folder, const char *name, char out[FOLDER_PATH_MAX])
{
    return snprintf(out, FOLDER_PATH_MAX, "%s/%s", folder, name) < FOLDER_PATH_MAX;
}

const char *const folder_names[FOLDER_NAMES_N] = {
#define FOLDER_NAME(id, name) name,
#include "store/folder_name.def"
#undef FOLDER_NAME
};

err folder_path(const char *data, enum folder_name what, char out[FOLDER_PATH_MAX], struct note *note)
{
    if (folder_join(data, folder_names[what], out)) return DONE;
    return note_fail(note, FAIL(BAD_INPUT), "the path of the data folder is too long");
}

static err check_mode(const char *path, bool folder, struct note *note)
{
    struct stat st;
    if (lstat(path, &st) != 0) {
        if (errno == ENOENT) return note_fail(note, FAIL(NOT_FOUND), "%s does not exist", path);
        return fail_io(note, "look at", path);
    }
    if (folder ? !S_ISDIR(st.st_mode) : !S_ISREG(st.st_mode)) {
        return note_fail(note, FAIL(BAD_INPUT), "%s is not a %s", path, folder ? "folder" : "regular file");
    }
    if (st.st_mode & 077) {
        return note_fail(note, FAIL(MODE_TOO_WIDE), "%s has mode %04o, others could read it: chmod %s %s",
                         path, (unsigned)st.st_mode & 07777, folder ? "700" : "600", path);
    }
    return DONE;
}

err folder_check(const char *path, struct note *note)
{
    return check_mode(path, true, note);
}

err folder_create(const char *path, struct note *note)
{
    if (mkdir(path, 0700) == 0) return folder_sync_parent(path, note);
    if (errno == EEXIST) return check_mode(path, true, note);
    return folder_cannot_create(path, note);
}

static err lock_is_taken(int fd, const char *path, struct note *note)
{
    char pid[24] = {0};
    const ssize_t n = pread(fd, pid, sizeof pid - 1, 0);
    if (n > 0) pid[strspn(pid, "0123456789")] = 0;
    return note_fail(note, FAIL(CONFLICT), "%s is in use by process %s: stop that one first", path,
                     n > 0 ? pid : "(unknown)");
}

err folder_open(const char *path, struct folder *f, struct note *note)
{
    char name[FOLDER_PATH_MAX];
    TRY(check_mode(path, true, note));
    TRY(folder_path(path, FOLDER_LOCK, name, note));
    OWNED(owned_close) int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) return fail_io(note, "open", name);
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) return lock_is_taken(fd, path, note);
    char pid[24];
    const int n = snprintf(pid, sizeof pid, "%d\n", (int)getpid());
    if (ftruncate(fd, 0) != 0 || pwrite(fd, pid, (size_t)n, 0) != n) {
        return fail_io(note, "write", name);
    }
    snprintf(f->path, sizeof f->path, "%s", path);
    f->lock = owned_take(&fd) + 1;
    return DONE;
}

void folder_close(struct folder *f)
{
    if (f->lock) (void)close(f->lock - 1);
    *f = (struct folder){0};
}

err folder_check_file(const char *path, struct note *note)
{
    return check_mode(path, false, note);
}

err folder_read_file(const char *path, struct wr *out, struct note *note)
{
    uint8_t piece[4096];
    TRY(folder_check_file(path, note));
    OWNED(owned_close) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) return fail_io(note, "open", path);
    for (;;) {
        const ssize_t n = read(fd, piece, sizeof piece);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return fail_io(note, "read", path);
        if (n == 0) return DONE;
        wr_bytes(out, bytes_of(piece, (size_t)n));
        if (out->bad) {
            return note_fail(note, FAIL(FRAME_TOO_BIG), "%s is over %zu bytes", path, out->max);
        }
    }
}

static err write_all(int fd, bytes content, const char *path, struct note *note)
{
    while (content.n) {
        const ssize_t n = write(fd, content.p, content.n);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return fail_io(note, "write", path);
        content = bytes_part(content, (size_t)n, content.n);
    }
    return fsync(fd) == 0 ? DONE : fail_io(note, "sync", path);
}

static int open_new(const char *path)
{
    return open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
}

static err fill(int fd, const char *path, bytes content, struct note *note)
{
    const err e = write_all(fd, content, path, note);
    if (!err_is_ok(e)) (void)unlink(path);
    return e;
}

err folder_create_file(const char *path, bytes content, struct note *note)
{
    OWNED(owned_close) int fd = open_new(path);
    if (fd < 0) return folder_cannot_create(path, note);
    TRY(fill(fd, path, content, note));
    return folder_sync_parent(path, note);
}

err folder_replace_file(const char *path, bytes content, struct note *note)
{
    char fresh[FOLDER_PATH_MAX];
    if (snprintf(fresh, sizeof fresh, "%s.new", path) >= (int)sizeof fresh) return FAIL(BAD_INPUT);
    (void)unlink(fresh);
    OWNED(owned_close) int fd = open_new(fresh);
    if (fd < 0) return fail_io(note, "create", fresh);
    TRY(fill(fd, fresh, content, note));
    if (rename(fresh, path) == 0) return folder_sync_parent(path, note);
    const err e = fail_io(note, "replace", path);
    (void)unlink(fresh);
    return e;
}

err folder_sync_parent(const char *path, struct note *note)
{
    char copy[FOLDER_PATH_MAX];
    if (snprintf(copy, sizeof copy, "%s", path) >= (int)sizeof copy) return FAIL(BAD_INPUT);
    const char *parent = dirname(copy);
    OWNED(owned_close) int fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) != 0) return fail_io(note, "sync", parent);
    return DONE;
}
