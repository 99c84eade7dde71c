#include "statement/need.h"

enum need_on { ON_TABLE, ON_NAMED, ON_ALL, ON_KEYSPACE };
enum need_when { WHEN_ALWAYS, WHEN_CONDITIONAL, WHEN_MAIN };

struct requirement {
    uint8_t kind;
    uint8_t role;
    uint8_t on;
    uint8_t when;
    uint8_t action;
    uint8_t or_action;
};

static const struct requirement requirements[] = {
#define REQUIRE(kind, role, on, when, action, or_action, cassandra)                                \
    {STATEMENT_##kind, PARSER_##role,      ON_##on,                                                \
     WHEN_##when,      ACTION_DB_##action, ACTION_DB_##or_action},
#include "statement/requirement.def"
#undef REQUIRE
};

enum { REQUIREMENTS = sizeof requirements / sizeof requirements[0], NEEDS_FIRST = 4 };

static bool is_same(const struct statement_need *a, const struct statement_need *b)
{
    return a->action == b->action && a->never == b->never && a->table_any == b->table_any &&
           bytes_eq(a->keyspace, b->keyspace) && bytes_eq(a->table, b->table) &&
           bytes_eq(a->named, b->named);
}

/* The list's room is a power of two from NEEDS_FIRST on. */
static err make_room(struct arena *arena, struct statement *out)
{
    const size_t n = out->needs_n;
    if (n && (n < NEEDS_FIRST || (n & (n - 1)))) return DONE;
    const size_t size = n < NEEDS_FIRST ? NEEDS_FIRST : 2 * n;
    struct statement_need *list = arena_take_array(arena, size, sizeof *list);
    if (!list) return FAIL(NO_MEMORY);
    if (n) memcpy(list, out->needs, n * sizeof *list);
    out->needs = list;
    return DONE;
}

enum { DUPLICATES_SEARCHED = 64 };

err need_add(struct arena *arena, struct statement *out, const struct statement_need *need)
{
    const size_t n = out->needs_n;
    for (size_t i = n > DUPLICATES_SEARCHED ? n - DUPLICATES_SEARCHED : 0; i < n; i++) {
        if (is_same(&out->needs[i], need)) return DONE;
    }
    TRY(make_room(arena, out));
    ((struct statement_need *)(uintptr_t)out->needs)[out->needs_n++] = *need;
    return DONE;
}

/* A view stands for its base, an index for its table. */
static void set_table(struct statement_need *need, const struct resolve_name *n)
{
    const bool owned = n->entry && n->entry->owner;
    need->table = owned ? n->entry->owner->name : n->name;
    need->named = n->name;
}

/* Missing things whose table nobody knows: what is asked cannot be said, so nobody has it. */
static bool is_lost(const struct requirement *q, const struct resolve_name *n)
{
    if (q->role == PARSER_FUNCTION || q->role == PARSER_INDEX) return n->missing;
    const bool view = q->kind == STATEMENT_ALTER_VIEW || q->kind == STATEMENT_DROP_VIEW;
    return view && q->on == ON_TABLE && !(n->entry && n->entry->view);
}

static err add(const struct resolve *r, struct statement *out, const struct requirement *q,
               const struct resolve_name *n)
{
    struct statement_need need = {.action = (enum action)q->action,
                                  .or_action = (enum action)q->or_action,
                                  .keyspace = n->keyspace};
    switch ((enum need_on)q->on) {
    case ON_TABLE: set_table(&need, n); break;
    case ON_NAMED: need.table = need.named = n->name; break;
    case ON_ALL: need.table = need.named = BYTES("*"); need.table_any = true; break;
    case ON_KEYSPACE: break;
    }
    need.never = statement_is_system_keyspace(n->keyspace) || is_lost(q, n);
    return need_add(r->arena, out, &need);
}

static bool applies(const struct resolve *r, const struct requirement *q, uint32_t i)
{
    const struct parser_ref *ref = &r->parsed->refs[i];
    const struct parser_part *part = &r->parsed->parts[ref->part];
    if (q->kind != part->kind || q->role != ref->role) return false;
    if (q->when == WHEN_MAIN) return i == 0;
    return q->when == WHEN_ALWAYS || part->conditional;
}

bool need_is_guarded(const struct parser_statement *p)
{
    const struct token *t = p->tokens;
    return p->tokens_n > 3 && t[2].type == K_IF && t[3].type == K_EXISTS;
}

/* What is dropped or altered by its very name may be missing: the node says so to who may do it. */
static bool may_be_missing(const struct parser_statement *p)
{
    const bool named = p->kind == STATEMENT_DROP_TABLE || p->kind == STATEMENT_ALTER_TABLE;
    return (named && need_is_guarded(p)) || p->kind == STATEMENT_DROP_KEYSPACE ||
           p->kind == STATEMENT_ALTER_KEYSPACE || p->kind == STATEMENT_DROP_TYPE;
}

static bool is_unknown(const struct resolve *r, uint32_t i)
{
    const struct resolve_name *n = &r->names[i];
    return n->missing && r->parsed->refs[i].role != PARSER_TYPE && !may_be_missing(r->parsed) &&
           !statement_is_system_keyspace(n->keyspace);
}

/* Scylla keeps a table's changes in another one beside it: who reads those reads the table. */
static err add_log(const struct resolve *r, struct statement *out, uint32_t i)
{
    const bytes suffix = BYTES("_scylla_cdc_log");
    const struct resolve_name *n = &r->names[i];
    if (r->parsed->refs[i].role != PARSER_TABLE || n->name.n <= suffix.n) return DONE;
    const size_t stem = n->name.n - suffix.n;
    if (!bytes_eq(bytes_part(n->name, stem, suffix.n), suffix)) return DONE;
    const struct statement_need need = {.action = ACTION_DB_TABLE_SELECT,
                                        .or_action = ACTION_DB_TABLE_SELECT,
                                        .keyspace = n->keyspace,
                                        .table = bytes_part(n->name, 0, stem),
                                        .named = n->name};
    return need_add(r->arena, out, &need);
}

static err add_ref(const struct resolve *r, struct statement *out, uint32_t i)
{
    const struct resolve_name *n = &r->names[i];
    if (r->parsed->refs[i].role == PARSER_FUNCTION && n->native && !n->entry) return DONE;
    out->unknown_relation |= is_unknown(r, i);
    for (size_t q = 0; q < REQUIREMENTS; q++) {
        if (applies(r, &requirements[q], i)) TRY(add(r, out, &requirements[q], n));
    }
    return r->parsed->kind == STATEMENT_SELECT ? add_log(r, out, i) : DONE;
}

/* Tables first, then functions: a denial names the first that is lacking. */
err need_list(const struct resolve *r, struct statement *out)
{
    const struct parser_statement *p = r->parsed;
    for (unsigned functions = 0; functions < 2; functions++) {
        for (uint32_t i = 0; i < p->refs_n; i++) {
            if ((p->refs[i].role == PARSER_FUNCTION) == functions) TRY(add_ref(r, out, i));
        }
    }
    return DONE;
}

err need_of(const struct resolve *r, struct statement *out, enum statement_kind kind,
            enum parser_role role, const struct resolve_name *name)
{
    out->unknown_relation |= name->missing && !statement_is_system_keyspace(name->keyspace);
    for (size_t q = 0; q < REQUIREMENTS; q++) {
        const struct requirement *row = &requirements[q];
        if (row->kind == kind && row->role == role) TRY(add(r, out, row, name));
    }
    return DONE;
}
