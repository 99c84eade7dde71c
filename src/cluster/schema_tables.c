/* Each table of the schema has a rule: what a row is about, and so whom it is shown to. */
#include "cluster/schema_tables.h"

#include "statement/schema.h"

/* No table has this name and no rule can name it: seen only by those who see all of a keyspace. */
#define ANY_TABLE BYTES(":")

enum rule { OF_KEYSPACE, OF_TABLE, OF_TYPE, OF_FUNCTION };

static const struct {
    const char *keyspace;
    const char *table;
    const char *name; /* the column that names what a row is about */
    enum rule rule;
} rules[] = {
    {"system_schema", "keyspaces", "keyspace_name", OF_KEYSPACE},
    {"system_schema", "tables", "table_name", OF_TABLE},
    {"system_schema", "columns", "table_name", OF_TABLE},
    {"system_schema", "dropped_columns", "table_name", OF_TABLE},
    {"system_schema", "column_masks", "table_name", OF_TABLE},
    {"system_schema", "triggers", "table_name", OF_TABLE},
    {"system_schema", "indexes", "table_name", OF_TABLE},
    {"system_schema", "views", "view_name", OF_TABLE},
    {"system_schema", "types", "type_name", OF_TYPE},
    {"system_schema", "functions", "function_name", OF_FUNCTION},
    {"system_schema", "aggregates", "aggregate_name", OF_FUNCTION},
    {"system_virtual_schema", "keyspaces", "keyspace_name", OF_KEYSPACE},
    {"system_virtual_schema", "tables", "table_name", OF_TABLE},
    {"system_virtual_schema", "columns", "table_name", OF_TABLE},
};
enum { RULES_N = sizeof rules / sizeof rules[0] };

static size_t find_rule(bytes keyspace, bytes table)
{
    size_t i = 0;
    while (i < RULES_N &&
           !(bytes_eq_text(table, rules[i].table) && bytes_eq_text(keyspace, rules[i].keyspace)))
        i++;
    return i;
}

bool schema_tables_has(bytes keyspace, bytes table)
{
    return find_rule(keyspace, table) < RULES_N;
}

/* The tables that the gateway answers itself are shown to everybody, and those of estimates, for cqlsh draws no
 * row of a table that it was not shown; nothing else of the system. */
static bool is_own_keyspace(bytes keyspace)
{
    return bytes_eq(keyspace, BYTES("system_schema")) ||
           bytes_eq(keyspace, BYTES("system_virtual_schema")) ||
           bytes_eq(keyspace, BYTES("system"));
}

static bool is_own_table(bytes keyspace, bytes table)
{
    if (!bytes_eq(keyspace, BYTES("system"))) return schema_tables_has(keyspace, table);
    static const char *const shown[] = {"local", "peers", "peers_v2", "size_estimates", "table_estimates"};
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
        if (bytes_eq_text(table, shown[i])) return true;
    }
    return false;
}

/* A view is seen with the table that it is on. */
static bool sees_table(const struct picture *picture, const struct schema_eyes *eyes,
                       bytes keyspace, bytes table)
{
    if (is_own_keyspace(keyspace)) return is_own_table(keyspace, table);
    const struct schema_entry *t = schema_find(picture->schema, SCHEMA_TABLE, keyspace, table);
    const bytes base = t && t->view && t->owner ? t->owner->name : table;
    return eyes->may_see(eyes->owner, keyspace, base);
}

static bool sees_all(const struct schema_eyes *eyes, bytes keyspace)
{
    return eyes->may_see(eyes->owner, keyspace, ANY_TABLE);
}

/* --- keyspaces: those that are seen, and those of which a table is seen --- */

static bytes own_cell(const struct schema_tables *s, size_t row, size_t column)
{
    return s->table->cells[row * s->table->columns_n + column];
}

static void mark_keyspace(struct schema_tables *s, bytes keyspace)
{
    for (size_t row = 0; row < s->table->rows_n; row++) {
        if (bytes_eq(own_cell(s, row, s->keyspace_at), keyspace)) s->seen[row] = true;
    }
}

/* Tables of a keyspace stand together: each keyspace is marked once. */
static void mark_by_tables(struct schema_tables *s)
{
    const struct picture_table *t =
        picture_table(s->picture, BYTES("system_schema"), BYTES("tables"));
    bytes done = {0};
    if (!t) return;
    const size_t keyspace_at = picture_column(t, "keyspace_name");
    const size_t name_at = picture_column(t, "table_name");
    if (keyspace_at == t->columns_n || name_at == t->columns_n) return;
    for (size_t row = 0; row < t->rows_n; row++) {
        const bytes *cells = &t->cells[row * t->columns_n];
        if (done.p && bytes_eq(cells[keyspace_at], done)) continue;
        if (!sees_table(s->picture, &s->eyes, cells[keyspace_at], cells[name_at])) continue;
        done = cells[keyspace_at];
        mark_keyspace(s, done);
    }
}

