/* X-Request-Id: theirs when it can do no harm in a log, else ours. */
#include "http/request_id.h"

#include "base/hex.h"
#include "base/random.h"

enum { RANDOM_BYTES = 12 };

bool request_id_is_good(bytes id)
{
    if (id.n == 0 || id.n > CALL_ID_MAX) return false;
    for (size_t i = 0; i < id.n; i++) {
        const uint8_t c = id.p[i];
        const uint8_t letter = (uint8_t)(c | 0x20);
        const bool ok = (c >= '0' && c <= '9') || (letter >= 'a' && letter <= 'z') || c == '.' ||
                        c == '_' || c == '-';
        if (!ok) return false;
    }
    return true;
}

void request_id_new(char out[CALL_ID_MAX + 1])
{
    uint8_t random[RANDOM_BYTES];
    random_fill_small(random, sizeof random);
    hex_write(bytes_of(random, sizeof random), out);
    out[2 * sizeof random] = 0;
}
