/* AUTH_RESPONSE bodies: what is accepted is written again as it was. */
#include "base/check.h"
#include "cql/sasl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct sasl_plain p;
    const bytes in = bytes_of(data, n);
    const bool mechanism = sasl_is_mechanism(in);
    if (sasl_read_plain(in, &p).code != ERR_OK) return 0;
    CHECK(!mechanism && p.user.n && p.password.n);
    struct wr w = wr_growing(1 << 20);
    sasl_write_plain(&w, p.user, p.password);
    CHECK(bytes_eq(wr_view(&w), in));
    wr_drop(&w);
    return 0;
}
