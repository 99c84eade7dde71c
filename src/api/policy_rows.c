/* Names come from the schema picture, and only of databases on which the caller has org-db-view. */
#include "api/policy_rows.h"

#include "api/databases.h"

static const struct record_database *find(const struct http_request *rq,
                                          const struct policy_wish *wish)
{
    const struct record_database *d = snapshot_database(api_snapshot(rq), &wish->database);
    const bool own = d && !wish->scope.enterprise && uuid_eq(&d->organization, &wish->scope.id);
    return own && databases_may_see(rq, d) ? d : NULL;
}

err policy_rows_check(struct http_request *rq, const struct policy_wish *wish)
{
    if (!wish->by_database || find(rq, wish)) return DONE;
    return note_fail(&rq->call.note, FAIL(NOT_FOUND), "databaseId: there is no such database");
}

/* --- gathering --- */

/* False when there is no room for more. */
static bool add(struct policy_rows *rows, const struct resource *on, bytes database_name)
{
    if (rows->n == POLICY_ROWS_MAX) {
        rows->truncated = true;
        return false;
    }
    rows->list[rows->n++] = (struct policy_row){*on, database_name};
    return true;
}

static void add_keyspace(struct policy_rows *rows, const struct record_database *d, bytes name,
                         const struct api_keyspace *k)
{
    const struct resource on = resource_keyspace(&d->organization, &d->id, k->name);
    if (!add(rows, &on, name)) return;
    for (size_t i = 0; i < k->tables_n; i++) {
        if (k->tables[i].view) continue;
        const struct resource table =
            resource_table(&d->organization, &d->id, k->name, k->tables[i].name);
        if (!add(rows, &table, name)) return;
    }
}

static void add_database(struct http_request *rq, const struct policy_wish *wish,
                         struct policy_rows *rows, const struct record_database *d)
{
    const struct api_ports *p = &api_of(rq)->ports;
    const struct resource on = resource_database(&d->organization, &d->id);
    const bytes name = arena_copy(&rq->call.arena, d->name);
    struct api_schema schema = {0};
    if (!add(rows, &on, name) || !p->schema) return;
    if (!p->schema(p->owner, &d->id, wish->system, POLICY_ROWS_MAX - rows->n, &rq->call.arena,
                   &schema)) {
        return;
    }
    for (size_t i = 0; i < schema.keyspaces_n && !rows->truncated; i++) {
        add_keyspace(rows, d, name, &schema.keyspaces[i]);
    }
    rows->truncated = rows->truncated || schema.cut;
}

static void add_databases(struct http_request *rq, const struct policy_wish *wish,
                          struct policy_rows *rows)
{
    const struct snapshot_list all = snapshot_databases(api_snapshot(rq), &wish->scope.id);
    for (size_t i = 0; i < all.n && !rows->truncated; i++) {
        const struct record_database *d = &all.records[i]->of.database;
        if (databases_may_see(rq, d)) add_database(rq, wish, rows, d);
    }
}

err policy_rows_read(struct http_request *rq, const struct policy_wish *wish,
                     struct policy_rows *out)
{
    struct policy_rows rows = {0};
    const struct resource scope = api_call_resource(&wish->scope);
    const struct resource any = resource_any_database(&wish->scope.id);
    TRY(policy_rows_check(rq, wish));
    rows.list = arena_take_array(&rq->call.arena, POLICY_ROWS_MAX, sizeof *rows.list);
    if (!rows.list) return FAIL(NO_MEMORY);
    (void)add(&rows, &scope, (bytes){0});
    if (!wish->scope.enterprise) {
        (void)add(&rows, &any, (bytes){0});
        if (wish->by_database) {
            add_database(rq, wish, &rows, find(rq, wish));
        } else {
            add_databases(rq, wish, &rows);
        }
    }
    if (rq->call.arena.bad) return FAIL(NO_MEMORY);
    *out = rows;
    return DONE;
}

/* --- on the wire --- */

action_set policy_rows_asked(const struct resource *on)
{
    const action_set all = action_of_level(on->level);
    const bool one = on->level == LEVEL_DATABASE && !on->id_any;
    return one ? all & ~action_bit(ACTION_ORG_DB_CREATE) : all;
}

static bool is_in_database(const struct resource *on)
{
    return (on->level == LEVEL_DATABASE || on->level == LEVEL_KEYSPACE ||
            on->level == LEVEL_TABLE) &&
           !on->id_any;
}

void policy_rows_write(struct json_out *j, const struct policy_row *row)
{
    uint8_t room[RESOURCE_TEXT_MAX + 64];
    struct wr w = wr_fixed(room, sizeof room);
    const struct resource *on = &row->on;
    resource_write(on, &w);
    json_out_pair(j, "resource", wr_view(&w));
    json_out_pair_text(j, "level", level_name(on->level));
    if (is_in_database(on)) json_out_pair_uuid(j, "databaseId", &on->id);
    if (row->database_name.n) json_out_pair(j, "databaseName", row->database_name);
    if (on->keyspace.n) json_out_pair(j, "keyspace", on->keyspace);
    if (on->table.n) json_out_pair(j, "table", on->table);
}

void policy_rows_write_actions(struct json_out *j, const char *key, action_set set)
{
    json_out_key(j, key);
    json_out_array(j);
    for (unsigned a = 0; a < ACTIONS; a++) {
        if (set & action_bit((enum action)a)) {
            json_out_text(j, bytes_of_text(action_name((enum action)a)));
        }
    }
    json_out_end(j);
}
