/* CQL text into tokens, exactly as Cassandra 5.0 cuts them. Comments and white space leave no
 * token. Pure: the tokens are views of the text by position, kept in the call's arena. */
#pragma once

#include "base/arena.h"
#include "base/err.h"

enum {
    LEXER_TEXT_MAX = 1 << 28,     /* longest text, bytes */
    LEXER_TOKENS_MAX = 1 << 21,   /* of one text; a batch of PARSER_PARTS_MAX statements has room */
    LEXER_WORD_MAX = 14           /* longest keyword */
};

enum token_type {
    TOKEN_END,
    TOKEN_IDENT,            /* bare identifier that is no keyword */
    TOKEN_QUOTED_NAME,      /* "…", at least one character */
    TOKEN_EMPTY_NAME,       /* "" */
    TOKEN_STRING,           /* '…' or $$…$$ */
    TOKEN_INTEGER,
    TOKEN_FLOAT,
    TOKEN_BOOLEAN,
    TOKEN_DURATION,
    TOKEN_UUID,
    TOKEN_HEX,              /* 0x… */
    TOKEN_NEGATIVE_NAN,
    TOKEN_NEGATIVE_INFINITY,
    TOKEN_QMARK,
    TOKEN_RANGE,            /* .. */
    TOKEN_EXPR,             /* expr( */
    TOKEN_PERCENT,
    TOKEN_OPEN,             /* ( */
    TOKEN_CLOSE,
    TOKEN_PLUS,
    TOKEN_PLUS_EQUAL,
    TOKEN_COMMA,
    TOKEN_MINUS,
    TOKEN_MINUS_EQUAL,
    TOKEN_DOT,
    TOKEN_SLASH,
    TOKEN_COLON,
    TOKEN_SEMICOLON,
    TOKEN_LESS,
    TOKEN_LESS_EQUAL,
    TOKEN_EQUAL,
    TOKEN_GREATER,
    TOKEN_GREATER_EQUAL,
    TOKEN_NOT_EQUAL,
    TOKEN_OPEN_SQUARE,
    TOKEN_CLOSE_SQUARE,
    TOKEN_STAR,
    TOKEN_OPEN_CURLY,
    TOKEN_CLOSE_CURLY,
#define LETTER(initial, small) KEYWORD_AT_##initial,
#define KEYWORD(id, text, class) K_##id,
#define SYNONYM(id, text, class, meaning) KEYWORD_ALSO_##id,
#include "cql/keyword.def"
#undef LETTER
#undef KEYWORD
#undef SYNONYM
    TOKEN_TYPES
};

enum keyword_class {
    KEYWORD_NONE,        /* not a keyword */
    KEYWORD_RESERVED,
    KEYWORD_BASIC,
    KEYWORD_NATIVE,
    KEYWORD_SPECIAL
};

struct token {
    uint32_t at;         /* first byte */
    uint32_t n;          /* bytes */
    uint8_t type;        /* enum token_type */
    uint8_t class;       /* enum keyword_class */
    uint8_t mark;        /* for the reader of the tokens; 0 at first */
};

struct lexer_tokens {
    struct token *list;  /* the last one is TOKEN_END, at the end of the text */
    size_t n;            /* without that one */
    size_t size;
};

/* Errors: CQL_SYNTAX with line and column in the note (invalid UTF-8 included), NO_MEMORY. */
MUST err lexer_read(bytes text, struct arena *arena, struct lexer_tokens *out, struct note *note);

static inline bytes lexer_text(bytes text, const struct token *t)
{
    return (bytes){text.p + t->at, t->n};
}

/* A token as words for an error: line from 1, column from 0, in characters, as Cassandra counts. */
void lexer_place(bytes text, size_t at, size_t *line, size_t *column);
