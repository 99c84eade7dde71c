/* Some hundred tokens of a list, by client id, packed: what is shown of them, and their texts as a search
 * compares them. Immutable; whoever holds one counts as a holder. Pure: any thread. */
#pragma once

#include "model/record.h"

#include <stdatomic.h>

enum {
    TOKEN_CHUNK_MAX = 512, /* tokens */
    TOKEN_CHUNK_MARK = 0xff /* between texts; no byte of UTF-8, so no search reaches across it */
};

struct token_chunk {
    atomic_size_t holders;
    size_t bytes;               /* that it occupies */
    uint32_t n;
    uint32_t creators_n;
    uint32_t role_lists_n;
    const int64_t *created_ns;
    const int64_t *expires_ms;
    const uint32_t *capitals;   /* which letters of the client id are: the first is the lowest bit */
    const uint32_t *text_at;    /* n + 1 */
    const uint32_t *written_at; /* n + 1 */
    const uint32_t *creator_at; /* creators_n + 1 */
    const uint32_t *creator_text_at;
    const uint32_t *roles_at;   /* role_lists_n + 1 */
    const uint16_t *creator;
    const uint16_t *role_list;
    const struct uuid *roles;
    const uint8_t *text;         /* of each: client id and description, folded, a mark behind both */
    const uint8_t *written;      /* descriptions that are not their own folding */
    const uint8_t *creators;
    const uint8_t *creator_text; /* folded */
};

/* 1 to TOKEN_CHUNK_MAX tokens in order of their client ids, which are well formed; held by the caller.
 * Everything is copied. NO_MEMORY. */
MUST err token_chunk_new(const struct record_token *rows, size_t n, struct token_chunk **out);
void token_chunk_hold(struct token_chunk *c);
void token_chunk_let_go(struct token_chunk *c);

void token_chunk_id(const struct token_chunk *c, size_t row, char out[TOKEN_CLIENT_ID]);
/* What is shown of it; the texts are lent. */
void token_chunk_row(const struct token_chunk *c, size_t row, struct record_token *out);
/* Folded. */
bytes token_chunk_description(const struct token_chunk *c, size_t row);
/* Of the different creators and lists of roles one; the first two as written and folded. */
bytes token_chunk_creator(const struct token_chunk *c, size_t number);
bytes token_chunk_creator_text(const struct token_chunk *c, size_t number);
const struct uuid *token_chunk_roles(const struct token_chunk *c, size_t number, size_t *n);
