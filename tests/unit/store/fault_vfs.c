#include "fault_vfs.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum { FILES = 32, WRITES = 4096, REGIONS = 64, LOCKS = 8, SECTOR = 512 };

struct content {
    uint8_t *p;
    size_t n;
};

struct pending {       /* a write or truncation since the last sync */
    size_t at;
    struct content data;
    bool truncate;
};

struct inode {
    char name[256];    /* empty: free */
    struct content now;
    struct content synced;
    struct pending pending[WRITES];
    size_t pending_n;
    bool durable;      /* its name has reached the disk */
    bool unlinked;     /* gone when the last handle closes */
    int handles;
    int shared;
    void *reserved;    /* the handle that holds RESERVED or more */
    bool exclusive;
    int mapped;
    uint8_t *regions[REGIONS];
    int shm_shared[LOCKS];
    bool shm_exclusive[LOCKS];
};

struct handle {
    sqlite3_file base;
    struct inode *inode;
    int lock;
    bool mapped;
    unsigned shm_shared;
    unsigned shm_exclusive;
};

static struct inode disk[FILES];
static pthread_mutex_t big_lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t calls, fail_at, syncs, power_at;
static enum fault_kind fail_kind;
static bool power_after, dark;
static size_t room = SIZE_MAX;
static uint64_t dice;

static unsigned below(unsigned n)
{
    dice = dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(dice >> 33) % n;
}

/* Every operation passes here first, under the lock. */
static bool fails(void)
{
    calls++;
    if (dark) return true;
    if (!fail_at) return false;
    return fail_kind == FAULT_ONCE ? calls == fail_at : calls >= fail_at;
}

static void resize(struct content *c, size_t n)
{
    c->p = realloc(c->p, n + 1);
    if (n > c->n) memset(c->p + c->n, 0, n - c->n);
    c->n = n;
}

static void put(struct content *c, size_t at, const void *p, size_t n)
{
    if (at + n > c->n) resize(c, at + n);
    memcpy(c->p + at, p, n);
}

static void copy(struct content *to, const struct content *from)
{
    resize(to, from->n);
    if (from->n) memcpy(to->p, from->p, from->n);
}

static void forget_pending(struct inode *i)
{
    for (size_t k = 0; k < i->pending_n; k++) free(i->pending[k].data.p);
    i->pending_n = 0;
}

static void destroy(struct inode *i)
{
    forget_pending(i);
    for (int k = 0; k < REGIONS; k++) free(i->regions[k]);
    free(i->now.p);
    free(i->synced.p);
    memset(i, 0, sizeof *i);
}

static struct inode *find(const char *name)
{
    for (int k = 0; k < FILES; k++) {
        if (disk[k].name[0] && !disk[k].unlinked && strcmp(disk[k].name, name) == 0) return &disk[k];
    }
    return NULL;
}

static struct inode *create(const char *name)
{
    for (int k = 0; k < FILES; k++) {
        if (disk[k].name[0]) continue;
        strncpy(disk[k].name, name, sizeof disk[k].name - 1);
        return &disk[k];
    }
    abort();
}

static size_t used(void)
{
    size_t sum = 0;
    for (int k = 0; k < FILES; k++) sum += disk[k].now.n;
    return sum;
}

static void add_pending(struct inode *i, size_t at, const void *p, size_t n, bool truncate)
{
    if (i->pending_n == WRITES) abort();
    struct pending *w = &i->pending[i->pending_n++];
    *w = (struct pending){.at = at, .truncate = truncate};
    if (!truncate) put(&w->data, 0, p, n);
}

static struct handle *of(sqlite3_file *f)
{
    return (struct handle *)f;
}

#define ENTER(failure)                                                                             \
    pthread_mutex_lock(&big_lock);                                                                 \
    if (fails()) {                                                                                 \
        pthread_mutex_unlock(&big_lock);                                                           \
        return failure;                                                                            \
    }
#define LEAVE(result)                                                                              \
    do {                                                                                           \
        const int result_ = (result);                                                              \
        pthread_mutex_unlock(&big_lock);                                                           \
        return result_;                                                                            \
    } while (0)

