/* The steps from a text to what the gateway needs to know of it. */
#include "statement/statement.h"

#include "base/err.h"
#include "statement/describe.h"
#include "statement/local_select.h"
#include "statement/need.h"
#include "statement/rewrite.h"

static err refuse(enum statement_kind kind, struct note *note)
{
    return note_fail(note, FAIL(STATEMENT_REFUSED), "%s is not allowed through the gateway: %s",
                     statement_kind_name(kind), statement_kind_reason(kind));
}

/* Index classes whose code is Cassandra's own; an empty one is the default. */
static bool is_known_index(bytes class)
{
    static const char *const known[] = {
        "sai", "StorageAttachedIndex", "org.apache.cassandra.index.sai.StorageAttachedIndex",
        "SASIIndex", "org.apache.cassandra.index.sasi.SASIIndex", "legacy_local_table"};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (bytes_eq_nocase(class, bytes_of_text(known[i]))) return true;
    }
    return false;
}

static err check_index(const struct parser_statement *p, struct arena *arena, struct note *note)
{
    if (p->kind != STATEMENT_CREATE_INDEX || p->index_class == PARSER_NONE) return DONE;
    const bytes class = resolve_fold(p->text, &p->tokens[p->index_class], arena);
    if (is_known_index(class)) return DONE;
    return note_fail(note, FAIL(STATEMENT_REFUSED),
                     "CREATE INDEX is not allowed through the gateway with this class: "
                     "it brings code into the nodes");
}

static const char *write_type(const struct statement *s)
{
    if (statement_kind_class(s->kind) == STATEMENT_CLASS_READ ||
        statement_kind_class(s->kind) == STATEMENT_CLASS_LOCAL) {
        return NULL;
    }
    if (s->conditional) return "CAS";
    if (s->counter) return "COUNTER";
    return s->kind == STATEMENT_BATCH ? "UNLOGGED_BATCH" : "SIMPLE";
}

static void set_batch(const struct parser_statement *p, struct statement *out)
{
    if (p->kind != STATEMENT_BATCH) return;
    switch (p->batch) {
    case PARSER_BATCH_LOGGED: out->batch = STATEMENT_BATCH_LOGGED; break;
    case PARSER_BATCH_UNLOGGED: out->batch = STATEMENT_BATCH_UNLOGGED; break;
    case PARSER_BATCH_COUNTER: out->batch = STATEMENT_BATCH_COUNTER; break;
    }
}

static void set_facts(const struct resolve *r, struct statement *out)
{
    const struct parser_statement *p = r->parsed;
    out->kind = p->kind;
    out->binds_n = p->binds_n;
    out->ddl = statement_kind_class(p->kind) == STATEMENT_CLASS_DDL;
    out->if_exists = out->ddl && need_is_guarded(p);
    set_batch(p, out);
    out->counter = out->batch == STATEMENT_BATCH_COUNTER;
    for (uint32_t i = 0; i < p->parts_n; i++) {
        const uint32_t table = p->parts[i].table;
        out->conditional |= p->parts[i].conditional;
        const struct schema_entry *entry = table == PARSER_NONE ? NULL : r->names[table].entry;
        out->counter |= entry && entry->counter;
    }
    out->write_type = write_type(out);
    if (!p->refs_n) return;
    const uint32_t table = p->parts[0].table;
    const struct resolve_name *n = &r->names[table == PARSER_NONE ? 0 : table];
    out->keyspace = n->keyspace;
    out->table = n->name;
}

static bool is_one_of(bytes name, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (bytes_eq_text(name, list[i])) return true;
    }
    return false;
}

static bool is_own_table(const struct statement *s)
{
    static const char *const own[] = {"local", "peers", "peers_v2"};
    return bytes_eq_text(s->keyspace, "system") && is_one_of(s->table, own, 3);
}

static bool is_estimates(const struct statement *s)
{
    static const char *const estimates[] = {"size_estimates", "table_estimates"};
    return bytes_eq_text(s->keyspace, "system") && is_one_of(s->table, estimates, 2);
}

static bool is_traces(const struct statement *s)
{
    static const char *const traces[] = {"sessions", "events"};
    return bytes_eq_text(s->keyspace, "system_traces") && is_one_of(s->table, traces, 2);
}

