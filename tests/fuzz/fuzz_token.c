/* Token text and client ids: whatever is read writes back as it was. */
#include "base/check.h"
#include "model/token.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const bytes text = bytes_of(data, size);
    const bytes prefix = BYTES(TOKEN_PREFIX);
    struct token_parts parts;
    CHECK(!token_has_checksum(text) || token_is_client_id(text));
    if (!err_is_ok(token_read(text, prefix, &parts))) return 0;
    CHECK(token_is_client_id(parts.client_id));
    struct token_new t;
    char written[TOKEN_PREFIX_MAX + TOKEN_CLIENT_ID + 1 + TOKEN_DIGEST_TEXT];
    memcpy(t.client_id, parts.client_id.p, sizeof t.client_id);
    memcpy(t.digest, parts.digest, sizeof t.digest);
    CHECK(bytes_eq(bytes_of(written, token_write(&t, prefix, written)), text));
    return 0;
}
