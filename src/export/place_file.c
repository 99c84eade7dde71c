/* One line a file: the series and the sequence. A new one is written beside it and takes its place. */
#include "export/place_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_SIZE = 4096, LINE_SIZE = 80, DIGITS_MAX = 18 };

static bool path_of(const char *folder, const struct uuid *id, const char *ending, char out[PATH_SIZE])
{
    char name[UUID_TEXT + 1];
    uuid_text(id, name);
    const int n = snprintf(out, PATH_SIZE, "%s/%s%s", folder, name, ending);
    return n > 0 && n < PATH_SIZE;
}

static err fail_io(struct note *note, const char *what, const char *path)
{
    return note_fail(note, err_of_errno(errno), "cannot %s %s: %s", what, path, strerror(errno));
}

err place_file_open(const char *folder, struct note *note)
{
    return mkdir(folder, 0700) == 0 || errno == EEXIST ? DONE : fail_io(note, "make", folder);
}

static bool read_number(bytes text, uint64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9') return false;
        *out = *out * 10 + (uint64_t)(text.p[i] - '0');
    }
    return text.n > 0 && text.n <= DIGITS_MAX;
}

bool place_file_read(const char *folder, const struct uuid *id, const struct uuid *series, uint64_t *seq)
{
    char path[PATH_SIZE];
    char line[LINE_SIZE];
    struct uuid of;
    if (!path_of(folder, id, "", path)) return false;
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) return false;
    const ssize_t n = read(fd, line, sizeof line);
    (void)close(fd);
    if (n <= UUID_TEXT + 1 || line[n - 1] != '\n' || line[UUID_TEXT] != ' ') return false;
    const bytes number = bytes_of(line + UUID_TEXT + 1, (size_t)n - UUID_TEXT - 2);
    return uuid_read(bytes_of(line, UUID_TEXT), &of) && uuid_eq(&of, series) && read_number(number, seq);
}

static err write_line(int fd, const char *line, size_t n, const char *path, struct note *note)
{
    const bool whole = write(fd, line, n) == (ssize_t)n && fsync(fd) == 0;
    const err e = whole ? DONE : fail_io(note, "write", path);
    (void)close(fd);
    return e;
}

err place_file_write(const char *folder, const struct uuid *id, const struct uuid *series, uint64_t seq,
                     struct note *note)
{
    char path[PATH_SIZE];
    char beside[PATH_SIZE];
    char line[LINE_SIZE];
    char of[UUID_TEXT + 1];
    if (!path_of(folder, id, "", path) || !path_of(folder, id, ".new", beside)) return FAIL(BAD_INPUT);
    uuid_text(series, of);
    const int n = snprintf(line, sizeof line, "%s %llu\n", of, (unsigned long long)seq);
    const int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) return fail_io(note, "write", beside);
    TRY(write_line(fd, line, (size_t)n, beside, note));
    return rename(beside, path) == 0 ? DONE : fail_io(note, "rename", beside);
}

void place_file_remove(const char *folder, const struct uuid *id)
{
    char path[PATH_SIZE];
    if (path_of(folder, id, "", path)) (void)unlink(path);
}
