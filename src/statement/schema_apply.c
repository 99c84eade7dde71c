#include "statement/schema_apply.h"

#include "base/err.h"
#include "statement/resolve.h"

#include <stdio.h>

struct apply {
    struct schema *s;
    const struct parser_statement *p;
    const struct resolve *r;
    struct arena *call;
};

static bytes word(const struct apply *a, uint32_t i)
{
    return resolve_fold(a->p->text, &a->p->tokens[i], a->call);
}

static enum token_type type_at(const struct apply *a, uint32_t i)
{
    return i < a->p->tokens_n ? (enum token_type)a->p->tokens[i].type : TOKEN_END;
}

static err add_column(struct apply *a, const struct resolve_name *t, uint32_t name)
{
    enum schema_column_kind kind = SCHEMA_COLUMN_REGULAR;
    for (uint32_t i = name + 1; type_at(a, i) != TOKEN_COMMA && i < a->p->tokens_n; i++) {
        if (type_at(a, i) == K_STATIC) kind = SCHEMA_COLUMN_STATIC;
        if (type_at(a, i) == K_PRIMARY) kind = SCHEMA_COLUMN_PARTITION_KEY;
        if (type_at(a, i) == TOKEN_CLOSE || type_at(a, i) == TOKEN_OPEN) break;
    }
    const bool counter = type_at(a, name + 1) == K_COUNTER;
    return schema_add_column(a->s, t->keyspace, t->name, word(a, name), kind,
                             counter ? BYTES("counter") : BYTES(""));
}

/* After PRIMARY KEY (: the partition key, in parentheses of its own or not, then the clustering. */
static err set_key(struct apply *a, const struct resolve_name *t, uint32_t i)
{
    const bool many = type_at(a, i) == TOKEN_OPEN;
    unsigned depth = 1;
    enum schema_column_kind kind = SCHEMA_COLUMN_PARTITION_KEY;
    for (; i < a->p->tokens_n && depth; i++) {
        const enum token_type type = type_at(a, i);
        if (type == TOKEN_OPEN) depth++;
        else if (type == TOKEN_CLOSE) depth--;
        else if (type == TOKEN_COMMA && (!many || depth == 1)) kind = SCHEMA_COLUMN_CLUSTERING;
        else if (type != TOKEN_COMMA) {
            TRY(schema_add_column(a->s, t->keyspace, t->name, word(a, i), kind, BYTES("")));
        }
    }
    return DONE;
}

static err create_table(struct apply *a, const struct resolve_name *t)
{
    TRY(schema_add_keyspace(a->s, t->keyspace));
    TRY(schema_add_table(a->s, t->keyspace, t->name));
    unsigned depth = 0;
    bool first = true;    /* of an item in the outer parentheses */
    for (uint32_t i = a->p->body; i < a->p->tokens_n && type_at(a, i) != K_WITH; i++) {
        const enum token_type type = type_at(a, i);
        if (type == TOKEN_OPEN || type == TOKEN_LESS) depth++;
        else if (type == TOKEN_CLOSE || type == TOKEN_GREATER) depth--;
        else if (depth == 1 && first && type == K_PRIMARY) TRY(set_key(a, t, i + 3));
        else if (depth == 1 && first && type != TOKEN_COMMA) TRY(add_column(a, t, i));
        first = depth == 1 && (type == TOKEN_OPEN || type == TOKEN_COMMA);
        if (depth == 0) break;
    }
    return DONE;
}

static bool is_plain(uint8_t c)
{
    return (uint8_t)((c | 0x20) - 'a') < 26 || (uint8_t)(c - '0') < 10 || c == '_';
}

/* table_column_idx, as a node names an index that has no name; _1, _2, … while it is taken. */
static bytes default_index(struct apply *a, const struct resolve_name *t)
{
    bytes column = {0};
    for (uint32_t i = a->p->body; i < a->p->tokens_n && !column.n; i++) {
        if (a->p->tokens[i].mark == PARSER_NAME) column = word(a, i);
        if (type_at(a, i) == TOKEN_CLOSE) break;
    }
    uint8_t *plain = arena_take(a->call, column.n + 1);
    if (!plain) return (bytes){0};
    size_t n = 0;
    for (size_t i = 0; i < column.n; i++) {
        if (is_plain(column.p[i])) plain[n++] = column.p[i];
    }
    const char *stem = arena_format(a->call, "%.*s%s%.*s_idx", BYTES_FMT(t->name), n ? "_" : "",
                                    (int)n, (const char *)plain);
    bytes name = bytes_of_text(stem);
    for (unsigned i = 1; name.n && schema_find(a->s, SCHEMA_INDEX, t->keyspace, name); i++) {
        name = bytes_of_text(arena_format(a->call, "%s_%u", stem, i));
    }
    return name;
}

