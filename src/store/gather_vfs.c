/* SQLite's OS interface (sqlite.org/vfs.html). Only logs are other files than the base's; what a log holds back goes
 * out before anything but a write that follows on, so whoever reads through this handle reads what was written.
 * Others read a frame after its sync, for SQLite tells of it afterwards. What could not be written is forgotten, as
 * a write that fails is: SQLite writes it anew. */
#include "store/gather_vfs.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* The system's layer takes less than 128 KiB at once, for SQLite itself writes pages. */
enum { HELD_MAX = 64 << 10, BASES_MAX = 4, NAME_SIZE = 48 };

struct layer {
    sqlite3_vfs vfs;
    sqlite3_vfs *base;
    char name[NAME_SIZE];
};

struct log_file {
    sqlite3_file file;
    sqlite3_file *real;        /* right behind this struct */
    uint8_t *held;
    size_t n;
    sqlite3_int64 at;          /* of the first byte held */
};

static struct log_file *log_of(sqlite3_file *f)
{
    return (struct log_file *)(void *)f;
}

/* A write beyond a quota or a limit is "full" too; SQLite says so of a full disk alone. */
static int write_through(struct log_file *l, const void *from, int n, sqlite3_int64 at)
{
    int cause = 0;
    const int got = l->real->pMethods->xWrite(l->real, from, n, at);
    if ((got & 0xff) != SQLITE_IOERR) return got;
    (void)l->real->pMethods->xFileControl(l->real, SQLITE_FCNTL_LAST_ERRNO, &cause);
    return cause == EDQUOT || cause == EFBIG ? SQLITE_FULL : got;
}

static int flush(struct log_file *l)
{
    const size_t n = l->n;
    l->n = 0;
    return n ? write_through(l, l->held, (int)n, l->at) : SQLITE_OK;
}

/* --- a log's methods --- */

static int log_close(sqlite3_file *f)
{
    struct log_file *l = log_of(f);
    const int flushed = flush(l);
    const int closed = l->real->pMethods->xClose(l->real);
    sqlite3_free(l->held);
    return flushed == SQLITE_OK ? closed : flushed;
}

static int log_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at)
{
    struct log_file *l = log_of(f);
    const int flushed = flush(l);
    return flushed == SQLITE_OK ? l->real->pMethods->xRead(l->real, to, n, at) : flushed;
}

static int log_write(sqlite3_file *f, const void *from, int n, sqlite3_int64 at)
{
    struct log_file *l = log_of(f);
    const size_t more = (size_t)n;
    const bool follows = l->n > 0 && at == l->at + (sqlite3_int64)l->n && more <= HELD_MAX - l->n;
    if (!follows) {
        const int flushed = flush(l);
        if (flushed != SQLITE_OK) return flushed;
        if (!l->held) l->held = sqlite3_malloc(HELD_MAX);
        if (!l->held || more > HELD_MAX) return write_through(l, from, n, at);
        l->at = at;
    }
    memcpy(l->held + l->n, from, more);
    l->n += more;
    return SQLITE_OK;
}

static int log_truncate(sqlite3_file *f, sqlite3_int64 size)
{
    struct log_file *l = log_of(f);
    const int flushed = flush(l);
    return flushed == SQLITE_OK ? l->real->pMethods->xTruncate(l->real, size) : flushed;
}

static int log_sync(sqlite3_file *f, int flags)
{
    struct log_file *l = log_of(f);
    const int flushed = flush(l);
    return flushed == SQLITE_OK ? l->real->pMethods->xSync(l->real, flags) : flushed;
}

static int log_size(sqlite3_file *f, sqlite3_int64 *size)
{
    struct log_file *l = log_of(f);
    const int flushed = flush(l);
    return flushed == SQLITE_OK ? l->real->pMethods->xFileSize(l->real, size) : flushed;
}

static int log_lock(sqlite3_file *f, int level)
{
    struct log_file *l = log_of(f);
    return l->real->pMethods->xLock(l->real, level);
}

static int log_unlock(sqlite3_file *f, int level)
{
    struct log_file *l = log_of(f);
    return l->real->pMethods->xUnlock(l->real, level);
}

static int log_check_lock(sqlite3_file *f, int *out)
{
    struct log_file *l = log_of(f);
    return l->real->pMethods->xCheckReservedLock(l->real, out);
}

static int log_control(sqlite3_file *f, int what, void *with)
{
    struct log_file *l = log_of(f);
    const int flushed = flush(l);
    return flushed == SQLITE_OK ? l->real->pMethods->xFileControl(l->real, what, with) : flushed;
}

static int log_sector(sqlite3_file *f)
{
    struct log_file *l = log_of(f);
    return l->real->pMethods->xSectorSize(l->real);
}

static int log_device(sqlite3_file *f)
{
    struct log_file *l = log_of(f);
    return l->real->pMethods->xDeviceCharacteristics(l->real);
}

static const sqlite3_io_methods log_methods = {
    .iVersion = 1,
    .xClose = log_close,
    .xRead = log_read,
    .xWrite = log_write,
    .xTruncate = log_truncate,
    .xSync = log_sync,
    .xFileSize = log_size,
    .xLock = log_lock,
    .xUnlock = log_unlock,
    .xCheckReservedLock = log_check_lock,
    .xFileControl = log_control,
    .xSectorSize = log_sector,
    .xDeviceCharacteristics = log_device,
};

/* --- the layer --- */

static int layer_open(sqlite3_vfs *v, sqlite3_filename name, sqlite3_file *f, int flags, int *out_flags)
{
    sqlite3_vfs *base = ((struct layer *)(void *)v)->base;
    if (!(flags & SQLITE_OPEN_WAL)) return base->xOpen(base, name, f, flags, out_flags);
    struct log_file *l = log_of(f);
    *l = (struct log_file){.real = (sqlite3_file *)(void *)(l + 1)};
    const int got = base->xOpen(base, name, l->real, flags, out_flags);
    /* Without methods it is not closed. */
    if (got == SQLITE_OK) l->file.pMethods = &log_methods;
    else if (l->real->pMethods) (void)l->real->pMethods->xClose(l->real);
    return got;
}

/* What is not about logs is the base's, with its own data. */
static const char *add(struct layer *l, sqlite3_vfs *base, const char *name)
{
    (void)snprintf(l->name, sizeof l->name, "%s", name);
    l->base = base;
    l->vfs = *base;
    l->vfs.zName = l->name;
    l->vfs.pNext = NULL;
    l->vfs.szOsFile = (int)sizeof(struct log_file) + base->szOsFile;
    l->vfs.xOpen = layer_open;
    return sqlite3_vfs_register(&l->vfs, 0) == SQLITE_OK ? l->name : NULL;
}

const char *gather_vfs(const char *base)
{
    static struct layer layers[BASES_MAX];
    static size_t layers_n;
    char name[NAME_SIZE];
    sqlite3_vfs *found = sqlite3_vfs_find(base);
    if (!found || snprintf(name, sizeof name, "gather %s", found->zName) >= (int)sizeof name) return NULL;
    for (size_t i = 0; i < layers_n; i++) {
        if (strcmp(layers[i].name, name) == 0) return layers[i].name;
    }
    if (layers_n == BASES_MAX) return NULL;
    return add(&layers[layers_n++], found, name);
}
