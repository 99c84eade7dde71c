#include "usage/usage_count_own.h"

#include "base/check.h"

#include <stdio.h>
#include <stdlib.h>

enum { FIRST_BUCKETS = 256, HARD_ENTRIES = 2 * USAGE_COUNT_ENTRIES };

err usage_count_new(struct usage_count **out)
{
    struct usage_count *c = calloc(1, sizeof *c);
    if (!c) return FAIL(NO_MEMORY);
    c->seed = hash_seed_new();
    c->buckets_n = FIRST_BUCKETS;
    c->buckets = calloc(c->buckets_n, sizeof(struct usage_entry *));
    list_init(&c->entries);
    if (!c->buckets) {
        free(c);
        return FAIL(NO_MEMORY);
    }
    *out = c;
    return DONE;
}

size_t usage_count_entries(const struct usage_count *c)
{
    return c->n;
}

/* --- entries --- */

static struct usage_entry **bucket_of(const struct usage_count *c, bytes client_id,
                                      const struct uuid *scope, const struct uuid *database)
{
    uint64_t h = client_id.n ? hash_bytes(c->seed, client_id)
                             : hash_bytes(c->seed, bytes_of(scope->b, sizeof scope->b));
    uint64_t d;
    memcpy(&d, database->b, sizeof d);
    return &c->buckets[(h ^ d) & (c->buckets_n - 1)];
}

bytes usage_count_id(const struct usage_entry *e)
{
    return bytes_of(e->client_id, e->others ? 0 : TOKEN_CLIENT_ID);
}

static struct usage_entry **bucket_of_entry(const struct usage_count *c, const struct usage_entry *e)
{
    return bucket_of(c, usage_count_id(e), &e->scope, &e->database);
}

/* Without memory the chains get longer. */
static void widen(struct usage_count *c)
{
    struct usage_entry **wider = calloc(c->buckets_n * 2, sizeof(struct usage_entry *));
    if (!wider) return;
    free(c->buckets);
    c->buckets = wider;
    c->buckets_n *= 2;
    for (struct list *at = c->entries.next; at != &c->entries; at = at->next) {
        struct usage_entry *e = LIST_OF(at, struct usage_entry, link);
        struct usage_entry **b = bucket_of_entry(c, e);
        e->next = *b;
        *b = e;
    }
}

void usage_count_free_entry(struct usage_entry *e)
{
    struct usage_count *c = e->count;
    struct usage_entry **at = bucket_of_entry(c, e);
    while (*at != e) at = &(*at)->next;
    *at = e->next;
    list_remove(&e->link);
    c->n--;
    c->tables_n -= e->tables_n;
    for (size_t i = 0; i < USAGE_COUNT_BUCKETS; i++) {
        for (struct usage_table *t = e->tables[i]; t;) {
            struct usage_table *next = t->next;
            free(t);
            t = next;
        }
    }
    free(e);
}

void usage_count_free(struct usage_count *c)
{
    if (!c) return;
    for (struct list *l; (l = list_first(&c->entries));) {
        usage_count_free_entry(LIST_OF(l, struct usage_entry, link));
    }
    free(c->buckets);
    free(c);
}

static struct usage_entry *make(struct usage_count *c, bytes client_id, const struct usage_key *key)
{
    if (c->n >= HARD_ENTRIES) return NULL;
    struct usage_entry *e = calloc(1, sizeof *e);
    if (!e) return NULL;
    if (c->n >= c->buckets_n) widen(c);
    e->count = c;
    e->others = client_id.n == 0;
    if (client_id.n) memcpy(e->client_id, client_id.p, client_id.n);
    e->scope = key->scope;
    e->database = key->database;
    struct usage_entry **b = bucket_of_entry(c, e);
    e->next = *b;
    *b = e;
    list_add_last(&c->entries, &e->link);
    c->n++;
    return e;
}

static struct usage_entry *find(const struct usage_count *c, bytes client_id,
                                const struct usage_key *key)
{
    struct usage_entry *e = *bucket_of(c, client_id, &key->scope, &key->database);
    while (e && !(bytes_eq(usage_count_id(e), client_id) && uuid_eq(&e->database, &key->database) &&
                  uuid_eq(&e->scope, &key->scope)))
        e = e->next;
    return e;
}

/* Over the cap the token is one of the others of its scope. */
static struct usage_entry *entry(struct usage_count *c, const struct usage_key *key)
{
    if (key->client_id.n != TOKEN_CLIENT_ID) return NULL;
    struct usage_entry *e = find(c, key->client_id, key);
    if (e) return e;
    if (c->n < USAGE_COUNT_ENTRIES) return make(c, key->client_id, key);
    e = find(c, (bytes){0}, key);
    return e ? e : make(c, (bytes){0}, key);
}

struct usage_entry *usage_count_enter(struct usage_count *c, const struct usage_key *key,
                                      const struct usage_who *who, int64_t now_ms)
{
    struct usage_entry *e = entry(c, key);
    if (!e) return NULL;
    e->sessions++;
    e->sessions_delta++;
    e->logins++;
    e->used_ms = now_ms;
    e->who = who;
    return e;
}

static void remember(struct usage_entry *e, const struct usage_who *who)
{
    if (who != &e->left) e->left = *who;
    e->who = NULL;
}

void usage_count_leave(struct usage_entry *e, const struct usage_who *who)
{
    CHECK(e->sessions > 0);
    e->sessions--;
    e->sessions_delta--;
    if (e->who == who) remember(e, who);
}

void usage_count_used(struct usage_count *c, const struct usage_key *key,
                      const struct usage_who *who, int64_t now_ms)
{
    struct usage_entry *e = entry(c, key);
    if (!e) return;
    e->used_ms = now_ms;
    remember(e, who);
}

