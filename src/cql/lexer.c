/* One pass over the text, one branch on the first byte of each token. */
#include "cql/lexer.h"

#include "base/utf8.h"
#include "cql/lexer_number.h"

struct keyword {
    char text[LEXER_WORD_MAX + 1];
    uint8_t n;
    uint8_t class;
    uint8_t meaning;
};

static const struct keyword keywords[] = {
#define LETTER(initial, small) {"", 0, 0, 0},
#define KEYWORD(id, text, class) {text, sizeof(text) - 1, KEYWORD_##class, K_##id},
#define SYNONYM(id, text, class, meaning) {text, sizeof(text) - 1, KEYWORD_##class, meaning},
#include "cql/keyword.def"
#undef LETTER
#undef KEYWORD
#undef SYNONYM
    {"", 0, 0, 0},
};

/* Where each initial's keywords begin; they end at the next row without a text. */
static const uint8_t initials[26] = {
#define LETTER(initial, small) [small - 'a'] = KEYWORD_AT_##initial - KEYWORD_AT_A + 1,
#define KEYWORD(id, text, class)
#define SYNONYM(id, text, class, meaning)
#include "cql/keyword.def"
#undef LETTER
#undef KEYWORD
#undef SYNONYM
};

struct scan {
    bytes text;
    size_t i;
    const char *wrong;    /* set by a failure */
};

static uint8_t peek(const struct scan *s, size_t ahead)
{
    return s->text.n - s->i > ahead ? s->text.p[s->i + ahead] : 0;
}

static bool is_letter(uint8_t c)
{
    return (uint8_t)((c | 0x20) - 'a') < 26;
}

static bool is_digit(uint8_t c)
{
    return (uint8_t)(c - '0') < 10;
}

static bool is_word(uint8_t c)
{
    return is_letter(c) || is_digit(c) || c == '_';
}

/* Comments end with their line; one that the text's end cuts off is an error. */
static bool skip_line_comment(struct scan *s)
{
    for (s->i += 2; s->i < s->text.n; s->i++) {
        if (s->text.p[s->i] == '\n' || s->text.p[s->i] == '\r') return true;
    }
    s->wrong = "a comment that its line does not end";
    return false;
}

static bool skip_block_comment(struct scan *s)
{
    for (s->i += 2; s->text.n - s->i >= 2; s->i++) {
        if (s->text.p[s->i] == '*' && s->text.p[s->i + 1] == '/') {
            s->i += 2;
            return true;
        }
    }
    s->wrong = "a comment without an end";
    return false;
}

/* To the next token or the end. */
static bool skip_blank(struct scan *s)
{
    while (s->i < s->text.n) {
        const uint8_t c = s->text.p[s->i];
        const uint8_t next = peek(s, 1);
        if (c == ' ' || c == '\n' || c == '\t' || c == '\r') s->i++;
        else if ((c == '-' && next == '-') || (c == '/' && next == '/')) {
            if (!skip_line_comment(s)) return false;
        } else if (c == '/' && next == '*') {
            if (!skip_block_comment(s)) return false;
        } else {
            return true;
        }
    }
    return true;
}

/* Length of what is quoted by `quote`, doubled quotes inside; 0 when it does not end. */
static size_t quoted_length(const struct scan *s, uint8_t quote)
{
    size_t i = s->i + 1;
    while (i < s->text.n) {
        const uint8_t *end = memchr(s->text.p + i, quote, s->text.n - i);
        if (!end) return 0;
        i = (size_t)(end - s->text.p) + 1;
        if (i >= s->text.n || s->text.p[i] != quote) return i - s->i;
        i++;
    }
    return 0;
}

static size_t dollars_length(const struct scan *s)
{
    if (peek(s, 1) != '$') return 0;
    for (size_t i = s->i + 2; s->text.n - i >= 2; i++) {
        if (s->text.p[i] == '$' && s->text.p[i + 1] == '$') return i + 2 - s->i;
    }
    return 0;
}

