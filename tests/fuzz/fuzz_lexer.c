/* Any bytes as CQL text: the tokens lie in the text, one after the other. */
#include "cql/lexer.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena arena;
    struct lexer_tokens tokens;
    struct note note;
    size_t end = 0;
    arena_init(&arena, 1 << 26);
    if (err_is_ok(lexer_read(bytes_of(data, n), &arena, &tokens, &note))) {
        for (size_t i = 0; i < tokens.n; i++) {
            const struct token *t = &tokens.list[i];
            if (t->at < end || t->n == 0 || t->at + t->n > n) abort();
            end = t->at + t->n;
        }
    }
    arena_drop(&arena);
    return 0;
}
