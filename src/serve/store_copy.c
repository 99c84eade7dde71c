/* Both folders locked; files as they are, the store through its own copying, which takes what stands in its
 * log along; then both sides are read and compared. */
#include "serve/store_copy.h"

#include "audit/verify.h"
#include "base/owned.h"
#include "serve/offline.h"
#include "store/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    DEPTH_MAX = 2,
    PIECE_BYTES = 64 << 10,
    ENTRIES_NONE = 2, /* "." and ".." */
    ENTRIES_LOCK = 3
};

/* --- files --- */

static err fail(struct note *note, const char *what, const char *path)
{
    const int cause = errno;
    return note_fail(note, err_of_errno(cause), "cannot %s %s: %s", what, path, strerror(cause));
}

static err pour(int from, int to, const char *path, struct note *note)
{
    uint8_t piece[PIECE_BYTES];
    for (;;) {
        const ssize_t n = read(from, piece, sizeof piece);
        if (n < 0) return fail(note, "read what goes into", path);
        if (n == 0) return fsync(to) == 0 ? DONE : fail(note, "sync", path);
        if (write(to, piece, (size_t)n) != n) return fail(note, "write", path);
    }
}

static err copy_file(const char *from, const char *to, struct note *note)
{
    OWNED(owned_close) int in = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (in < 0) return fail(note, "read", from);
    OWNED(owned_close) int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (out < 0) return folder_cannot_create(to, note);
    return pour(in, out, to, note);
}

static bool is_left_out(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || strcmp(name, folder_names[FOLDER_LOCK]) == 0 ||
           strncmp(name, folder_names[FOLDER_STORE], strlen(folder_names[FOLDER_STORE])) == 0;
}

static err copy_folder(const char *from, const char *to, unsigned depth, struct note *note);

static err copy_entry(const char *from, const char *to, unsigned depth, struct note *note)
{
    struct stat st;
    if (lstat(from, &st) != 0) return fail(note, "look at", from);
    if (S_ISREG(st.st_mode)) return copy_file(from, to, note);
    if (S_ISSOCK(st.st_mode)) return DONE;
    if (!S_ISDIR(st.st_mode) || depth == DEPTH_MAX) {
        return note_fail(note, FAIL(BAD_INPUT), "%s is nothing that belongs into a data folder: take it away first", from);
    }
    TRY(folder_create(to, note));
    return copy_folder(from, to, depth + 1, note);
}

static err copy_folder(const char *from, const char *to, unsigned depth, struct note *note)
{
    char source[FOLDER_PATH_MAX];
    char target[FOLDER_PATH_MAX];
    const struct dirent *entry;
    err e = DONE;
    DIR *d = opendir(from);
    if (!d) return fail(note, "read", from);
    while (err_is_ok(e) && (entry = readdir(d))) {
        if (is_left_out(entry->d_name)) continue;
        const bool fits = folder_join(from, entry->d_name, source) && folder_join(to, entry->d_name, target);
        e = fits ? copy_entry(source, target, depth, note) : note_fail(note, FAIL(BAD_INPUT), "%s: a path too long", from);
    }
    (void)closedir(d);
    TRY(e);
    return folder_join(to, "lock", target) ? folder_sync_parent(target, note) : FAIL(BAD_INPUT);
}

/* Everything below the folder, which was empty when we came. */
static void empty(const char *folder, unsigned depth)
{
    char path[FOLDER_PATH_MAX];
    const struct dirent *entry;
    DIR *d = opendir(folder);
    while (d && (entry = readdir(d))) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        if (!folder_join(folder, entry->d_name, path) || unlink(path) == 0 || depth == DEPTH_MAX) continue;
        empty(path, depth + 1);
        (void)rmdir(path);
    }
    if (d) (void)closedir(d);
}

