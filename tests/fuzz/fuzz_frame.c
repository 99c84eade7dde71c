/* Any nine bytes: read, checked, and written again as they were. */
#include "base/check.h"
#include "cql/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    const bytes in = bytes_of(data, n);
    struct frame_header h;
    uint8_t version;
    int16_t stream;
    if (!frame_read_stranger(in, &version, &stream)) return 0;
    const err got = frame_read_header(in, FRAME_BODY_MAX, &h);
    CHECK((got.code == ERR_FRAME_SHORT) == (n < FRAME_HEADER_SIZE));
    if (got.code == ERR_FRAME_SHORT) return 0;
    uint8_t again[FRAME_HEADER_SIZE];
    frame_write_header(again, &h);
    CHECK(memcmp(again, data, sizeof again) == 0);
    for (uint8_t v = 3; v <= 5; v++) {
        CHECK(frame_check_request(&h, v).code != ERR_OK || h.version == v);
        CHECK(frame_check_response(&h, v).code != ERR_OK || h.version == (0x80 | v));
    }
    return 0;
}
