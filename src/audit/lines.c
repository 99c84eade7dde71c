/* Files of the trail are named by the first record that they hold. */
#include "audit/lines.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#define NAME_PREFIX "audit-"
#define NAME_SUFFIX ".jsonl"
enum { NAME_DIGITS = 12 };

static err fail_io(struct note *note, const char *what, const char *path)
{
    return note_fail(note, err_of_errno(errno), "cannot %s %s: %s", what, path, strerror(errno));
}

err lines_open(struct lines *l, const char *path, struct note *note)
{
    struct stat there;
    l->start = l->next = 0;
    l->failed = false;
    l->file = fopen(path, "re");
    if (!l->file) return fail_io(note, "open", path);
    if (fstat(fileno(l->file), &there) == 0 && S_ISREG(there.st_mode)) return DONE;
    lines_close(l);
    return note_fail(note, FAIL(BAD_INPUT), "%s is not a file of the audit trail", path);
}

err lines_seek(struct lines *l, uint64_t offset, struct note *note)
{
    if (offset > INT64_MAX || fseeko(l->file, (off_t)offset, SEEK_SET) != 0) return fail_io(note, "read on in", "the trail");
    l->start = l->next = offset;
    return DONE;
}

/* The first whole record that begins after an offset. */
static bool record_after(struct lines *l, uint64_t offset, uint64_t *start, uint64_t *seq)
{
    struct note note;
    struct chain_record r;
    bytes line;
    if (!err_is_ok(lines_seek(l, offset, &note)) || !lines_next(l, &line)) return false;
    if (!lines_next(l, &line) || !l->complete || !err_is_ok(chain_read(line, &r, &note))) return false;
    *start = l->start;
    *seq = r.at.seq;
    return true;
}

err lines_near(struct lines *l, uint64_t seq, struct note *note)
{
    struct stat there;
    if (fstat(fileno(l->file), &there) != 0) return fail_io(note, "read", "the trail");
    uint64_t low = 0;
    uint64_t high = (uint64_t)there.st_size;
    while (high - low > 2 * sizeof l->room) {
        const uint64_t middle = low + (high - low) / 2;
        uint64_t start = 0;
        uint64_t found = 0;
        if (record_after(l, middle, &start, &found) && start < high && found <= seq) low = start;
        else high = middle;
    }
    return lines_seek(l, low, note);
}

bool lines_next(struct lines *l, bytes *line)
{
    size_t n = 0;
    int c = 0;
    while (n < sizeof l->room && (c = getc_unlocked(l->file)) != EOF && c != '\n') {
        l->room[n++] = (uint8_t)c;
    }
    l->failed = ferror(l->file) != 0;
    l->complete = c == '\n';
    l->start = l->next;
    l->next += n + (l->complete ? 1 : 0);
    *line = bytes_of(l->room, n);
    return !l->failed && (n > 0 || l->complete);
}

void lines_close(struct lines *l)
{
    if (l->file) (void)fclose(l->file);
    l->file = NULL;
}

bool lines_path(const char *folder, uint64_t first, char out[LINES_PATH_MAX])
{
    return snprintf(out, LINES_PATH_MAX, "%s/" NAME_PREFIX "%0*llu" NAME_SUFFIX, folder, NAME_DIGITS,
                    (unsigned long long)first) < LINES_PATH_MAX;
}

static bool read_name(const char *name, uint64_t *first)
{
    const bytes b = bytes_of_text(name);
    const size_t prefix = sizeof NAME_PREFIX - 1;
    if (b.n != prefix + NAME_DIGITS + sizeof NAME_SUFFIX - 1) return false;
    if (!bytes_has_prefix(b, BYTES(NAME_PREFIX))) return false;
    if (!bytes_eq_text(bytes_part(b, prefix + NAME_DIGITS, b.n), NAME_SUFFIX)) return false;
    *first = 0;
    for (size_t i = prefix; i < prefix + NAME_DIGITS; i++) {
        if (name[i] < '0' || name[i] > '9') return false;
        *first = *first * 10 + (uint64_t)(name[i] - '0');
    }
    return true;
}

static int ascending(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a;
    const uint64_t y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

err lines_list(const char *folder, uint64_t **firsts, size_t *n, struct note *note)
{
    DIR *d = opendir(folder);
    if (!d) return fail_io(note, "open", folder);
    struct wr found = wr_growing(LINES_FILES_MAX * sizeof(uint64_t));
    const struct dirent *entry;
    uint64_t first = 0;
    while ((entry = readdir(d))) {
        if (read_name(entry->d_name, &first)) wr_bytes(&found, bytes_of(&first, sizeof first));
    }
    (void)closedir(d);
    if (found.bad) {
        wr_drop(&found);
        return note_fail(note, FAIL(IO), "too many files in %s", folder);
    }
    *n = found.n / sizeof first;
    *firsts = (uint64_t *)(void *)found.p;
    if (*n) qsort(*firsts, *n, sizeof first, ascending);
    return DONE;
}