static err create_index(struct apply *a, const struct resolve_name *t)
{
    const bool named = a->p->index_name != PARSER_NONE;
    const bytes name = named ? word(a, a->p->index_name) : default_index(a, t);
    return schema_add_index(a->s, t->keyspace, t->name, name);
}

static err create_view(struct apply *a, const struct resolve_name *view)
{
    for (uint32_t i = 0; i < a->p->refs_n; i++) {
        if (a->p->refs[i].role != PARSER_BASE) continue;
        return schema_add_view(a->s, view->keyspace, view->name, a->r->names[i].name);
    }
    return DONE;
}

static err create_aggregate(struct apply *a, const struct resolve_name *n)
{
    bytes state = {0};
    bytes final = {0};
    for (uint32_t i = 0; i < a->p->refs_n; i++) {
        if (a->p->refs[i].role == PARSER_STATE_FUNCTION) state = a->r->names[i].name;
        if (a->p->refs[i].role == PARSER_FINAL_FUNCTION) final = a->r->names[i].name;
    }
    return schema_add_aggregate(a->s, n->keyspace, n->name, state, final);
}

static bool replaces(const struct apply *a, const struct resolve_name *n)
{
    return type_at(a, 1) == K_OR &&
           (schema_find(a->s, SCHEMA_FUNCTION, n->keyspace, n->name) ||
            schema_find(a->s, SCHEMA_AGGREGATE, n->keyspace, n->name));
}

static err carry_out(struct apply *a, const struct resolve_name *n)
{
    switch ((int)a->p->kind) {
    case STATEMENT_CREATE_KEYSPACE: return schema_add_keyspace(a->s, n->keyspace);
    case STATEMENT_DROP_KEYSPACE:
        schema_drop(a->s, SCHEMA_KEYSPACE, n->keyspace, (bytes){0});
        break;
    case STATEMENT_CREATE_TABLE: return create_table(a, n);
    case STATEMENT_DROP_TABLE: case STATEMENT_DROP_VIEW:
        schema_drop(a->s, SCHEMA_TABLE, n->keyspace, n->name);
        break;
    case STATEMENT_CREATE_INDEX: return create_index(a, n);
    case STATEMENT_DROP_INDEX: schema_drop(a->s, SCHEMA_INDEX, n->keyspace, n->name); break;
    case STATEMENT_CREATE_VIEW: return create_view(a, n);
    case STATEMENT_CREATE_TYPE: return schema_add_type(a->s, n->keyspace, n->name);
    case STATEMENT_DROP_TYPE: schema_drop(a->s, SCHEMA_TYPE, n->keyspace, n->name); break;
    case STATEMENT_CREATE_FUNCTION:
        return replaces(a, n) ? DONE : schema_add_function(a->s, n->keyspace, n->name);
    case STATEMENT_CREATE_AGGREGATE: return replaces(a, n) ? DONE : create_aggregate(a, n);
    case STATEMENT_DROP_FUNCTION: schema_drop(a->s, SCHEMA_FUNCTION, n->keyspace, n->name); break;
    case STATEMENT_DROP_AGGREGATE: schema_drop(a->s, SCHEMA_AGGREGATE, n->keyspace, n->name); break;
    default: break;
    }
    return DONE;
}

err schema_apply(struct schema *s, bytes session_keyspace, bytes text, struct arena *call,
                 struct note *note)
{
    struct parser_statement p;
    TRY(parser_read(text, call, &p, note));
    const enum statement_class class = statement_kind_class(p.kind);
    if (!p.refs_n || (class != STATEMENT_CLASS_DDL && class != STATEMENT_CLASS_REFUSED)) {
        return DONE;
    }
    struct resolve r = {.schema = s, .session = session_keyspace, .parsed = &p, .arena = call};
    TRY(resolve_names(&r, note));
    const uint32_t table = p.parts[0].table;
    struct apply a = {.s = s, .p = &p, .r = &r, .call = call};
    TRY(carry_out(&a, &r.names[table == PARSER_NONE ? 0 : table]));
    return call->bad ? FAIL(NO_MEMORY) : DONE;
}

err schema_apply_all(struct schema *s, bytes text, struct arena *call, struct note *note)
{
    struct lexer_tokens tokens;
    TRY(lexer_read(text, call, &tokens, note));
    size_t from = 0;
    for (size_t i = 0; i <= tokens.n; i++) {
        const bool end = i == tokens.n || tokens.list[i].type == TOKEN_SEMICOLON;
        if (!end) continue;
        const size_t at = from < tokens.n ? tokens.list[from].at : text.n;
        const bytes one = bytes_part(text, at, tokens.list[i].at - at);
        if (i > from) TRY(schema_apply(s, (bytes){0}, one, call, note));
        from = i + 1;
    }
    return DONE;
}
