/* CQL sessions: opening one, and deciding its statements. A worker keeps, per role set and database,
 * the numbers of statements that were allowed. They are dropped when the role set was compiled again
 * or the schema has changed, so nothing has to be found and erased. */
#include "gate/gate_room.h"

#include "base/check.h"
#include "base/list.h"
#include "model/permit_issue.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    BUCKETS = 1024,
    FIRST_PLACES = 64
};

struct gate_decisions {
    struct list link;            /* in its bucket */
    uint32_t sessions;           /* that use it */
    uint32_t role_set;
    struct uuid database;
    uint64_t set_version;
    uint64_t schema_version;
    bool open;                   /* db-cql is still among what the set allows */
    uint64_t *allowed;           /* statement numbers + 1, by their low bits; 0: empty */
    size_t places;               /* a power of two, or 0 */
    size_t used;
};

struct gate_worker {
    struct gate *gate;
    struct list buckets[BUCKETS];
};

static_assert(sizeof(struct gate_permit_storage) >= PERMIT_STATEMENT_SIZE, "a permit fits");

err gate_worker_new(struct gate *g, struct gate_worker **out)
{
    struct gate_worker *w = malloc(sizeof *w);
    if (!w) return FAIL(NO_MEMORY);
    w->gate = g;
    for (size_t i = 0; i < BUCKETS; i++) list_init(&w->buckets[i]);
    *out = w;
    return DONE;
}

struct gate *gate_of_worker(const struct gate_worker *w)
{
    return w->gate;
}

static void free_decisions(struct gate_decisions *d)
{
    list_remove(&d->link);
    free(d->allowed);
    free(d);
}

void gate_worker_free(struct gate_worker *w)
{
    if (!w) return;
    for (size_t i = 0; i < BUCKETS; i++) {
        for (struct list *l; (l = list_first(&w->buckets[i]));) {
            free_decisions(LIST_OF(l, struct gate_decisions, link));
        }
    }
    free(w);
}

/* --- opening and closing --- */

static struct list *bucket_of(struct gate_worker *w, uint32_t role_set, const struct uuid *database)
{
    return &w->buckets[(role_set ^ (uint32_t)database->b[0] << 2 ^ database->b[1]) % BUCKETS];
}

static struct gate_decisions *take_decisions(struct gate_worker *w, uint32_t role_set,
                                             const struct uuid *database)
{
    struct list *bucket = bucket_of(w, role_set, database);
    for (struct list *l = bucket->next; l != bucket; l = l->next) {
        struct gate_decisions *d = LIST_OF(l, struct gate_decisions, link);
        if (d->role_set != role_set || !uuid_eq(&d->database, database)) continue;
        d->sessions++;
        return d;
    }
    struct gate_decisions *d = calloc(1, sizeof *d);
    if (!d) return NULL;
    d->role_set = role_set;
    d->database = *database;
    d->sessions = 1;
    list_add_first(bucket, &d->link);
    return d;
}

static err refuse_login(const struct gate *g, struct call *call, const struct resource *on,
                        const char *reason)
{
    char drn[GATE_DRN_SIZE];
    gate_write_drn(on, drn);
    gate_note_refusal(call, REFUSAL_DATABASE);
    gate_record(g, call,
                &(struct gate_event){.name = "cql.login",
                                     .outcome = "refused",
                                     .action = ACTION_DB_CQL,
                                     .on = drn,
                                     .reason = reason});
    return note_fail(&call->note, FAIL(TOKEN_NO_LOGIN), "User %s %s (missing %s on %s)",
                     call->who.name, reason, action_name(ACTION_DB_CQL), drn);
}

static err refuse_address(const struct gate *g, struct call *call, const struct resource *on)
{
    char drn[GATE_DRN_SIZE];
    gate_write_drn(on, drn);
    gate_note_refusal(call, REFUSAL_DATABASE_ADDRESS);
    gate_record(g, call,
                &(struct gate_event){.name = "cql.login",
                                     .outcome = "refused",
                                     .action = ACTIONS,
                                     .on = drn,
                                     .reason = "outside of the database's access list"});
    return note_fail(&call->note, FAIL(TOKEN_NO_LOGIN),
                     "User %s may not come from %s: the address is not in the access list of %s",
                     call->who.name, call->peer, drn);
}

static err check_login(const struct gate *g, struct call *call, const struct uuid *database,
                       const struct resource *on)
{
    const struct principal *who = &call->who;
    const struct record_database *d = snapshot_database(index_snapshot(g->index), database);
    if (who->kind != PRINCIPAL_TOKEN) return refuse_login(g, call, on, "is not a token");
    if (who->enterprise) {
        return refuse_login(g, call, on, "is an enterprise token, which opens no database");
    }
    const struct ask ask = {ACTION_DB_CQL, *on};
    if (!d || !uuid_eq(&d->organization, &who->scope) || !gate_decide(g, who, &ask)) {
        return refuse_login(g, call, on, "has no permission to open a CQL session on this database");
    }
    if (!gate_is_inside(g, call, database)) return refuse_address(g, call, on);
    return DONE;
}

