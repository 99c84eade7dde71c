#include "people/people.h"

#include <liboath/oath.h>
#include <malloc.h>

/* Blocks as large as a hash's go back to the system when they are freed. glibc would learn from the first one to
 * keep them, one for each thread that ever hashed: 100 MiB for nothing. */
enum { KEPT_BLOCK_MAX = 4 << 20 };

err people_open(struct people *p)
{
    (void)mallopt(M_MMAP_THRESHOLD, KEPT_BLOCK_MAX);
    if (oath_init() != OATH_OK) return FAIL(NO_MEMORY);
    TRY(delay_new(&p->delays));
    return work_new(PEOPLE_HASHES, PEOPLE_QUEUE, &p->hashes);
}

void people_close(struct people *p)
{
    work_free(p->hashes);
    delay_free(p->delays);
    *p = (struct people){0};
}
