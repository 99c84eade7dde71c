#include "statement/describe.h"

#include "base/err.h"
#include "base/wr.h"
#include "statement/need.h"
#include "statement/rewrite.h"

struct form {
    const char *words;
    bool listing;             /* names nothing; limited to the session's keyspace by who answers */
    enum parser_role role;    /* of what is named, for requirement.def */
};

static const struct form forms[] = {
    [STATEMENT_DESCRIBE_CLUSTER] = {"CLUSTER", true, PARSER_KEYSPACE},
    [STATEMENT_DESCRIBE_SCHEMA] = {"SCHEMA", true, PARSER_KEYSPACE},
    [STATEMENT_DESCRIBE_KEYSPACES] = {"KEYSPACES", true, PARSER_KEYSPACE},
    [STATEMENT_DESCRIBE_KEYSPACE] = {"KEYSPACE", false, PARSER_KEYSPACE},
    [STATEMENT_DESCRIBE_TABLES] = {"TABLES", true, PARSER_KEYSPACE},
    [STATEMENT_DESCRIBE_TABLE] = {"TABLE", false, PARSER_TABLE},
    [STATEMENT_DESCRIBE_INDEX] = {"INDEX", false, PARSER_INDEX},
    [STATEMENT_DESCRIBE_VIEW] = {"MATERIALIZED VIEW", false, PARSER_TABLE},
    [STATEMENT_DESCRIBE_TYPES] = {"TYPES", true, PARSER_KEYSPACE},
    [STATEMENT_DESCRIBE_TYPE] = {"TYPE", false, PARSER_TYPE},
    [STATEMENT_DESCRIBE_FUNCTIONS] = {"FUNCTIONS", true, PARSER_KEYSPACE},
    [STATEMENT_DESCRIBE_FUNCTION] = {"FUNCTION", false, PARSER_FUNCTION},
    [STATEMENT_DESCRIBE_AGGREGATES] = {"AGGREGATES", true, PARSER_KEYSPACE},
    [STATEMENT_DESCRIBE_AGGREGATE] = {"AGGREGATE", false, PARSER_FUNCTION},
};

/* What a form of the grammar asks about; a bare name comes later. */
static enum statement_describe plain_kind(enum parser_describe what)
{
    switch (what) {
    case PARSER_DESCRIBE_CLUSTER: return STATEMENT_DESCRIBE_CLUSTER;
    case PARSER_DESCRIBE_SCHEMA: return STATEMENT_DESCRIBE_SCHEMA;
    case PARSER_DESCRIBE_KEYSPACES: return STATEMENT_DESCRIBE_KEYSPACES;
    case PARSER_DESCRIBE_KEYSPACE: return STATEMENT_DESCRIBE_KEYSPACE;
    case PARSER_DESCRIBE_TABLES: return STATEMENT_DESCRIBE_TABLES;
    case PARSER_DESCRIBE_TABLE: case PARSER_DESCRIBE_BARE: return STATEMENT_DESCRIBE_TABLE;
    case PARSER_DESCRIBE_INDEX: return STATEMENT_DESCRIBE_INDEX;
    case PARSER_DESCRIBE_VIEW: return STATEMENT_DESCRIBE_VIEW;
    case PARSER_DESCRIBE_TYPES: return STATEMENT_DESCRIBE_TYPES;
    case PARSER_DESCRIBE_TYPE: return STATEMENT_DESCRIBE_TYPE;
    case PARSER_DESCRIBE_FUNCTIONS: return STATEMENT_DESCRIBE_FUNCTIONS;
    case PARSER_DESCRIBE_FUNCTION: return STATEMENT_DESCRIBE_FUNCTION;
    case PARSER_DESCRIBE_AGGREGATES: return STATEMENT_DESCRIBE_AGGREGATES;
    case PARSER_DESCRIBE_AGGREGATE: return STATEMENT_DESCRIBE_AGGREGATE;
    }
    return STATEMENT_DESCRIBE_TABLE;
}

