/* Words: names as CQL means them, and permissions as Cassandra says them. */
#include "base/err.h"
#include "cql/parser.h"
#include "statement/resolve.h"
#include "statement/rewrite.h"
#include "statement/statement.h"

err statement_fold_name(bytes identifier, struct arena *arena, bytes *out)
{
    struct lexer_tokens tokens;
    struct note note;
    TRY(lexer_read(identifier, arena, &tokens, &note));
    const struct token *t = tokens.list;
    const bool name = t->type == TOKEN_IDENT || t->type == TOKEN_QUOTED_NAME ||
                      t->class >= KEYWORD_BASIC;
    if (tokens.n != 1 || !name) return FAIL(CQL_SYNTAX);
    *out = arena_copy(arena, resolve_fold(identifier, t, arena));
    return arena->bad ? FAIL(NO_MEMORY) : DONE;
}

bytes statement_quote_name(bytes name, struct arena *arena)
{
    return rewrite_quote(name, arena);
}

bool statement_is_system_keyspace(bytes keyspace)
{
    static const char *const whole[] = {"system", "dse", "dsefs", "solr_admin"};
    for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++) {
        if (bytes_eq_nocase(keyspace, bytes_of_text(whole[i]))) return true;
    }
    return bytes_eq_nocase(bytes_part(keyspace, 0, 7), BYTES("system_")) ||
           bytes_eq_nocase(bytes_part(keyspace, 0, 4), BYTES("dse_"));
}

const char *statement_permission(enum action action)
{
    static const struct {
        enum action action;
        const char *word;
    } words[] = {
        {ACTION_DB_TABLE_SELECT, "SELECT"},        {ACTION_DB_TABLE_MODIFY, "MODIFY"},
        {ACTION_DB_TABLE_CREATE, "CREATE"},        {ACTION_DB_TABLE_ALTER, "ALTER"},
        {ACTION_DB_TABLE_DROP, "DROP"},            {ACTION_DB_TABLE_DESCRIBE, "DESCRIBE"},
        {ACTION_DB_KEYSPACE_CREATE, "CREATE"},     {ACTION_DB_ALL_KEYSPACE_CREATE, "CREATE"},
        {ACTION_DB_KEYSPACE_ALTER, "ALTER"},       {ACTION_DB_KEYSPACE_DROP, "DROP"},
        {ACTION_DB_KEYSPACE_DESCRIBE, "DESCRIBE"}, {ACTION_DB_ALL_KEYSPACE_DESCRIBE, "DESCRIBE"},
        {ACTION_DB_KEYSPACE_MODIFY, "MODIFY"},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (words[i].action == action) return words[i].word;
    }
    return "AUTHORIZE";
}

bytes statement_target(const struct statement_need *need, struct arena *arena)
{
    char *text;
    if (!need->keyspace.n) {
        text = arena_format(arena, "<all keyspaces>");
    } else if (need->table_any) {
        text = arena_format(arena, "<all tables in %.*s>", BYTES_FMT(need->keyspace));
    } else if (need->named.n) {
        text = arena_format(arena, "<table %.*s.%.*s>", BYTES_FMT(need->keyspace),
                            BYTES_FMT(need->named));
    } else {
        text = arena_format(arena, "<keyspace %.*s>", BYTES_FMT(need->keyspace));
    }
    return bytes_of_text(text);
}
