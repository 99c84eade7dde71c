/* Sizes of tables: programs that read a table in pieces ask for them, and name the table by literals
 * or by bound values. */
#include "statement/schema.h"
#include "statement/statement.h"

/* The value of `column = value`; false when there is none such, or more than one. */
static bool value_of(const struct statement_select *s, const char *column,
                     struct statement_value *out)
{
    size_t found = 0;
    for (size_t i = 0; i < s->where_n; i++) {
        const struct statement_restriction *w = &s->where[i];
        if (!bytes_eq_text(w->column, column)) continue;
        if (w->in || w->values_n != 1) return false;
        *out = w->values[0];
        found++;
    }
    return found == 1 && (out->type == STATEMENT_VALUE_TEXT || out->type == STATEMENT_VALUE_BIND);
}

bool statement_estimates_of(const struct statement_select *s, struct statement_value *keyspace,
                            struct statement_value *table)
{
    return s->simple && value_of(s, "keyspace_name", keyspace) && value_of(s, "table_name", table);
}

struct statement_need statement_estimates_need(const struct schema *schema, bytes keyspace,
                                               bytes table)
{
    const struct schema_entry *e = schema_find(schema, SCHEMA_TABLE, keyspace, table);
    return (struct statement_need){.action = ACTION_DB_TABLE_SELECT,
                                   .or_action = ACTION_DB_TABLE_SELECT,
                                   .keyspace = keyspace,
                                   .table = e && e->owner ? e->owner->name : table,
                                   .named = table,
                                   .never = !keyspace.n || !table.n ||
                                            statement_is_system_keyspace(keyspace)};
}
