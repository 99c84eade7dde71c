/* Tokens, then the rule that the first word chooses, then nothing but `;`. */
#include "cql/parser.h"

#include "cql/grammar.h"

static bool after_first(struct grammar *g, bool (*rule)(struct grammar *))
{
    g->i++;
    return rule(g);
}

static bool statement(struct grammar *g)
{
    switch ((int)grammar_peek(g, 0)) {
    case K_SELECT: return parser_select(g);
    case K_INSERT: return parser_modify_insert(g);
    case K_UPDATE: return parser_modify_update(g);
    case K_DELETE: return parser_modify_delete(g);
    case K_BEGIN: return parser_modify_batch(g);
    case K_TRUNCATE: return parser_modify_truncate(g);
    case K_USE: return parser_modify_use(g);
    case K_CREATE: return after_first(g, parser_schema_create);
    case K_ALTER: return after_first(g, parser_schema_alter);
    case K_DROP: return after_first(g, parser_schema_drop);
    case K_DESCRIBE: case K_DESC: return parser_describe(g);
    default: return grammar_miss(g);
    }
}

static bool read_or_write(const struct grammar *g)
{
    switch ((int)grammar_peek(g, 0)) {
    case K_SELECT: case K_INSERT: case K_UPDATE: case K_DELETE: return true;
    default: return false;
    }
}

static err refuse(struct grammar *g, struct note *note)
{
    size_t line;
    size_t column;
    if (g->arena->bad) return FAIL(NO_MEMORY);
    const uint32_t at = g->far > g->n ? g->n : g->far;
    const struct token *t = &g->t[at];
    lexer_place(g->text, t->at, &line, &column);
    if (at == g->n) {
        return note_fail(note, FAIL(CQL_SYNTAX), "line %zu:%zu %s at the end of the statement",
                         line, column, g->why ? g->why : "something is missing");
    }
    const bytes word = bytes_part(lexer_text(g->text, t), 0, 60);
    return note_fail(note, FAIL(CQL_SYNTAX), "line %zu:%zu %s: '%.*s'", line, column,
                     g->why ? g->why : "not expected here", BYTES_FMT(word));
}

static void finish(struct grammar *g)
{
    struct parser_statement *out = g->out;
    if (out->kind != STATEMENT_BATCH && g->parts_n) out->kind = g->parts[0].kind;
    out->tokens = g->t;
    out->refs = g->refs;
    out->refs_n = g->refs_n;
    out->parts = g->parts;
    out->parts_n = g->parts_n;
}

static bool at_end(struct grammar *g)
{
    g->out->tokens_n = g->i;
    while (grammar_take(g, TOKEN_SEMICOLON)) continue;
    return grammar_peek(g, 0) == TOKEN_END;
}

err parser_read(bytes text, struct arena *arena, struct parser_statement *out, struct note *note)
{
    struct lexer_tokens tokens;
    TRY(lexer_read(text, arena, &tokens, note));
    *out = (struct parser_statement){
        .text = text, .index_class = PARSER_NONE, .index_name = PARSER_NONE};
    struct grammar g = {
        .text = text, .t = tokens.list, .n = (uint32_t)tokens.n, .arena = arena, .out = out};
    if (read_or_write(&g) || !parser_refused(&g)) {
        if (!statement(&g)) return refuse(&g, note);
        const bool copies = g.parts_n && g.parts[0].kind == STATEMENT_COPY_TABLE;
        if (!copies && !at_end(&g)) return refuse(&g, note);
    }
    finish(&g);
    return DONE;
}