static enum statement_route select_route(const struct statement *s)
{
    if (is_own_table(s)) return STATEMENT_ROUTE_LOCAL_SYSTEM;
    if (bytes_eq_text(s->keyspace, "system_schema")) return STATEMENT_ROUTE_SCHEMA;
    if (bytes_eq_text(s->keyspace, "system_virtual_schema")) return STATEMENT_ROUTE_SCHEMA;
    if (is_estimates(s)) return STATEMENT_ROUTE_ESTIMATES;
    if (is_traces(s)) return STATEMENT_ROUTE_TRACES;
    return STATEMENT_ROUTE_FORWARD;
}

/* Estimates of one table are for those who may read it; of anything else for nobody. */
static err add_estimates(const struct resolve *r, struct statement *out)
{
    struct statement_value keyspace;
    struct statement_value table;
    struct statement_need need = {.action = ACTION_DB_TABLE_SELECT,
                                  .or_action = ACTION_DB_TABLE_SELECT,
                                  .keyspace = out->keyspace,
                                  .table = out->table,
                                  .named = out->table,
                                  .never = true,
                                  .instead = "one table at a time: keyspace_name = ... AND "
                                             "table_name = ..."};
    if (statement_estimates_of(&out->select, &keyspace, &table)) {
        if (keyspace.type == STATEMENT_VALUE_BIND || table.type == STATEMENT_VALUE_BIND) {
            out->route = STATEMENT_ROUTE_ESTIMATES_BOUND;
            return DONE;
        }
        need = statement_estimates_need(r->schema, keyspace.text, table.text);
    }
    return need_add(r->arena, out, &need);
}

/* Where nothing follows the table, or WHERE key = 'local'. */
static bool is_whole_row(const struct parser_statement *p)
{
    const struct token *end = &p->tokens[p->tokens_n];
    if (end[-1].mark == PARSER_NAME) return true;
    return p->tokens_n > 6 && end[-4].type == K_WHERE && end[-3].type == K_KEY &&
           end[-2].type == TOKEN_EQUAL && bytes_eq_text(lexer_text(p->text, &end[-1]), "'local'");
}

/* SELECT now() FROM system.local: names no column, reads no row but the one that everybody has. */
static bool is_health_check(const struct resolve *r, const struct statement *s)
{
    if (!r->parsed->column_free || !bytes_eq_text(s->table, "local")) return false;
    for (uint32_t i = 0; i < r->parsed->refs_n; i++) {
        const bool function = r->parsed->refs[i].role == PARSER_FUNCTION;
        if (function && (!r->names[i].native || r->names[i].entry)) return false;
        if (!function && r->parsed->refs[i].role != PARSER_TABLE) return false;
    }
    return is_whole_row(r->parsed);
}

static err route_select(const struct resolve *r, struct statement *out)
{
    out->route = select_route(out);
    if (out->route == STATEMENT_ROUTE_FORWARD) return need_list(r, out);
    TRY(local_select_read(r, &out->select));
    if (out->route == STATEMENT_ROUTE_LOCAL_SYSTEM && is_health_check(r, out)) {
        out->route = STATEMENT_ROUTE_FORWARD;
    }
    return out->route == STATEMENT_ROUTE_ESTIMATES ? add_estimates(r, out) : DONE;
}

static err route(const struct resolve *r, struct statement *out, struct note *note)
{
    if (out->kind == STATEMENT_SELECT) return route_select(r, out);
    if (out->kind == STATEMENT_DESCRIBE) return describe_read(r, out, note);
    if (out->kind == STATEMENT_USE) out->route = STATEMENT_ROUTE_USE;
    return need_list(r, out);
}

err statement_understand(const struct schema *schema, bytes session_keyspace, bytes text,
                         struct arena *arena, struct statement *out, struct note *note)
{
    struct parser_statement parsed;
    struct statement s = {0};
    if (text.n > STATEMENT_TEXT_MAX) return note_fail(note, FAIL(CQL_SYNTAX), "statement too long");
    TRY(parser_read(text, arena, &parsed, note));
    *out = (struct statement){.kind = parsed.kind};
    if (statement_kind_class(parsed.kind) == STATEMENT_CLASS_REFUSED) {
        return refuse(parsed.kind, note);
    }
    TRY(check_index(&parsed, arena, note));
    struct resolve r = {
        .schema = schema, .session = session_keyspace, .parsed = &parsed, .arena = arena};
    TRY(resolve_names(&r, note));
    set_facts(&r, &s);
    TRY(route(&r, &s, note));
    if (!s.text.n) TRY(rewrite_text(&r, &s.text));
    *out = s;
    return arena->bad ? FAIL(NO_MEMORY) : DONE;
}