/* `most`: the names that may be there, "." and ".." among them. */
static err check_empty(const char *folder, unsigned most, struct note *note)
{
    const struct dirent *entry;
    unsigned n = 0;
    DIR *d = opendir(folder);
    if (!d) return fail(note, "read", folder);
    while ((entry = readdir(d))) n++;
    (void)closedir(d);
    return n <= most ? DONE : note_fail(note, FAIL(CONFLICT), "%s is not empty", folder);
}

/* --- looking over --- */

static err compare_trails(const char *from, const char *to, uint64_t *records, struct note *note)
{
    char source[FOLDER_PATH_MAX];
    char target[FOLDER_PATH_MAX];
    struct verify_report was;
    struct verify_report is;
    *records = 0;
    TRY(folder_path(from, FOLDER_AUDIT, source, note));
    TRY(folder_path(to, FOLDER_AUDIT, target, note));
    if (access(source, F_OK) != 0) return DONE;
    TRY(verify_trail(source, NULL, &was, note));
    TRY(verify_trail(target, &was.last, &is, note));
    *records = is.records;
    if (is.records == was.records) return DONE;
    return note_fail(note, FAIL(AUDIT_BROKEN), "%s has %llu records, its copy %llu", source,
                     (unsigned long long)was.records, (unsigned long long)is.records);
}

static err compare_stores(const char *from, const char *to, struct store_numbers *out, struct note *note)
{
    struct store_numbers was;
    TRY(offline_store_check(from, &was, note));
    TRY(offline_store_check(to, out, note));
    const bool same = was.sequence == out->sequence && was.outbox == out->outbox && was.outbox_last == out->outbox_last &&
                      memcmp(was.records, out->records, sizeof was.records) == 0;
    return same ? DONE : note_fail(note, FAIL(STORE_DAMAGED), "the copy of %s does not hold what it holds", from);
}

/* --- all of it --- */

static err fill(const char *from, const char *to, struct store_copy_result *out, struct note *note)
{
    char store[FOLDER_PATH_MAX];
    TRY(folder_path(to, FOLDER_STORE, store, note));
    TRY(copy_folder(from, to, 1, note));
    TRY(offline_store_backup(from, store, note));
    TRY(compare_stores(from, to, &out->numbers, note));
    return compare_trails(from, to, &out->audit_records, note);
}

/* A copy inside of what is copied would become part of it. Asked before anything is made. */
static err check_apart(const char *from, const char *to, struct note *note)
{
    char parent[FOLDER_PATH_MAX];
    char whole_from[PATH_MAX];
    char whole_parent[PATH_MAX];
    const int n = snprintf(parent, sizeof parent, "%s", to);
    if (n < 0 || (size_t)n >= sizeof parent) return note_fail(note, FAIL(BAD_INPUT), "the path %s is too long", to);
    if (!realpath(from, whole_from) || !realpath(dirname(parent), whole_parent)) return DONE; /* told by what comes */
    const size_t length = strlen(whole_from);
    if (strncmp(whole_parent, whole_from, length) != 0) return DONE;
    if (whole_parent[length] != '/' && whole_parent[length] != '\0') return DONE;
    return note_fail(note, FAIL(BAD_INPUT), "%s is inside of %s, which is to be copied", to, from);
}

/* Looked at twice: before anything is made there, and under the lock, for another copy may have come first. */
static err copy_locked(const char *from, const char *to, struct store_copy_result *out, struct note *note)
{
    struct folder target = {0};
    TRY(check_apart(from, to, note));
    TRY(folder_create(to, note));
    TRY(check_empty(to, ENTRIES_NONE, note));
    TRY(folder_open(to, &target, note));
    err e = check_empty(to, ENTRIES_LOCK, note);
    if (err_is_ok(e)) {
        e = fill(from, to, out, note);
        if (!err_is_ok(e)) empty(to, 1);
    }
    folder_close(&target);
    return e;
}

err store_copy_run(const char *from, const char *to, struct store_copy_result *out, struct note *note)
{
    struct folder source = {0};
    TRY(folder_open(from, &source, note));
    const err e = copy_locked(from, to, out, note);
    folder_close(&source);
    return e;
}