static int fault_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at)
{
    const struct content *c = &of(f)->inode->now;
    ENTER(SQLITE_IOERR_READ);
    const size_t have = (size_t)at >= c->n ? 0 : c->n - (size_t)at;
    const size_t got = have < (size_t)n ? have : (size_t)n;
    if (got) memcpy(p, c->p + at, got);
    memset((uint8_t *)p + got, 0, (size_t)n - got);
    LEAVE(got == (size_t)n ? SQLITE_OK : SQLITE_IOERR_SHORT_READ);
}

static int fault_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
    struct inode *i = of(f)->inode;
    ENTER(SQLITE_IOERR_WRITE);
    const size_t end = (size_t)at + (size_t)n;
    if (end > i->now.n && used() + (end - i->now.n) > room) LEAVE(SQLITE_FULL);
    put(&i->now, (size_t)at, p, (size_t)n);
    add_pending(i, (size_t)at, p, (size_t)n, false);
    LEAVE(SQLITE_OK);
}

static int fault_truncate(sqlite3_file *f, sqlite3_int64 n)
{
    struct inode *i = of(f)->inode;
    ENTER(SQLITE_IOERR_TRUNCATE);
    resize(&i->now, (size_t)n);
    add_pending(i, (size_t)n, NULL, 0, true);
    LEAVE(SQLITE_OK);
}

static int fault_sync(sqlite3_file *f, int flags)
{
    (void)flags;
    struct inode *i = of(f)->inode;
    ENTER(SQLITE_IOERR_FSYNC);
    const bool cut = ++syncs == power_at;
    if (!cut || power_after) {
        copy(&i->synced, &i->now);
        forget_pending(i);
        i->durable = true;
    }
    if (cut) dark = true;
    LEAVE(cut ? SQLITE_IOERR_FSYNC : SQLITE_OK);
}

static int fault_file_size(sqlite3_file *f, sqlite3_int64 *n)
{
    ENTER(SQLITE_IOERR_FSTAT);
    *n = (sqlite3_int64)of(f)->inode->now.n;
    LEAVE(SQLITE_OK);
}

static int fault_lock(sqlite3_file *f, int level)
{
    struct handle *h = of(f);
    struct inode *i = h->inode;
    ENTER(SQLITE_IOERR_LOCK);
    if (h->lock >= level) LEAVE(SQLITE_OK);
    if (i->exclusive && i->reserved != h) LEAVE(SQLITE_BUSY);
    if (h->lock == SQLITE_LOCK_NONE) {
        i->shared++;
        h->lock = SQLITE_LOCK_SHARED;
    }
    if (level > SQLITE_LOCK_SHARED) {
        if (i->reserved && i->reserved != h) LEAVE(SQLITE_BUSY);
        i->reserved = h;
        h->lock = SQLITE_LOCK_RESERVED;
    }
    if (level == SQLITE_LOCK_EXCLUSIVE) {
        if (i->shared > 1) LEAVE(SQLITE_BUSY);
        i->exclusive = true;
        h->lock = SQLITE_LOCK_EXCLUSIVE;
    }
    LEAVE(SQLITE_OK);
}

static void unlock_to(struct handle *h, int level)
{
    struct inode *i = h->inode;
    if (h->lock > SQLITE_LOCK_SHARED && level <= SQLITE_LOCK_SHARED) {
        i->reserved = NULL;
        i->exclusive = false;
    }
    if (h->lock >= SQLITE_LOCK_SHARED && level == SQLITE_LOCK_NONE) i->shared--;
    if (level < h->lock) h->lock = level;
}

/* Giving back cannot fail: a real lock goes with its process. */
static int fault_unlock(sqlite3_file *f, int level)
{
    pthread_mutex_lock(&big_lock);
    unlock_to(of(f), level);
    LEAVE(SQLITE_OK);
}

static int fault_check_reserved(sqlite3_file *f, int *out)
{
    ENTER(SQLITE_IOERR_CHECKRESERVEDLOCK);
    *out = of(f)->inode->reserved != NULL;
    LEAVE(SQLITE_OK);
}

static int fault_file_control(sqlite3_file *f, int op, void *arg)
{
    (void)f;
    (void)op;
    (void)arg;
    return SQLITE_NOTFOUND;
}

static int fault_sector_size(sqlite3_file *f)
{
    (void)f;
    return SECTOR;
}

