/* Accept-Encoding: whatever it says, what is chosen is there, and asking again chooses the same. */
#include "base/check.h"
#include "portal/coding.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    for (unsigned have = 0; have < 1u << CODING_IDENTITY; have++) {
        const enum coding c = coding_choose(bytes_of(data, n), have);
        CHECK(c == CODING_IDENTITY || (c < CODINGS && have & 1u << c));
        CHECK(c == coding_choose(bytes_of(data, n), have));
    }
    return 0;
}