/* As cqlsh does it: a keyspace, a table, a view, an index, in this order. */
static enum statement_describe bare_kind(const struct resolve *r, struct resolve_name *n)
{
    const bool spelled = r->parsed->refs[0].keyspace != PARSER_NONE;
    if (!spelled && schema_has_keyspace(r->schema, n->name)) {
        *n = (struct resolve_name){.keyspace = n->name};
        return STATEMENT_DESCRIBE_KEYSPACE;
    }
    if (!n->keyspace.n) n->keyspace = n->name;    /* as the node takes it: a keyspace not found */
    n->entry = schema_find(r->schema, SCHEMA_TABLE, n->keyspace, n->name);
    n->missing = false;
    if (n->entry) return n->entry->view ? STATEMENT_DESCRIBE_VIEW : STATEMENT_DESCRIBE_TABLE;
    n->entry = schema_find(r->schema, SCHEMA_INDEX, n->keyspace, n->name);
    if (n->entry) return STATEMENT_DESCRIBE_INDEX;
    n->missing = true;
    return STATEMENT_DESCRIBE_TABLE;
}

/* Words that told a keyspace from a table would tell that there is one. */
static void set_bare(struct statement *out, bytes name)
{
    struct statement_need *needs = (struct statement_need *)(uintptr_t)out->needs;
    for (size_t i = 0; i < out->needs_n; i++) {
        needs[i].bare = true;
        needs[i].named = name;
    }
}

static err named(const struct resolve *r, struct statement *out, struct resolve_name *n,
                 struct note *note)
{
    if (r->parsed->refs_n) *n = r->names[0];
    else n->keyspace = r->session;
    if (r->parsed->describe == PARSER_DESCRIBE_BARE) out->describe = bare_kind(r, n);
    if (!n->keyspace.n) {
        return note_fail(note, FAIL(CQL_INVALID), "No keyspace specified and no current keyspace");
    }
    out->keyspace = n->keyspace;
    out->table = n->name;
    TRY(need_of(r, out, STATEMENT_DESCRIBE, forms[out->describe].role, n));
    if (r->parsed->describe != PARSER_DESCRIBE_BARE) return DONE;
    if (r->parsed->refs[0].keyspace == PARSER_NONE) set_bare(out, r->names[0].name);
    return DONE;
}

static bool has_token(const struct parser_statement *p, enum token_type type)
{
    for (uint32_t i = 1; i < p->tokens_n; i++) {
        if (p->tokens[i].type == type && p->tokens[i].mark != PARSER_NAME) return true;
    }
    return false;
}

/* DESCRIBE [FULL | ONLY] words ["keyspace" [. "name"]] [WITH INTERNALS] */
static void write(const struct resolve *r, const struct statement *out, struct wr *w)
{
    const struct form *f = &forms[out->describe];
    const struct parser_statement *p = r->parsed;
    wr_text(w, "DESCRIBE ");
    if (out->describe == STATEMENT_DESCRIBE_SCHEMA && has_token(p, K_FULL)) wr_text(w, "FULL ");
    if (out->describe == STATEMENT_DESCRIBE_KEYSPACE && has_token(p, K_ONLY)) wr_text(w, "ONLY ");
    wr_text(w, f->words);
    if (!f->listing) {
        wr_text(w, " ");
        wr_bytes(w, rewrite_quote(out->keyspace, r->arena));
        if (out->table.n) wr_text(w, ".");
        if (out->table.n) wr_bytes(w, rewrite_quote(out->table, r->arena));
    }
    if (has_token(p, K_INTERNALS)) wr_text(w, " WITH INTERNALS");
}

enum { WORDS_MAX = 64 };

err describe_read(const struct resolve *r, struct statement *out, struct note *note)
{
    struct resolve_name n = {0};
    out->route = STATEMENT_ROUTE_DESCRIBE;
    out->describe = plain_kind(r->parsed->describe);
    if (forms[out->describe].listing) {
        out->keyspace = r->session;
        out->table = (bytes){0};
    } else {
        TRY(named(r, out, &n, note));
    }
    const size_t size = WORDS_MAX + 2 * out->keyspace.n + 2 * out->table.n;
    uint8_t *p = arena_take(r->arena, size);
    if (!p) return FAIL(NO_MEMORY);
    struct wr w = wr_fixed(p, size);
    write(r, out, &w);
    out->text = wr_view(&w);
    return w.bad ? FAIL(NO_MEMORY) : DONE;
}
