#include "people/people.h"

#include <liboath/oath.h>

err people_open(struct people *p)
{
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