err gate_open_session(struct gate_worker *w, struct call *call, const struct uuid *database,
                      struct gate_session *out)
{
    const struct resource on = resource_database(&call->who.scope, database);
    if (!gate_is_live(w->gate, &call->who, call->now_ms)) {
        return note_fail(&call->note, FAIL(TOKEN_UNKNOWN), "the token has ended");
    }
    TRY(check_login(w->gate, call, database, &on));
    struct gate_decisions *d = take_decisions(w, call->who.role_set, database);
    if (!d) return FAIL(NO_MEMORY);
    char text[UUID_TEXT + 1];
    uuid_text(database, text);
    gate_record(w->gate, call,
                &(struct gate_event){.name = "cql.login",
                                     .outcome = "done",
                                     .subject = bytes_of_text(text),
                                     .action = ACTIONS});
    *out = (struct gate_session){.who = call->who, .database = *database, .decisions = d};
    return DONE;
}

void gate_close_session(struct gate_worker *w, struct gate_session *s)
{
    (void)w;
    if (!s->decisions) return;
    if (--s->decisions->sessions == 0) free_decisions(s->decisions);
    *s = (struct gate_session){0};
}

bool gate_session_is_live(const struct gate_worker *w, const struct gate_session *s, int64_t now_ms)
{
    return now_ms < s->who.valid_until_ms &&
           index_is_live(w->gate->index, s->who.live, s->who.live_word);
}

/* --- deciding --- */

static struct resource need_resource(const struct gate_session *s, const struct statement_need *need)
{
    if (need->keyspace.n == 0) return resource_database(&s->who.scope, &s->database);
    if (need->table.n == 0 && !need->table_any) {
        return resource_keyspace(&s->who.scope, &s->database, need->keyspace);
    }
    struct resource r = resource_table(&s->who.scope, &s->database, need->keyspace, need->table);
    r.table_any = need->table_any;
    if (r.table_any) r.table = (bytes){0};
    return r;
}

static bool may_need(const struct role_set *set, const struct gate_session *s,
                     const struct statement_need *need)
{
    if (need->never) return false;
    const struct resource on = need_resource(s, need);
    return role_set_allows(set, need->action, &on) || role_set_allows(set, need->or_action, &on);
}

/* The first need that is not met; NULL: all are. */
static const struct statement_need *find_missing(const struct role_set *set,
                                                 const struct gate_session *s,
                                                 const struct gate_statement *statement)
{
    for (size_t i = 0; i < statement->needs_n; i++) {
        if (!may_need(set, s, &statement->needs[i])) return &statement->needs[i];
    }
    return NULL;
}

/* Drops what was decided under other versions. */
static void follow_versions(struct gate_decisions *d, const struct role_set *set,
                            const struct uuid *scope, uint64_t schema_version)
{
    if (d->set_version == set->version && d->schema_version == schema_version) return;
    const struct resource database = resource_database(scope, &d->database);
    if (d->allowed) memset(d->allowed, 0, d->places * sizeof *d->allowed);
    d->used = 0;
    d->open = role_set_allows(set, ACTION_DB_CQL, &database);
    d->set_version = set->version;
    d->schema_version = schema_version;
}

static uint64_t *place_of(const struct gate_decisions *d, uint64_t number)
{
    return &d->allowed[number & (d->places - 1)];
}

static bool was_allowed(const struct gate_decisions *d, uint64_t number)
{
    return d->places && *place_of(d, number) == number + 1;
}

/* Without memory it is decided again next time. */
static void widen(struct gate_decisions *d)
{
    struct gate_decisions wider = *d;
    wider.places = d->places ? d->places * 2 : FIRST_PLACES;
    wider.allowed = calloc(wider.places, sizeof *wider.allowed);
    if (!wider.allowed) return;
    for (size_t i = 0; i < d->places; i++) {
        if (d->allowed[i]) *place_of(&wider, d->allowed[i] - 1) = d->allowed[i];
    }
    free(d->allowed);
    *d = wider;
}

/* A place holds the newest of the numbers that fall on it. */
static void remember_allowed(struct gate_decisions *d, uint64_t number)
{
    if (d->used * 2 >= d->places && d->places < GATE_DECISIONS_MAX) widen(d);
    if (!d->places) return;
    uint64_t *at = place_of(d, number);
    if (!*at) d->used++;
    *at = number + 1;
}