static const struct keyword *find_keyword(const uint8_t *p, size_t n)
{
    if (n > LEXER_WORD_MAX) return NULL;
    char low[LEXER_WORD_MAX + 1];
    for (size_t i = 0; i < n; i++) low[i] = (char)(p[i] | (is_letter(p[i]) ? 0x20 : 0));
    const uint8_t first = initials[low[0] - 'a'];
    if (!first) return NULL;
    for (const struct keyword *k = keywords + first; k->n; k++) {
        if (k->n == n && memcmp(k->text, low, n) == 0) return k;
    }
    return NULL;
}

static bool read_word(struct scan *s, struct token *t)
{
    const bytes rest = bytes_part(s->text, s->i, s->text.n);
    size_t n = 1;
    while (n < rest.n && is_word(rest.p[n])) n++;
    const struct keyword *k = find_keyword(rest.p, n);
    enum token_type type = TOKEN_IDENT;
    if (k) {
        type = (enum token_type)k->meaning;
        t->class = k->class;
    } else if (n == 4 && n < rest.n && rest.p[n] == '(' && memcmp(rest.p, "expr", 4) == 0) {
        type = TOKEN_EXPR;
        n = 5;
    } else {
        n = lexer_number_word(rest, n, &type);
        if (!n) s->wrong = "an identifier or UUID that is neither";
    }
    t->type = (uint8_t)type;
    t->n = (uint32_t)n;
    return n > 0;
}

/* -nan and -infinity, of which one letter after the sign decides. */
static size_t negative_word(struct scan *s, const char *word)
{
    const bytes want = bytes_of_text(word);
    const bytes got = bytes_part(s->text, s->i + 1, want.n);
    if (bytes_eq_nocase(got, want)) return want.n + 1;
    s->wrong = "a minus sign before a word";
    return 0;
}

static size_t read_minus(struct scan *s, enum token_type *type)
{
    const uint8_t next = peek(s, 1);
    const bytes rest = bytes_part(s->text, s->i, s->text.n);
    if (is_digit(next) || next == 'P') return lexer_number_read(rest, type);
    if ((next | 0x20) == 'n') {
        *type = TOKEN_NEGATIVE_NAN;
        return negative_word(s, "nan");
    }
    if ((next | 0x20) == 'i') {
        *type = TOKEN_NEGATIVE_INFINITY;
        return negative_word(s, "infinity");
    }
    *type = next == '=' ? TOKEN_MINUS_EQUAL : TOKEN_MINUS;
    return next == '=' ? 2 : 1;
}

static size_t pair(const struct scan *s, uint8_t second, enum token_type both, enum token_type one,
                   enum token_type *type)
{
    const bool two = peek(s, 1) == second;
    *type = two ? both : one;
    return two ? 2 : 1;
}

static size_t single(enum token_type which, enum token_type *type)
{
    *type = which;
    return 1;
}

static size_t read_sign(struct scan *s, enum token_type *type)
{
    switch (s->text.p[s->i]) {
    case '(': return single(TOKEN_OPEN, type);
    case ')': return single(TOKEN_CLOSE, type);
    case ',': return single(TOKEN_COMMA, type);
    case ';': return single(TOKEN_SEMICOLON, type);
    case ':': return single(TOKEN_COLON, type);
    case '?': return single(TOKEN_QMARK, type);
    case '*': return single(TOKEN_STAR, type);
    case '/': return single(TOKEN_SLASH, type);
    case '%': return single(TOKEN_PERCENT, type);
    case '=': return single(TOKEN_EQUAL, type);
    case '[': return single(TOKEN_OPEN_SQUARE, type);
    case ']': return single(TOKEN_CLOSE_SQUARE, type);
    case '{': return single(TOKEN_OPEN_CURLY, type);
    case '}': return single(TOKEN_CLOSE_CURLY, type);
    case '.': return pair(s, '.', TOKEN_RANGE, TOKEN_DOT, type);
    case '<': return pair(s, '=', TOKEN_LESS_EQUAL, TOKEN_LESS, type);
    case '>': return pair(s, '=', TOKEN_GREATER_EQUAL, TOKEN_GREATER, type);
    case '+': return pair(s, '=', TOKEN_PLUS_EQUAL, TOKEN_PLUS, type);
    case '!': *type = TOKEN_NOT_EQUAL; return peek(s, 1) == '=' ? 2 : 0;
    case '-': return read_minus(s, type);
    case '\'': *type = TOKEN_STRING; return quoted_length(s, '\'');
    case '$': *type = TOKEN_STRING; return dollars_length(s);
    case '"':
        if (peek(s, 1) == '"' && peek(s, 2) != '"') {
            *type = TOKEN_EMPTY_NAME;
            return 2;
        }
        *type = TOKEN_QUOTED_NAME;
        return quoted_length(s, '"');
    default: return 0;
    }
}

