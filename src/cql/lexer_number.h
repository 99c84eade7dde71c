/* Numbers, durations and UUIDs: tokens whose kind shows late. For the lexer only. */
#pragma once

#include "base/rd.h"
#include "cql/lexer.h"

/* At a digit, or at '-' before a digit or 'P'. Gives the length, 0 for an error; sets the type. */
size_t lexer_number_read(bytes at, enum token_type *type);
/* A bare word of n bytes whose end is known and which starts with a letter: its type where it is a
 * duration or a UUID (n grows then), TOKEN_IDENT otherwise. Gives the length, 0 for an error. */
size_t lexer_number_word(bytes at, size_t n, enum token_type *type);
