/* The words in which nodes list rights are Cassandra's own: "<keyspace ks>", "<table ks.t>",
 * "<all tables in ks>", "<all functions in ks>", "<all keyspaces>". */
#include "serve/grants.h"

#include "cluster/picture.h"
#include "statement/statement.h"

const struct grant_row grant_rows[GRANT_COUNT] = {
#define GRANT(name, on, schema) [GRANT_##name] = {#name, on, schema},
    GRANTS(GRANT)
#undef GRANT
};

enum { SCHEMA_GRANTS = 1u << GRANT_CREATE | 1u << GRANT_ALTER | 1u << GRANT_DROP };
/* What a right on all tables of a keyspace is enough for; the rest is done to the keyspace too. */
enum { TABLE_GRANTS = 1u << GRANT_SELECT | 1u << GRANT_MODIFY | 1u << GRANT_CREATE };
enum { ALL_GRANTS = (1u << GRANT_COUNT) - 1, FUNCTION_GRANTS = 1u << GRANT_EXECUTE };

static unsigned bit_of(bytes permission)
{
    for (unsigned i = 0; i < GRANT_COUNT; i++) {
        if (bytes_eq_text(permission, grant_rows[i].name)) return 1u << i;
    }
    return 0;
}

static bool begins(bytes text, const char *with, bytes *rest)
{
    const bytes head = bytes_of_text(with);
    if (!bytes_eq(bytes_part(text, 0, head.n), head)) return false;
    *rest = bytes_part(text, head.n, SIZE_MAX);
    return true;
}

/* "<keyspace ks>" is `name` with `kind` "<keyspace ". */
static bool is_of(bytes resource, const char *kind, bytes name)
{
    bytes rest;
    return begins(resource, kind, &rest) && rest.n == name.n + 1 &&
           bytes_eq(bytes_part(rest, 0, name.n), name);
}

/* What a right on this resource can be enough for in the keyspace. */
static unsigned reach(bytes resource, bytes keyspace)
{
    if (bytes_eq_text(resource, "<all keyspaces>")) return ALL_GRANTS & ~FUNCTION_GRANTS;
    if (bytes_eq_text(resource, "<all functions>")) return FUNCTION_GRANTS;
    if (is_of(resource, "<keyspace ", keyspace)) return ALL_GRANTS & ~FUNCTION_GRANTS;
    if (is_of(resource, "<all tables in ", keyspace)) return TABLE_GRANTS;
    if (is_of(resource, "<all functions in ", keyspace)) return FUNCTION_GRANTS;
    return 0;
}

/* "<table ks.t>" with that permission is among the rights. */
static bool is_granted(const struct picture *p, bytes keyspace, bytes table, unsigned bit)
{
    for (const struct picture_grant *g = p->grants; g; g = g->next) {
        bytes rest;
        if (bit_of(g->permission) != bit || !begins(g->resource, "<table ", &rest)) continue;
        if (rest.n != keyspace.n + table.n + 2 || rest.p[keyspace.n] != '.') continue;
        if (bytes_eq(bytes_part(rest, 0, keyspace.n), keyspace) &&
            bytes_eq(bytes_part(rest, keyspace.n + 1, table.n), table)) {
            return true;
        }
    }
    return false;
}

/* Table by table is as good as the keyspace, as long as no table is left out. */
static bool is_granted_by_table(const struct picture *p, bytes keyspace, unsigned bit)
{
    const struct picture_table *t = picture_table(p, BYTES("system_schema"), BYTES("tables"));
    size_t n = 0;
    for (size_t i = 0; t && i < t->rows_n; i++) {
        if (!bytes_eq(picture_cell(t, i, "keyspace_name"), keyspace)) continue;
        if (!is_granted(p, keyspace, picture_cell(t, i, "table_name"), bit)) return false;
        n++;
    }
    return n > 0;
}

static bool has_row(const struct picture *p, const char *table, bytes keyspace)
{
    const struct picture_table *t = picture_table(p, BYTES("system_schema"), bytes_of_text(table));
    for (size_t i = 0; t && i < t->rows_n; i++) {
        if (bytes_eq(picture_cell(t, i, "keyspace_name"), keyspace)) return true;
    }
    return false;
}

void grants_of_keyspace(const struct picture *p, bytes keyspace, struct grants *out)
{
    static const unsigned by_table[] = {1u << GRANT_SELECT, 1u << GRANT_MODIFY};
    unsigned held = 0;
    unsigned needed = ALL_GRANTS;
    for (const struct picture_grant *g = p->grants; g; g = g->next) {
        held |= bit_of(g->permission) & reach(g->resource, keyspace);
    }
    if (p->check.superuser) held = ALL_GRANTS;
    for (size_t i = 0; i < sizeof by_table / sizeof *by_table; i++) {
        const bool has = held & by_table[i] || is_granted_by_table(p, keyspace, by_table[i]);
        if (has) held |= by_table[i];
    }
    if (!has_row(p, "functions", keyspace) && !has_row(p, "aggregates", keyspace)) {
        needed &= ~(unsigned)FUNCTION_GRANTS;
    }
    *out = (struct grants){.held = held, .missing = needed & ~held};
    if ((out->missing & SCHEMA_GRANTS) == SCHEMA_GRANTS) {
        out->left_out = SCHEMA_GRANTS;
        out->missing &= ~(unsigned)SCHEMA_GRANTS;
    }
}

/* The keyspace of "<keyspace ks>", "<table ks.t>" or "<all tables in ks>". */
static bool keyspace_of(bytes resource, bytes *out)
{
    bytes rest;
    if (!begins(resource, "<keyspace ", &rest) && !begins(resource, "<all tables in ", &rest) &&
        !begins(resource, "<table ", &rest)) {
        return false;
    }
    size_t n = 0;
    while (n < rest.n && rest.p[n] != '.' && rest.p[n] != '>')
        n++;
    *out = bytes_part(rest, 0, n);
    return true;
}

enum grant_danger grants_danger(bytes resource, bytes permission)
{
    bytes rest;
    if (bytes_eq_text(resource, "<all keyspaces>")) {
        /* What creating keyspaces takes. */
        return bytes_eq_text(permission, "CREATE") ? GRANT_HARMLESS : GRANT_DANGEROUS;
    }
    if (begins(resource, "<all roles>", &rest) || begins(resource, "<role ", &rest)) {
        return GRANT_DANGEROUS;
    }
    if (begins(resource, "<all mbeans>", &rest) || begins(resource, "<mbean ", &rest)) {
        return GRANT_NEEDLESS;
    }
    if (!keyspace_of(resource, &rest)) return GRANT_HARMLESS;
    if (bytes_eq_text(rest, "system_auth")) return GRANT_DANGEROUS;
    return statement_is_system_keyspace(rest) ? GRANT_NEEDLESS : GRANT_HARMLESS;
}
