/* STARTUP's map, and SUPPORTED's multimap. */
#include "base/check.h"
#include "cql/startup.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    const bytes in = bytes_of(data, n);
    struct startup s;
    bytes values;
    bytes value;
    bool found;
    if (startup_read(in, &s).code == ERR_OK) CHECK(s.cql_version.n > 0);
    if (startup_find(in, BYTES("COMPRESSION"), &values, &found).code != ERR_OK) return 0;
    struct rd r = rd_over(values);
    while (startup_next_string(&r, &value))
        CHECK(value.n <= n);
    CHECK(rd_at_end(&r));
    return 0;
}