/* No role would help, so none is named. */
static err refuse_system_table(const struct gate_session *s, const struct statement_need *need,
                               struct note *note)
{
    struct arena arena;
    arena_init(&arena, 1 << 16);
    const bytes target = statement_target(need, &arena);
    const err e = note_fail(note, FAIL(NOT_ALLOWED),
                            "User %s has no %s permission on %.*s or any of its parents (no token "
                            "has%s%s)",
                            s->who.name, statement_permission(need->action),
                            BYTES_FMT(bytes_part(target, 0, 120)), need->instead ? "; ask for " : "",
                            need->instead ? need->instead : "");
    arena_drop(&arena);
    return e;
}

/* Decisions section 6: only names that the statement itself used. */
static err refuse_statement(const struct gate_session *s, const struct statement_need *need,
                            struct note *note)
{
    if (need->bare) {
        return note_fail(note, FAIL(NOT_ALLOWED),
                         "User %s has no %s permission on <%.*s> or any of its parents (missing %s "
                         "or %s)",
                         s->who.name, statement_permission(need->action),
                         BYTES_FMT(bytes_part(need->named, 0, 120)),
                         action_name(ACTION_DB_KEYSPACE_DESCRIBE),
                         action_name(ACTION_DB_TABLE_DESCRIBE));
    }
    if (need->never && statement_is_system_keyspace(need->keyspace)) {
        return refuse_system_table(s, need, note);
    }
    struct arena arena;
    arena_init(&arena, 1 << 16);
    const bytes target = statement_target(need, &arena);
    char drn[GATE_DRN_SIZE];
    struct resource on = need_resource(s, need);
    if (need->named.n && !need->table_any) {
        on = resource_table(&s->who.scope, &s->database, need->keyspace, need->named);
    }
    gate_write_drn(&on, drn);
    const err e = note_fail(note, FAIL(NOT_ALLOWED),
                            "User %s has no %s permission on %.*s or any of its parents (missing %s "
                            "on %s)",
                            s->who.name, statement_permission(need->action),
                            BYTES_FMT(bytes_part(target, 0, 120)), action_name(need->action),
                            drn);
    arena_drop(&arena);
    return e;
}

static err decide(const struct role_set *set, const struct gate_session *s,
                  const struct gate_statement *statement, struct note *note)
{
    const bool numbered = statement->number != GATE_UNNUMBERED;
    if (numbered && was_allowed(s->decisions, statement->number)) return DONE;
    const struct statement_need *missing = find_missing(set, s, statement);
    if (numbered && !missing) remember_allowed(s->decisions, statement->number);
    return missing ? refuse_statement(s, missing, note) : DONE;
}

err gate_admit(struct gate_worker *w, const struct gate_session *s,
               const struct gate_statement *statement, uint64_t schema_version, int64_t now_ms,
               struct gate_permit_storage *storage, const struct permit **out, struct note *note)
{
    if (!gate_session_is_live(w, s, now_ms)) {
        return note_fail(note, FAIL(TOKEN_UNKNOWN), "the session's token has ended");
    }
    const struct role_set *set = index_role_set(w->gate->index, s->who.role_set);
    if (!set) return note_fail(note, FAIL(NOT_ALLOWED), "the token has no roles");
    follow_versions(s->decisions, set, &s->who.scope, schema_version);
    if (!s->decisions->open) {
        return note_fail(note, FAIL(TOKEN_NO_LOGIN), "the token may not open this database any more");
    }
    TRY(decide(set, s, statement, note));
    *out = permit_issue_statement(storage->room, &s->who, statement->number);
    return DONE;
}

bool gate_session_sees(const struct gate_worker *w, const struct gate_session *s, bytes keyspace,
                       bytes table)
{
    const struct role_set *set = index_role_set(w->gate->index, s->who.role_set);
    if (!set) return false;
    if (table.n) {
        const struct resource on = resource_table(&s->who.scope, &s->database, keyspace, table);
        return role_set_allowed(set, &on) != 0;
    }
    const struct resource on = resource_keyspace(&s->who.scope, &s->database, keyspace);
    return role_set_allowed(set, &on) != 0 ||
           role_set_in_keyspace(set, &s->database, keyspace) != 0;
}

bool gate_session_describes(const struct gate_worker *w, const struct gate_session *s,
                            bytes keyspace)
{
    const struct role_set *set = index_role_set(w->gate->index, s->who.role_set);
    const struct resource on = resource_keyspace(&s->who.scope, &s->database, keyspace);
    return set && (role_set_allows(set, ACTION_DB_KEYSPACE_DESCRIBE, &on) ||
                   role_set_allows(set, ACTION_DB_ALL_KEYSPACE_DESCRIBE, &on));
}
