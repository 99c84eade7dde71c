/* Questions that others ask about a credential: whose it is, and what its holder may do. */
#include "gate/gate_room.h"

bool gate_examine(struct gate *g, const struct call *call, const struct credential *cred,
                  struct principal *out)
{
    const struct gate_keys *k = atomic_load_explicit(&g->keys, memory_order_acquire);
    if (!k || (cred->kind != CREDENTIAL_TOKEN && cred->kind != CREDENTIAL_PAIR)) return false;
    if (identity_find(g->index, &k->keys, g->prefixes, g->prefixes_n, cred, call->now_ms, out,
                      NULL) == IDENTITY_OK) {
        return true;
    }
    *out = (struct principal){0};
    return false;
}

static bool is_in_database(enum level level)
{
    return level == LEVEL_DATABASE || level == LEVEL_KEYSPACE || level == LEVEL_TABLE;
}

/* A question about every database is one about each. */
static bool is_inside_all(const struct gate *g, const struct call *call, const struct uuid *scope)
{
    const struct snapshot_list all = snapshot_databases(index_snapshot(g->index), scope);
    for (size_t i = 0; i < all.n; i++) {
        if (!gate_is_inside(g, call, &all.records[i]->of.database.id)) return false;
    }
    return true;
}

static bool is_asked_from_inside(const struct gate *g, const struct call *call, const struct ask *ask)
{
    if (!is_in_database(ask->on.level)) return true;
    if (ask->on.id_any) return is_inside_all(g, call, &ask->on.scope);
    return gate_is_inside(g, call, &ask->on.id);
}

static void record_refusal(const struct gate *g, const struct call *call,
                           const struct principal *who, const struct ask *ask, const char *reason)
{
    char drn[GATE_DRN_SIZE];
    gate_write_drn(&ask->on, drn);
    gate_record(g, call,
                &(struct gate_event){.name = "question.refused",
                                     .outcome = "refused",
                                     .subject = bytes_of_text(who->name),
                                     .action = ask->action,
                                     .on = drn,
                                     .reason = reason});
}

bool gate_answer(const struct gate *g, const struct call *call, const struct principal *who,
                 const struct ask *ask, const char **why)
{
    *why = NULL;
    if (!gate_is_live(g, who, call->now_ms)) {
        *why = "the token has ended";
    } else if (!gate_decide(g, who, ask)) {
        *why = "missing permission";
    } else if (!is_asked_from_inside(g, call, ask)) {
        *why = "outside of the database's access list";
    }
    if (*why) record_refusal(g, call, who, ask, *why);
    return !*why;
}