static int fault_characteristics(sqlite3_file *f)
{
    (void)f;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static int fault_shm_map(sqlite3_file *f, int region, int size, int extend, void volatile **out)
{
    struct handle *h = of(f);
    ENTER(SQLITE_IOERR_SHMMAP);
    if (!h->mapped) h->inode->mapped++;
    h->mapped = true;
    if (region >= REGIONS) abort();
    if (!h->inode->regions[region] && extend) h->inode->regions[region] = calloc(1, (size_t)size);
    *out = h->inode->regions[region];
    LEAVE(SQLITE_OK);
}

static int fault_shm_lock(sqlite3_file *f, int first, int n, int flags)
{
    struct handle *h = of(f);
    struct inode *i = h->inode;
    const bool give = flags & SQLITE_SHM_UNLOCK;
    const bool shared = flags & SQLITE_SHM_SHARED;
    pthread_mutex_lock(&big_lock);
    if (!give && fails()) LEAVE(SQLITE_IOERR_SHMLOCK);
    for (int k = first; k < first + n && !give; k++) {
        const int mine = (h->shm_shared >> k) & 1;
        const bool taken = i->shm_exclusive[k] && !(h->shm_exclusive >> k & 1);
        if (taken || (!shared && i->shm_shared[k] > mine)) LEAVE(SQLITE_BUSY);
    }
    for (int k = first; k < first + n; k++) {
        const unsigned bit = 1u << k;
        if (give && shared && (h->shm_shared & bit)) i->shm_shared[k]--;
        if (give && !shared && (h->shm_exclusive & bit)) i->shm_exclusive[k] = false;
        if (!give && shared && !(h->shm_shared & bit)) i->shm_shared[k]++;
        if (!give && !shared) i->shm_exclusive[k] = true;
        unsigned *held = shared ? &h->shm_shared : &h->shm_exclusive;
        *held = give ? *held & ~bit : *held | bit;
    }
    LEAVE(SQLITE_OK);
}

static void fault_shm_barrier(sqlite3_file *f)
{
    (void)f;
    pthread_mutex_lock(&big_lock);
    pthread_mutex_unlock(&big_lock);
}

static int fault_shm_unmap(sqlite3_file *f, int remove)
{
    (void)remove;
    struct handle *h = of(f);
    struct inode *i = h->inode;
    pthread_mutex_lock(&big_lock);
    for (int k = 0; k < LOCKS; k++) {
        if (h->shm_shared >> k & 1) i->shm_shared[k]--;
        if (h->shm_exclusive >> k & 1) i->shm_exclusive[k] = false;
    }
    h->shm_shared = h->shm_exclusive = 0;
    if (h->mapped && --i->mapped == 0) {
        for (int k = 0; k < REGIONS; k++) {
            free(i->regions[k]);
            i->regions[k] = NULL;
        }
    }
    h->mapped = false;
    LEAVE(SQLITE_OK);
}

static int fault_close(sqlite3_file *f)
{
    struct handle *h = of(f);
    pthread_mutex_lock(&big_lock);
    unlock_to(h, SQLITE_LOCK_NONE);
    if (--h->inode->handles == 0 && h->inode->unlinked) destroy(h->inode);
    LEAVE(SQLITE_OK);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = fault_close,
    .xRead = fault_read,
    .xWrite = fault_write,
    .xTruncate = fault_truncate,
    .xSync = fault_sync,
    .xFileSize = fault_file_size,
    .xLock = fault_lock,
    .xUnlock = fault_unlock,
    .xCheckReservedLock = fault_check_reserved,
    .xFileControl = fault_file_control,
    .xSectorSize = fault_sector_size,
    .xDeviceCharacteristics = fault_characteristics,
    .xShmMap = fault_shm_map,
    .xShmLock = fault_shm_lock,
    .xShmBarrier = fault_shm_barrier,
    .xShmUnmap = fault_shm_unmap,
};

static int fault_open(sqlite3_vfs *v, const char *name, sqlite3_file *f, int flags, int *out_flags)
{
    (void)v;
    static unsigned temporary;
    struct handle *h = of(f);
    memset(h, 0, sizeof *h);
    ENTER(SQLITE_CANTOPEN);
    char own[32];
    if (!name) sqlite3_snprintf(sizeof own, own, "temporary-%u", temporary++);
    struct inode *i = name ? find(name) : NULL;
    if (!i && !(flags & SQLITE_OPEN_CREATE)) LEAVE(SQLITE_CANTOPEN);
    if (!i) i = create(name ? name : own);
    if (flags & SQLITE_OPEN_DELETEONCLOSE) i->unlinked = true;
    i->handles++;
    h->inode = i;
    h->base.pMethods = &methods;
    if (out_flags) *out_flags = flags;
    LEAVE(SQLITE_OK);
}

static int fault_delete(sqlite3_vfs *v, const char *name, int sync_folder)
{
    (void)v;
    (void)sync_folder;
    ENTER(SQLITE_IOERR_DELETE);
    struct inode *i = find(name);
    if (!i) LEAVE(SQLITE_IOERR_DELETE_NOENT);
    i->unlinked = true;
    if (!i->handles) destroy(i);
    LEAVE(SQLITE_OK);
}

static int fault_access(sqlite3_vfs *v, const char *name, int flags, int *out)
{
    (void)v;
    (void)flags;
    ENTER(SQLITE_IOERR_ACCESS);
    const struct inode *i = find(name);
    *out = i && (flags != SQLITE_ACCESS_EXISTS || i->now.n);
    LEAVE(SQLITE_OK);
}

static int fault_full_path(sqlite3_vfs *v, const char *name, int n, char *out)
{
    (void)v;
    sqlite3_snprintf(n, out, "%s", name);
    return SQLITE_OK;
}

void fault_vfs_reset(void)
{
    static sqlite3_vfs own;
    if (!own.zName) {
        own = *sqlite3_vfs_find(NULL);
        own.pNext = NULL;
        own.zName = FAULT_VFS;
        own.szOsFile = sizeof(struct handle);
        own.xOpen = fault_open;
        own.xDelete = fault_delete;
        own.xAccess = fault_access;
        own.xFullPathname = fault_full_path;
        sqlite3_vfs_register(&own, 0);
    }
    for (int k = 0; k < FILES; k++) destroy(&disk[k]);
    fault_vfs_fail(0, FAULT_ONCE);
    fault_vfs_cut_power(0, false);
    room = SIZE_MAX;
    dark = false;
}

void fault_vfs_fail(uint64_t n, enum fault_kind kind)
{
    pthread_mutex_lock(&big_lock);
    calls = 0;
    fail_at = n;
    fail_kind = kind;
    pthread_mutex_unlock(&big_lock);
}

void fault_vfs_cut_power(uint64_t n, bool after)
{
    pthread_mutex_lock(&big_lock);
    syncs = 0;
    power_at = n;
    power_after = after;
    pthread_mutex_unlock(&big_lock);
}

void fault_vfs_set_room(size_t bytes)
{
    pthread_mutex_lock(&big_lock);
    room = bytes;
    pthread_mutex_unlock(&big_lock);
}

uint64_t fault_vfs_calls(void)
{
    return calls;
}

uint64_t fault_vfs_syncs(void)
{
    return syncs;
}

size_t fault_vfs_used(void)
{
    pthread_mutex_lock(&big_lock);
    const size_t n = used();
    pthread_mutex_unlock(&big_lock);
    return n;
}

/* One write that was under way: all of it, some first sectors, or nothing. */
static void replay(struct inode *i, const struct pending *w)
{
    const unsigned fate = below(3);
    if (fate == 0) return;
    if (w->truncate) {
        resize(&i->synced, w->at);
        return;
    }
    size_t n = w->data.n;
    if (fate == 1) n = n / SECTOR ? (below((unsigned)(n / SECTOR)) + 1) * SECTOR : n;
    put(&i->synced, w->at, w->data.p, n < w->data.n ? n : w->data.n);
}

void fault_vfs_restart(uint64_t seed)
{
    dice = seed;
    for (int k = 0; k < FILES; k++) {
        struct inode *i = &disk[k];
        if (!i->name[0]) continue;
        if (i->handles) abort();
        for (size_t w = 0; w < i->pending_n; w++) replay(i, &i->pending[w]);
        forget_pending(i);
        copy(&i->now, &i->synced);
        if (!i->durable && below(2)) destroy(i);
    }
    dark = false;
    fault_vfs_fail(0, FAULT_ONCE);
    fault_vfs_cut_power(0, false);
}