static bool read_token(struct scan *s, struct token *t)
{
    const uint8_t c = s->text.p[s->i];
    enum token_type type = TOKEN_END;
    t->at = (uint32_t)s->i;
    if (is_letter(c)) return read_word(s, t);
    const size_t n = is_digit(c) ? lexer_number_read(bytes_part(s->text, s->i, s->text.n), &type)
                                 : read_sign(s, &type);
    if (!n && !s->wrong) s->wrong = "a character or literal that has no meaning";
    t->type = (uint8_t)type;
    t->n = (uint32_t)n;
    return n > 0;
}

static err grow(struct lexer_tokens *out, struct arena *arena, size_t size)
{
    struct token *list = arena_take_array(arena, size, sizeof *list);
    if (!list) return FAIL(NO_MEMORY);
    if (out->n) memcpy(list, out->list, out->n * sizeof *list);
    out->list = list;
    out->size = size;
    return DONE;
}

void lexer_place(bytes text, size_t at, size_t *line, size_t *column)
{
    *line = 1;
    *column = 0;
    for (size_t i = 0; i < at && i < text.n; i++) {
        if (text.p[i] == '\n') {
            ++*line;
            *column = 0;
        } else if ((text.p[i] & 0xC0) != 0x80) {
            ++*column;
        }
    }
}

static err wrong(const struct scan *s, struct note *note)
{
    size_t line;
    size_t column;
    lexer_place(s->text, s->i, &line, &column);
    return note_fail(note, FAIL(CQL_SYNTAX), "line %zu:%zu %s", line, column, s->wrong);
}

/* Eight bytes at a time while they are ASCII, as nearly all statements are. */
static bool is_utf8(bytes text)
{
    size_t i = 0;
    uint64_t eight;
    for (; text.n - i >= sizeof eight; i += sizeof eight) {
        memcpy(&eight, text.p + i, sizeof eight);
        if (eight & UINT64_C(0x8080808080808080)) break;
    }
    return utf8_is_valid(bytes_part(text, i, text.n));
}

err lexer_read(bytes text, struct arena *arena, struct lexer_tokens *out, struct note *note)
{
    struct scan s = {.text = text};
    *out = (struct lexer_tokens){0};
    if (text.n > LEXER_TEXT_MAX) return note_fail(note, FAIL(CQL_SYNTAX), "statement too long");
    if (!is_utf8(text)) return note_fail(note, FAIL(CQL_SYNTAX), "statement is not valid UTF-8");
    TRY(grow(out, arena, 16 + (text.n < 4096 ? text.n / 3 : 1024)));
    for (;;) {
        if (out->n + 1 >= out->size) TRY(grow(out, arena, out->size * 2));
        if (!skip_blank(&s)) return wrong(&s, note);
        if (s.i >= text.n) break;
        if (out->n == LEXER_TOKENS_MAX) {
            return note_fail(note, FAIL(CQL_SYNTAX), "statement has more than %d words and signs", LEXER_TOKENS_MAX);
        }
        struct token *t = &out->list[out->n];
        if (!read_token(&s, t)) return wrong(&s, note);
        s.i += t->n;
        out->n++;
    }
    out->list[out->n] = (struct token){.at = (uint32_t)text.n, .type = TOKEN_END};
    return DONE;
}