void usage_count_refuse(struct usage_entry *e, enum refusal reason)
{
    CHECK(reason > REFUSAL_NONE && reason < REFUSALS);
    e->refused[reason]++;
    e->refusals++;
}

void usage_count_refused(struct usage_count *c, const struct usage_key *key, enum refusal reason)
{
    struct usage_entry *e = entry(c, key);
    if (e) usage_count_refuse(e, reason);
}

/* --- tables --- */

static bool is_table(const struct usage_table *t, bytes keyspace, bytes name)
{
    return bytes_eq(bytes_of(t->names, t->keyspace_n), keyspace) &&
           bytes_eq(bytes_of(t->names + t->keyspace_n, t->name_n), name);
}

/* Whoever chooses names has at most USAGE_COUNT_TABLES of them here: a plain hash is enough. */
static size_t bucket_of_table(bytes keyspace, bytes name)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < keyspace.n; i++) h = (h ^ keyspace.p[i]) * 16777619u;
    for (size_t i = 0; i < name.n; i++) h = (h ^ name.p[i]) * 16777619u;
    return (h ^ h >> 16) % USAGE_COUNT_BUCKETS;
}

static struct usage_table *table_new(struct usage_entry *e, size_t bucket, bytes keyspace, bytes name)
{
    struct usage_table *t = calloc(1, sizeof *t + keyspace.n + name.n);
    if (!t) return NULL;
    t->keyspace_n = (uint8_t)keyspace.n;
    t->name_n = (uint8_t)name.n;
    if (keyspace.n) memcpy(t->names, keyspace.p, keyspace.n);
    if (name.n) memcpy(t->names + keyspace.n, name.p, name.n);
    t->next = e->tables[bucket];
    e->tables[bucket] = t;
    e->tables_n++;
    e->count->tables_n++;
    return t;
}

static struct usage_table *table_of(struct usage_entry *e, bytes keyspace, bytes name)
{
    const bytes others = BYTES(USAGE_COUNT_OTHERS);
    const bool too_long = keyspace.n > USAGE_COUNT_NAME || name.n > USAGE_COUNT_NAME;
    const size_t bucket = bucket_of_table(keyspace, name);
    struct usage_table *t = too_long ? NULL : e->tables[bucket];
    while (t && !is_table(t, keyspace, name)) t = t->next;
    if (t) return t;
    const bool room = e->tables_n < USAGE_COUNT_TABLES && e->count->tables_n < USAGE_COUNT_TABLES_ALL;
    if (!too_long && room) return table_new(e, bucket, keyspace, name);
    const size_t last = bucket_of_table(others, others);
    t = e->tables[last];
    while (t && !is_table(t, others, others)) t = t->next;
    return t ? t : table_new(e, last, others, others);
}

static void touch(struct usage_entry *e, struct usage_table *t)
{
    if (t->touched) return;
    t->touched = true;
    t->next_touched = e->touched;
    e->touched = t;
}

static void add(struct usage_entry *e, struct usage_table *t, bool write, int64_t n)
{
    if (write) t->writes += n;
    else t->reads += n;
    touch(e, t);
}

void usage_count_table(struct usage_entry *e, bytes keyspace, bytes table, bool write)
{
    struct usage_table *t = table_of(e, keyspace, table);
    if (!t) return;
    if (!t->in_request && e->in_request_n >= USAGE_COUNT_REQUEST - 1) {
        t = table_of(e, BYTES(USAGE_COUNT_OTHERS), BYTES(USAGE_COUNT_OTHERS));
        if (!t) return;
    }
    t->in_request_write = write || (t->in_request && t->in_request_write);
    if (t->in_request) return;
    t->in_request = true;
    e->in_request[e->in_request_n++] = t;
}

/* What it counted becomes the table's. */
static void empty_slot(struct usage_entry *e, struct usage_slot *s)
{
    if (s->n) {
        add(e, s->table, s->write, s->n);
        e->statements += s->n;
    }
    s->n = 0;
}

void usage_count_settle(struct usage_entry *e)
{
    for (size_t i = 0; i < USAGE_COUNT_SLOTS; i++) empty_slot(e, &e->slots[i]);
}

void usage_count_request(struct usage_entry *e, const struct usage_who *who, uint64_t number)
{
    e->who = who;
    if (number != USAGE_COUNT_UNNUMBERED && e->in_request_n == 1) {
        struct usage_slot *s = &e->slots[number % USAGE_COUNT_SLOTS];
        struct usage_table *t = e->in_request[0];
        empty_slot(e, s);
        *s = (struct usage_slot){number + 1, 1, t, t->in_request_write};
    } else {
        for (uint32_t i = 0; i < e->in_request_n; i++)
            add(e, e->in_request[i], e->in_request[i]->in_request_write, 1);
        e->statements++;
    }
    usage_count_drop(e);
}

void usage_count_drop(struct usage_entry *e)
{
    for (uint32_t i = 0; i < e->in_request_n; i++)
        e->in_request[i]->in_request = false;
    e->in_request_n = 0;
}

/* --- names --- */

static size_t put_printable(bytes text, char *out, size_t at)
{
    for (size_t i = 0; i < text.n && at < USAGE_COUNT_BY - 1; i++) {
        const uint8_t c = text.p[i];
        out[at++] = c >= 0x20 && c < 0x7f ? (char)c : '?';
    }
    return at;
}

void usage_count_write_by(bytes name, bytes version, char out[USAGE_COUNT_BY])
{
    size_t at = put_printable(bytes_part(name, 0, USAGE_COUNT_BY * 2 / 3), out, 0);
    if (at && version.n) at = put_printable(BYTES(" "), out, at);
    out[put_printable(version, out, at)] = '\0';
}
