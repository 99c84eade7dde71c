/* Resource names: what is read covers itself, and what is written of it reads as the same. */
#include "base/check.h"
#include "model/resource.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct resource r;
    struct resource again;
    uint8_t room[2][RESOURCE_TEXT_MAX + 8];
    if (!err_is_ok(resource_read(bytes_of(data, size), &r))) return 0;
    CHECK((unsigned)r.level < LEVELS);
    struct wr first = wr_fixed(room[0], sizeof room[0]);
    resource_write(&r, &first);
    CHECK(!first.bad && bytes_eq(wr_view(&first), bytes_of(data, size)));
    CHECK(err_is_ok(resource_read(wr_view(&first), &again)));
    struct wr second = wr_fixed(room[1], sizeof room[1]);
    resource_write(&again, &second);
    CHECK(bytes_eq(wr_view(&first), wr_view(&second)));
    CHECK(resource_covers(&r, &again) && resource_covers(&again, &r) && resource_meets(&r, &again));
    return 0;
}
