/* Compressed bodies: the first byte says how and how much may come out; never more does. */
#include "base/check.h"
#include "cql/compression.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n == 0) return 0;
    const size_t max = (size_t)(data[0] >> 2) << 10;
    struct wr w = wr_growing(max);
    const err e = compression_open((enum compression)(data[0] % COMPRESSIONS),
                                   bytes_of(data + 1, n - 1), max, &w);
    CHECK(w.size <= max);
    CHECK(!err_is_ok(e) || w.n <= max);
    wr_drop(&w);
    return 0;
}
