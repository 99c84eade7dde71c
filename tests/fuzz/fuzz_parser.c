/* Any bytes as a statement: what is written again is understood again, as the same. */
#include "statement/schema.h"
#include "statement/statement.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena arena;
    struct schema *schema;
    struct statement s;
    struct statement again;
    struct note note;
    arena_init(&arena, 1 << 26);
    if (!err_is_ok(schema_new(&arena, (struct hash_seed){0}, &schema))) abort();
    if (err_is_ok(statement_understand(schema, BYTES("ks"), bytes_of(data, n), &arena, &s,
                                       &note))) {
        const err e = statement_understand(schema, (bytes){0}, s.text, &arena, &again, &note);
        if (e.code == ERR_NO_MEMORY) goto end;
        if (!err_is_ok(e) || !bytes_eq(s.text, again.text) || s.kind != again.kind) abort();
        if (s.needs_n != again.needs_n || s.binds_n != again.binds_n) abort();
    }
end:
    arena_drop(&arena);
    return 0;
}
