/* How much a random test tries: few cases in the builds with sanitizers, many in the one without, which
 * `./test volume` makes for such tests alone; one step more where LATCHKEY_TEST_LONG says so. */
#ifndef TESTS_UNIT_VOLUME_H
#define TESTS_UNIT_VOLUME_H

#include <stddef.h>
#include <stdlib.h>

static inline size_t volume(size_t few, size_t many, size_t all)
{
    const size_t steps[] = {few, many, all};
    return steps[VOLUME_BASE + (getenv("LATCHKEY_TEST_LONG") ? 1 : 0)];
}

#endif
