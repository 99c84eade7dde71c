/* Counting as the rows come, then words. */
#include "api/policy_summary.h"

static const action_set schema_actions =
    UINT64_C(1) << ACTION_DB_ALL_KEYSPACE_CREATE | UINT64_C(1) << ACTION_DB_KEYSPACE_CREATE |
    UINT64_C(1) << ACTION_DB_KEYSPACE_ALTER | UINT64_C(1) << ACTION_DB_KEYSPACE_DROP |
    UINT64_C(1) << ACTION_DB_TABLE_CREATE | UINT64_C(1) << ACTION_DB_TABLE_ALTER |
    UINT64_C(1) << ACTION_DB_TABLE_DROP;

bool policy_summary_reads(action_set allowed)
{
    return allowed & action_bit(ACTION_DB_TABLE_SELECT);
}

bool policy_summary_writes(action_set allowed)
{
    return allowed & action_bit(ACTION_DB_TABLE_MODIFY);
}

bool policy_summary_changes(action_set allowed)
{
    return allowed & schema_actions;
}

static size_t size_of(action_set set)
{
    size_t n = 0;
    for (; set; set &= set - 1) n++;
    return n;
}

static void count_change(struct policy_summary *s, action_set allowed)
{
    if (!policy_summary_changes(allowed) || s->in_changed) return;
    s->changed++;
    s->in_changed = true;
}

static void add_table(struct policy_summary *s, action_set allowed)
{
    const bool reads = policy_summary_reads(allowed);
    const bool writes = policy_summary_writes(allowed);
    s->tables++;
    s->read += reads;
    s->written += writes;
    s->unreached += (reads || writes) && !s->in_login;
    count_change(s, allowed);
}

void policy_summary_add(struct policy_summary *s, const struct resource *on, action_set allowed)
{
    switch (on->level) {
    case LEVEL_ENTERPRISE:
    case LEVEL_ORGANIZATION:
        s->enterprise = on->level == LEVEL_ENTERPRISE;
        s->scope = size_of(allowed);
        s->scope_all = size_of(action_of_level(on->level));
        return;
    case LEVEL_DATABASE:
        if (on->id_any) {
            s->creates = allowed & action_bit(ACTION_ORG_DB_CREATE);
            return;
        }
        s->databases++;
        s->in_login = allowed & action_bit(ACTION_DB_CQL);
        s->logs_in += s->in_login;
        return;
    case LEVEL_KEYSPACE:
        s->keyspaces++;
        s->in_changed = false;
        count_change(s, allowed);
        return;
    case LEVEL_TABLE:
        add_table(s, allowed);
        return;
    case LEVEL_ROLE:
    case LEVEL_STREAM:
    case LEVELS:
        return;
    }
}

/* "3 of 12 tables", "all 12 tables", "the only table". */
static void write_share(struct wr *w, size_t n, size_t all, const char *what)
{
    if (n == all && all == 1) {
        wr_format(w, "the only %s", what);
    } else if (n == all) {
        wr_format(w, "all %zu %ss", all, what);
    } else {
        wr_format(w, "%zu of %zu %s%s", n, all, what, all == 1 ? "" : "s");
    }
}

static void write_part(struct wr *w, size_t *parts, const char *verb, size_t n, size_t all,
                       const char *what)
{
    if (n == 0) return;
    wr_format(w, "%s%s ", (*parts)++ ? ", " : "It ", verb);
    write_share(w, n, all, what);
}

void policy_summary_write(const struct policy_summary *s, bool truncated, struct wr *w)
{
    size_t parts = 0;
    write_part(w, &parts, "logs in to", s->logs_in, s->databases, "database");
    write_part(w, &parts, "reads", s->read, s->tables, "table");
    write_part(w, &parts, "writes", s->written, s->tables, "table");
    write_part(w, &parts, "changes the schema of", s->changed, s->keyspaces, "keyspace");
    write_part(w, &parts, "holds", s->scope, s->scope_all, "permission");
    if (s->scope) wr_text(w, s->enterprise ? " of the enterprise" : " of the organization");
    if (s->creates) wr_format(w, "%sregisters databases", parts++ ? ", " : "It ");
    if (parts == 0) wr_text(w, "It may do nothing with what there is");
    if (s->unreached) {
        wr_format(w, "; drivers do not reach %zu of these tables, for db-cql on the database is "
                     "missing", s->unreached);
    }
    if (truncated) wr_text(w, "; there is more than was looked at");
    wr_u8(w, '.');
}
