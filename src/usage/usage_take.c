/* Taking what was counted: everything of an entry or nothing of it. */
#include "usage/usage_count_own.h"

static bool is_clean(const struct usage_entry *e)
{
    return !e->statements && !e->logins && !e->refusals && !e->used_ms && !e->sessions_delta &&
           !e->touched;
}

static bool take_tables(struct usage_entry *e, struct arena *a, struct usage_delta *d)
{
    for (struct usage_table *t = e->touched; t; t = t->next_touched) {
        struct usage_delta_table *row = arena_take(a, sizeof *row);
        if (!row) return false;
        row->keyspace = arena_copy(a, bytes_of(t->names, t->keyspace_n));
        row->table = arena_copy(a, bytes_of(t->names + t->keyspace_n, t->name_n));
        row->reads = t->reads;
        row->writes = t->writes;
        row->next = d->tables;
        d->tables = row;
    }
    return !a->bad;
}

/* After this nothing can fail. */
static void reset(struct usage_entry *e)
{
    for (struct usage_table *t = e->touched; t;) {
        struct usage_table *next = t->next_touched;
        t->touched = false;
        t->next_touched = NULL;
        t->reads = t->writes = 0;
        t = next;
    }
    e->touched = NULL;
    e->statements = e->used_ms = 0;
    e->logins = e->refusals = 0;
    e->sessions_delta = 0;
    memset(e->refused, 0, sizeof e->refused);
}

static struct usage_delta *take_one(struct usage_entry *e, int64_t now_ms, struct arena *a)
{
    struct usage_delta *d = arena_take(a, sizeof *d);
    if (!d) return NULL;
    const struct usage_who *who = e->who ? e->who : &e->left;
    *d = (struct usage_delta){.scope = e->scope,
                              .database = e->database,
                              .used_ms = e->statements ? now_ms : e->used_ms,
                              .logins = e->logins,
                              .statements = e->statements,
                              .sessions = e->sessions_delta,
                              .refusals = e->refusals};
    memcpy(d->refused, e->refused, sizeof d->refused);
    d->client_id = arena_copy(a, usage_count_id(e));
    d->from = arena_copy(a, bytes_of_text(who->from));
    d->by = arena_copy(a, bytes_of_text(who->by));
    return take_tables(e, a, d) ? d : NULL;
}

/* False: no memory, and everything is as it was. */
static bool take_entry(struct usage_entry *e, int64_t now_ms, struct arena *a,
                       struct usage_delta **out)
{
    usage_count_settle(e);
    if (is_clean(e)) return true;
    struct usage_delta *d = take_one(e, now_ms, a);
    if (!d) return false;
    d->next = *out;
    *out = d;
    reset(e);
    return true;
}

bool usage_count_take(struct usage_count *c, int64_t now_ms, struct arena *a,
                      struct usage_delta **out)
{
    if (c->todo == 0) c->todo = c->n;
    for (size_t i = 0; i < USAGE_COUNT_TAKE && c->todo > 0; i++, c->todo--) {
        struct usage_entry *e = LIST_OF(c->entries.next, struct usage_entry, link);
        if (!take_entry(e, now_ms, a, out)) {
            c->todo = 0;
            return false;
        }
        list_remove(&e->link);
        list_add_last(&c->entries, &e->link);
        if (e->sessions == 0) usage_count_free_entry(e);
    }
    return c->todo > 0;
}
