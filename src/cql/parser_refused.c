/* The kinds that are never forwarded, known by their first words. */
#include "cql/grammar.h"

static bool says(const struct grammar *g, uint32_t ahead, const char *word)
{
    if (grammar_peek(g, ahead) == TOKEN_END) return false;
    return bytes_eq_nocase(lexer_text(g->text, &g->t[g->i + ahead]), bytes_of_text(word));
}

struct refusal {
    const char *first;
    const char *second;    /* NULL: any, or none */
    enum statement_kind kind;
};

static const struct refusal refusals[] = {
    {"create", "trigger", STATEMENT_CREATE_TRIGGER},
    {"drop", "trigger", STATEMENT_DROP_TRIGGER},
    {"create", "role", STATEMENT_CREATE_ROLE},
    {"alter", "role", STATEMENT_ALTER_ROLE},
    {"drop", "role", STATEMENT_DROP_ROLE},
    {"create", "user", STATEMENT_CREATE_USER},
    {"create", "generated", STATEMENT_CREATE_ROLE},
    {"alter", "user", STATEMENT_ALTER_USER},
    {"drop", "user", STATEMENT_DROP_USER},
    {"grant", NULL, STATEMENT_GRANT},
    {"revoke", NULL, STATEMENT_REVOKE},
    {"list", "roles", STATEMENT_LIST_ROLES},
    {"list", "users", STATEMENT_LIST_USERS},
    {"list", "superusers", STATEMENT_LIST_SUPERUSERS},
    {"list", "service", STATEMENT_SERVICE_LEVEL},
    {"list", NULL, STATEMENT_LIST_PERMISSIONS},
    {"add", "identity", STATEMENT_ADD_IDENTITY},
    {"drop", "identity", STATEMENT_DROP_IDENTITY},
    {"begin", "transaction", STATEMENT_TRANSACTION},
    {"start", "transaction", STATEMENT_TRANSACTION},
    {"commit", "transaction", STATEMENT_TRANSACTION},
    {"comment", "on", STATEMENT_COMMENT_ON},
    {"security", "label", STATEMENT_SECURITY_LABEL},
    {"create", "service", STATEMENT_SERVICE_LEVEL},
    {"alter", "service", STATEMENT_SERVICE_LEVEL},
    {"drop", "service", STATEMENT_SERVICE_LEVEL},
    {"attach", "service", STATEMENT_SERVICE_LEVEL},
    {"detach", "service", STATEMENT_SERVICE_LEVEL},
    {"restrict", NULL, STATEMENT_RESTRICT},
    {"unrestrict", NULL, STATEMENT_RESTRICT},
    {"create", "search", STATEMENT_SEARCH_INDEX},
    {"alter", "search", STATEMENT_SEARCH_INDEX},
    {"drop", "search", STATEMENT_SEARCH_INDEX},
    {"reload", "search", STATEMENT_SEARCH_INDEX},
    {"rebuild", "search", STATEMENT_SEARCH_INDEX},
    {"commit", "search", STATEMENT_SEARCH_INDEX},
    {"prune", "materialized", STATEMENT_PRUNE_VIEW},
};

bool parser_refused(struct grammar *g)
{
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        const struct refusal *r = &refusals[i];
        if (!says(g, 0, r->first) || (r->second && !says(g, 1, r->second))) continue;
        g->out->kind = r->kind;
        return true;
    }
    return false;
}
