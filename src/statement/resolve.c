#include "statement/resolve.h"

#include "statement/native.h"

static bytes lower(bytes name, struct arena *arena)
{
    size_t i = 0;
    while (i < name.n && !(name.p[i] >= 'A' && name.p[i] <= 'Z')) i++;
    if (i == name.n) return name;
    uint8_t *p = arena_take(arena, name.n);
    if (!p) return (bytes){0};
    for (i = 0; i < name.n; i++) {
        const uint8_t c = name.p[i];
        p[i] = (uint8_t)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
    }
    return (bytes){p, name.n};
}

/* Without its quotes, doubled ones once. */
static bytes unquote(bytes quoted, uint8_t quote, struct arena *arena)
{
    const bytes inner = bytes_part(quoted, 1, quoted.n - 2);
    if (!inner.n || !memchr(inner.p, quote, inner.n)) return inner;
    uint8_t *p = arena_take(arena, inner.n);
    if (!p) return (bytes){0};
    size_t n = 0;
    for (size_t i = 0; i < inner.n; i++) {
        p[n++] = inner.p[i];
        if (inner.p[i] == quote) i++;
    }
    return (bytes){p, n};
}

bytes resolve_fold(bytes text, const struct token *t, struct arena *arena)
{
    const bytes word = lexer_text(text, t);
    if (t->type == TOKEN_QUOTED_NAME) return unquote(word, '"', arena);
    if (t->type == TOKEN_EMPTY_NAME) return (bytes){0};
    if (t->type == TOKEN_STRING && word.p[0] == '\'') return unquote(word, '\'', arena);
    if (t->type == TOKEN_STRING) return bytes_part(word, 2, word.n - 4);
    return lower(word, arena);
}

static bytes fold(const struct resolve *r, uint32_t token)
{
    return resolve_fold(r->parsed->text, &r->parsed->tokens[token], r->arena);
}

static err no_keyspace(struct note *note)
{
    return note_fail(note, FAIL(CQL_INVALID),
                     "No keyspace has been specified. USE a keyspace, or explicitly specify "
                     "keyspace.tablename");
}

/* The first name of these statements is their target, though it is no table. */
static bool names_itself(enum statement_kind kind)
{
    return kind == STATEMENT_DROP_INDEX || kind == STATEMENT_CREATE_TYPE ||
           kind == STATEMENT_ALTER_TYPE || kind == STATEMENT_DROP_TYPE ||
           kind == STATEMENT_DESCRIBE || kind == STATEMENT_CREATE_FUNCTION ||
           kind == STATEMENT_DROP_FUNCTION || kind == STATEMENT_CREATE_AGGREGATE ||
           kind == STATEMENT_DROP_AGGREGATE;
}

static bool is_main(const struct resolve *r, uint32_t i)
{
    const struct parser_ref *ref = &r->parsed->refs[i];
    if (ref->role == PARSER_TABLE || ref->role == PARSER_KEYSPACE) return true;
    return i == 0 && names_itself(r->parsed->kind);
}

/* The keyspace in which the other names of a part are looked up. */
static bytes home(const struct resolve *r, const struct parser_ref *ref)
{
    const struct parser_statement *p = r->parsed;
    const uint32_t table = ref->part < p->parts_n ? p->parts[ref->part].table : PARSER_NONE;
    return r->names[table == PARSER_NONE ? 0 : table].keyspace;
}

static void find(const struct resolve *r, uint32_t i, enum schema_object object)
{
    struct resolve_name *n = &r->names[i];
    n->entry = schema_find(r->schema, object, n->keyspace, n->name);
    n->missing = !n->entry;
}

static void find_function(const struct resolve *r, uint32_t i, bool spelled)
{
    struct resolve_name *n = &r->names[i];
    const bool system = spelled && bytes_eq_text(n->keyspace, "system");
    n->native = (!spelled || system) && native_has(n->name);
    if (!system) {
        find(r, i, SCHEMA_FUNCTION);
        if (!n->entry) find(r, i, SCHEMA_AGGREGATE);
    }
    n->missing = !n->native && !n->entry;
    n->insert = !spelled && !n->native;
    if (!spelled && n->native && !n->entry) n->keyspace = (bytes){0};
}

static bool is_created(const struct parser_statement *p, const struct parser_ref *ref, uint32_t i)
{
    switch ((int)p->kind) {
    case STATEMENT_CREATE_KEYSPACE: return true;
    case STATEMENT_CREATE_TABLE: case STATEMENT_CREATE_VIEW: return ref->role == PARSER_TABLE;
    case STATEMENT_CREATE_TYPE: case STATEMENT_CREATE_FUNCTION: case STATEMENT_CREATE_AGGREGATE:
        return i == 0;
    default: return false;
    }
}

static void look_up(const struct resolve *r, uint32_t i)
{
    const struct parser_ref *ref = &r->parsed->refs[i];
    struct resolve_name *n = &r->names[i];
    const bool spelled = ref->keyspace != PARSER_NONE;
    n->insert = !spelled && ref->role != PARSER_KEYSPACE;
    switch (ref->role) {
    case PARSER_KEYSPACE:
        n->missing = !schema_has_keyspace(r->schema, n->keyspace);
        break;
    case PARSER_TABLE: case PARSER_BASE: find(r, i, SCHEMA_TABLE); break;
    case PARSER_INDEX: find(r, i, SCHEMA_INDEX); break;
    case PARSER_TYPE: find(r, i, SCHEMA_TYPE); break;
    case PARSER_FUNCTION: case PARSER_STATE_FUNCTION: case PARSER_FINAL_FUNCTION:
        find_function(r, i, spelled || (i == 0 && names_itself(r->parsed->kind)));
        if (i == 0 && names_itself(r->parsed->kind)) n->insert = !spelled;
        break;
    }
    n->created = is_created(r->parsed, ref, i);
    if (n->created) n->missing = false;
}

static err place(struct resolve *r, uint32_t i, struct note *note)
{
    const struct parser_ref *ref = &r->parsed->refs[i];
    struct resolve_name *n = &r->names[i];
    if (ref->role == PARSER_KEYSPACE) {
        n->keyspace = fold(r, ref->name);
        return DONE;
    }
    n->name = fold(r, ref->name);
    if (ref->keyspace != PARSER_NONE) n->keyspace = fold(r, ref->keyspace);
    else n->keyspace = is_main(r, i) ? r->session : home(r, ref);
    if (r->arena->bad) return FAIL(NO_MEMORY);
    const bool bare = r->parsed->kind == STATEMENT_DESCRIBE &&
                      r->parsed->describe == PARSER_DESCRIBE_BARE;
    return n->keyspace.n || bare ? DONE : no_keyspace(note);
}

err resolve_names(struct resolve *r, struct note *note)
{
    const uint32_t n = r->parsed->refs_n;
    r->names = arena_take_array(r->arena, n + 1, sizeof *r->names);
    if (!r->names) return FAIL(NO_MEMORY);
    for (uint32_t i = 0; i < n; i++) {
        if (is_main(r, i)) TRY(place(r, i, note));
    }
    for (uint32_t i = 0; i < n; i++) {
        if (!is_main(r, i)) TRY(place(r, i, note));
        look_up(r, i);
    }
    return r->arena->bad ? FAIL(NO_MEMORY) : DONE;
}
