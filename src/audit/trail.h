/* The files that the chain is written to: opened with their end repaired, appended, synced, rotated. */
#pragma once

#include "audit/lines.h"

struct trail {
    char folder[LINES_PATH_MAX];
    int fd;                       /* -1: the next append makes a file */
    uint64_t size;                /* bytes known to be whole records */
    bool torn;                    /* bytes after `size` must be cut before anything is written */
    uint64_t synced;              /* of those, bytes known to be on the disk */
    bool sync_failed;             /* what is not synced must be written again, or a later sync lies */
    struct chain chain;           /* last record written */
    uint64_t rotate_bytes;        /* 0: never */
    unsigned keep_files;          /* 0: all */
};

/* What opening found and did. */
struct trail_repair {
    uint64_t cut_bytes;           /* of an incomplete last record */
};

/* Makes the folder (0700). An incomplete last record is cut off; a complete one that does not fit is
 * AUDIT_BROKEN. MODE_TOO_WIDE, IO. */
MUST err trail_open(struct trail *t, const char *folder, struct trail_repair *repair,
                    struct note *note);
/* Whole lines that end in `after`. On failure nothing of them stays and t->chain is as before.
 * AUDIT_FAILED. */
MUST err trail_append(struct trail *t, bytes lines, const struct chain *after, struct note *note);
/* Returns when all that was appended is on the disk. AUDIT_FAILED. */
MUST err trail_sync(struct trail *t, struct note *note);
/* Free bytes on its disk, for callers without privileges; UINT64_MAX when that cannot be told. */
uint64_t trail_free_bytes(const struct trail *t);
void trail_close(struct trail *t);
