/* Reading the trail's files: which there are, and their lines one by one. */
#pragma once

#include "audit/chain.h"

#include <stdio.h>

enum { LINES_PATH_MAX = 4096, LINES_FILES_MAX = 100000 };

/* Lines of one file; a line longer than a record may be is given in pieces that are no record. */
struct lines {
    FILE *file;
    uint64_t start;       /* offset of the line last given */
    uint64_t next;        /* offset after it */
    bool complete;        /* it had its line end */
    bool failed;          /* reading failed */
    uint8_t room[CHAIN_LINE_MAX + 2];
};

/* NOT_FOUND, IO. `l` is large: not on a small stack. */
MUST err lines_open(struct lines *l, const char *path, struct note *note);
/* Goes on at an offset that a line starts at; also past an end that was one. IO. */
MUST err lines_seek(struct lines *l, uint64_t offset, struct note *note);
/* Goes on at record `seq` or somewhere before it, found by halving; from the start where nothing later is certain.
 * IO. */
MUST err lines_near(struct lines *l, uint64_t seq, struct note *note);
/* False at the end. The line is without its end, lent until the next call. */
bool lines_next(struct lines *l, bytes *line);
void lines_close(struct lines *l);

/* The first sequence numbers of a folder's files ("audit-<12 digits>.jsonl"), ascending. The caller frees. */
MUST err lines_list(const char *folder, uint64_t **firsts, size_t *n, struct note *note);
/* False when the path is too long. */
bool lines_path(const char *folder, uint64_t first, char out[LINES_PATH_MAX]);