static err find_keyspaces(struct schema_tables *s, struct arena *arena)
{
    s->seen = arena_take_array(arena, s->table->rows_n + 1, sizeof *s->seen);
    if (!s->seen) return FAIL(NO_MEMORY);
    for (size_t row = 0; row < s->table->rows_n; row++) {
        const bytes keyspace = own_cell(s, row, s->keyspace_at);
        s->seen[row] = is_own_keyspace(keyspace) ||
                       s->eyes.may_see(s->eyes.owner, keyspace, (bytes){0}) ||
                       sees_all(&s->eyes, keyspace);
    }
    mark_by_tables(s);
    return DONE;
}

/* --- types: those that columns which are seen use, and those that such types use --- */

struct type_walk {
    struct schema_tables *s;
    bool changed;
};

static void mark_type(struct type_walk *walk, bytes keyspace, bytes name)
{
    struct schema_tables *s = walk->s;
    const struct picture_table *t = s->table;
    if (!schema_find(s->picture->schema, SCHEMA_TYPE, keyspace, name)) return;
    for (size_t row = 0; row < t->rows_n; row++) {
        if (s->seen[row]) continue;
        if (!bytes_eq(own_cell(s, row, s->name_at), name)) continue;
        if (!bytes_eq(own_cell(s, row, s->keyspace_at), keyspace)) continue;
        s->seen[row] = true;
        walk->changed = true;
    }
}

static bool is_name_byte(uint8_t c)
{
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Each name in the text of a type, such as map<text, frozen<"Address">>. Quotes within quoted names
 * do not occur: names that exist are made of letters, digits and underscores. */
static void mark_names(struct type_walk *walk, bytes keyspace, bytes type)
{
    size_t at = 0;
    while (at < type.n) {
        size_t end = at;
        while (end < type.n && is_name_byte(type.p[end]))
            end++;
        if (end > at) mark_type(walk, keyspace, bytes_part(type, at, end - at));
        at = end + 1;
    }
}

static void mark_columns(struct type_walk *walk)
{
    const struct schema_tables *s = walk->s;
    const struct picture_table *t =
        picture_table(s->picture, BYTES("system_schema"), BYTES("columns"));
    for (size_t row = 0; t && row < t->rows_n; row++) {
        const bytes keyspace = picture_cell(t, row, "keyspace_name");
        if (is_own_keyspace(keyspace)) continue;
        if (!sees_table(s->picture, &s->eyes, keyspace, picture_cell(t, row, "table_name")))
            continue;
        mark_names(walk, keyspace, picture_cell(t, row, "type"));
    }
}

/* field_types is a list of texts. */
static void mark_fields(struct type_walk *walk, size_t row)
{
    const struct schema_tables *s = walk->s;
    struct rd r = rd_over(picture_cell(s->table, row, "field_types"));
    const uint32_t n = rd_u32be(&r);
    const bytes keyspace = own_cell(s, row, s->keyspace_at);
    for (uint32_t i = 0; i < n && !r.bad; i++)
        mark_names(walk, keyspace, rd_bytes32(&r));
}

static err find_types(struct schema_tables *s, struct arena *arena)
{
    const struct picture_table *t = s->table;
    struct type_walk walk = {s, false};
    s->seen = arena_take_array(arena, t->rows_n + 1, sizeof *s->seen);
    bool *walked = arena_take_array(arena, t->rows_n + 1, sizeof *walked);
    if (!s->seen || !walked) return FAIL(NO_MEMORY);
    for (size_t row = 0; row < t->rows_n; row++) {
        s->seen[row] = sees_all(&s->eyes, own_cell(s, row, s->keyspace_at));
    }
    mark_columns(&walk);
    do {
        walk.changed = false;
        for (size_t row = 0; row < t->rows_n; row++) {
            if (!s->seen[row] || walked[row]) continue;
            walked[row] = true;
            mark_fields(&walk, row);
        }
    } while (walk.changed);
    return DONE;
}

/* --- one table --- */

err schema_tables_open(const struct picture *picture, const struct picture_table *table,
                       const struct schema_eyes *eyes, struct arena *arena,
                       struct schema_tables *out)
{
    const size_t rule = find_rule(table->keyspace, table->name);
    if (rule == RULES_N) return FAIL(CQL_INVALID);
    *out = (struct schema_tables){
        .picture = picture, .table = table, .eyes = *eyes, .rule = rules[rule].rule};
    out->keyspace_at = picture_column(table, "keyspace_name");
    out->name_at = picture_column(table, rules[rule].name);
    if (out->keyspace_at == table->columns_n || out->name_at == table->columns_n)
        return FAIL(CQL_INVALID);
    if (out->rule == OF_KEYSPACE) return find_keyspaces(out, arena);
    return out->rule == OF_TYPE ? find_types(out, arena) : DONE;
}

bool schema_tables_shows(const struct schema_tables *s, size_t row)
{
    const bytes *cells = &s->table->cells[row * s->table->columns_n];
    const bytes keyspace = cells[s->keyspace_at];
    switch ((enum rule)s->rule) {
    case OF_TABLE:
        return sees_table(s->picture, &s->eyes, keyspace, cells[s->name_at]);
    case OF_KEYSPACE:
    case OF_TYPE:
        return s->seen[row];
    case OF_FUNCTION:
        return !is_own_keyspace(keyspace) && sees_all(&s->eyes, keyspace);
    }
    return false;
}
