/* The file: what was counted of a token, added to its rows and to the sums of them. */
#include "usage/usage_file_own.h"

static err add_token(struct usage_file *f, const struct usage_delta *d, int64_t hour,
                     int64_t *number, struct note *note)
{
    usage_file_text(f, USAGE_SQL_TOKEN_ADD, 1, d->client_id);
    usage_file_uuid(f, USAGE_SQL_TOKEN_ADD, 2, &d->scope);
    usage_file_number(f, USAGE_SQL_TOKEN_ADD, 3, d->used_ms);
    usage_file_text(f, USAGE_SQL_TOKEN_ADD, 4, d->used_ms ? d->from : (bytes){0});
    usage_file_text(f, USAGE_SQL_TOKEN_ADD, 5, d->used_ms ? d->by : (bytes){0});
    usage_file_number(f, USAGE_SQL_TOKEN_ADD, 6, hour);
    TRY(usage_file_run(f, USAGE_SQL_TOKEN_ADD, note));
    *number = sqlite3_last_insert_rowid(f->db);
    return DONE;
}

static err use_token(struct usage_file *f, const struct usage_delta *d, int64_t hour,
                     int64_t number, struct note *note)
{
    usage_file_number(f, USAGE_SQL_TOKEN_USE, 1, number);
    usage_file_number(f, USAGE_SQL_TOKEN_USE, 2, d->used_ms);
    usage_file_text(f, USAGE_SQL_TOKEN_USE, 3, d->from);
    usage_file_text(f, USAGE_SQL_TOKEN_USE, 4, d->by);
    usage_file_number(f, USAGE_SQL_TOKEN_USE, 5, hour);
    return usage_file_run(f, USAGE_SQL_TOKEN_USE, note);
}

/* Its number; a later use replaces an earlier one, and any use one that has not come yet: of a clock that
 * was wrong. */
static err note_token(struct usage_file *f, const struct usage_delta *d, int64_t hour,
                      int64_t *number, struct note *note)
{
    err e = DONE;
    usage_file_text(f, USAGE_SQL_TOKEN_FIND, 1, d->client_id);
    const bool known = usage_file_row(f, USAGE_SQL_TOKEN_FIND, &e, note);
    *number = known ? usage_file_column(f, USAGE_SQL_TOKEN_FIND, 0) : 0;
    const int64_t used_ms = known ? usage_file_column(f, USAGE_SQL_TOKEN_FIND, 1) : 0;
    const int64_t seen = known ? usage_file_column(f, USAGE_SQL_TOKEN_FIND, 4) : 0;
    usage_file_reset(f, USAGE_SQL_TOKEN_FIND);
    TRY(e);
    if (!known) return add_token(f, d, hour, number, note);
    const bool ahead = d->used_ms && used_ms / USAGE_FILE_HOUR_MS > hour + 1;
    if (d->used_ms > used_ms || ahead) return use_token(f, d, hour, *number, note);
    if (seen == hour) return DONE;
    usage_file_number(f, USAGE_SQL_TOKEN_SEE, 1, *number);
    usage_file_number(f, USAGE_SQL_TOKEN_SEE, 2, hour);
    return usage_file_run(f, USAGE_SQL_TOKEN_SEE, note);
}

static err note_place(struct usage_file *f, const struct uuid *database,
                      const struct usage_delta_table *t, int64_t hour, int64_t *number,
                      struct note *note)
{
    err e = DONE;
    usage_file_uuid(f, USAGE_SQL_PLACE_FIND, 1, database);
    usage_file_text(f, USAGE_SQL_PLACE_FIND, 2, t->keyspace);
    usage_file_text(f, USAGE_SQL_PLACE_FIND, 3, t->table);
    const bool known = usage_file_row(f, USAGE_SQL_PLACE_FIND, &e, note);
    *number = known ? usage_file_column(f, USAGE_SQL_PLACE_FIND, 0) : 0;
    const int64_t seen = known ? usage_file_column(f, USAGE_SQL_PLACE_FIND, 1) : 0;
    usage_file_reset(f, USAGE_SQL_PLACE_FIND);
    TRY(e);
    if (known && seen == hour) return DONE;
    if (known) {
        usage_file_number(f, USAGE_SQL_PLACE_SEE, 1, *number);
        usage_file_number(f, USAGE_SQL_PLACE_SEE, 2, hour);
        return usage_file_run(f, USAGE_SQL_PLACE_SEE, note);
    }
    usage_file_uuid(f, USAGE_SQL_PLACE_ADD, 1, database);
    usage_file_text(f, USAGE_SQL_PLACE_ADD, 2, t->keyspace);
    usage_file_text(f, USAGE_SQL_PLACE_ADD, 3, t->table);
    usage_file_number(f, USAGE_SQL_PLACE_ADD, 4, hour);
    TRY(usage_file_run(f, USAGE_SQL_PLACE_ADD, note));
    *number = sqlite3_last_insert_rowid(f->db);
    return DONE;
}

static err add_visits(struct usage_file *f, const struct usage_delta *d, int64_t token,
                      int64_t hour, struct note *note)
{
    for (const struct usage_delta_table *t = d->tables; t; t = t->next) {
        int64_t place = 0;
        TRY(note_place(f, &d->database, t, hour, &place, note));
        usage_file_number(f, USAGE_SQL_VISIT_ADD, 1, hour);
        usage_file_number(f, USAGE_SQL_VISIT_ADD, 2, token);
        usage_file_number(f, USAGE_SQL_VISIT_ADD, 3, place);
        usage_file_number(f, USAGE_SQL_VISIT_ADD, 4, t->reads);
        usage_file_number(f, USAGE_SQL_VISIT_ADD, 5, t->writes);
        usage_file_number(f, USAGE_SQL_VISIT_ADD, 6, d->used_ms);
        TRY(usage_file_run(f, USAGE_SQL_VISIT_ADD, note));
    }
    return DONE;
}

static err add_reason(struct usage_file *f, const struct usage_delta *d, int64_t hour, enum refusal r,
                      struct note *note)
{
    usage_file_number(f, USAGE_SQL_REASON_ADD, 1, hour);
    usage_file_uuid(f, USAGE_SQL_REASON_ADD, 2, &d->scope);
    usage_file_number(f, USAGE_SQL_REASON_ADD, 3, refusal_number(r));
    usage_file_number(f, USAGE_SQL_REASON_ADD, 4, d->refused[r]);
    return usage_file_run(f, USAGE_SQL_REASON_ADD, note);
}

static err add_sums_of(struct usage_file *f, const struct usage_delta *d, int64_t token, int64_t hour,
                       int64_t n, struct note *note)
{
    static const int64_t spans[] = {8, 64};
    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++) {
        usage_file_number(f, USAGE_SQL_REFUSED_ADD, 1, spans[i]);
        usage_file_number(f, USAGE_SQL_REFUSED_ADD, 2, hour / spans[i] * spans[i]);
        usage_file_uuid(f, USAGE_SQL_REFUSED_ADD, 3, &d->scope);
        usage_file_number(f, USAGE_SQL_REFUSED_ADD, 4, token);
        usage_file_number(f, USAGE_SQL_REFUSED_ADD, 5, n);
        TRY(usage_file_run(f, USAGE_SQL_REFUSED_ADD, note));
    }
    return DONE;
}

static err add_refusals(struct usage_file *f, const struct usage_delta *d, int64_t token,
                        int64_t hour, struct note *note)
{
    int64_t n = 0;
    for (unsigned r = REFUSAL_NONE + 1; r < REFUSALS; r++) {
        if (!d->refused[r]) continue;
        usage_file_number(f, USAGE_SQL_REFUSAL_ADD, 1, hour);
        usage_file_uuid(f, USAGE_SQL_REFUSAL_ADD, 2, &d->scope);
        usage_file_number(f, USAGE_SQL_REFUSAL_ADD, 3, token);
        usage_file_number(f, USAGE_SQL_REFUSAL_ADD, 4, refusal_number((enum refusal)r));
        usage_file_number(f, USAGE_SQL_REFUSAL_ADD, 5, d->refused[r]);
        TRY(usage_file_run(f, USAGE_SQL_REFUSAL_ADD, note));
        TRY(add_reason(f, d, hour, (enum refusal)r, note));
        n += d->refused[r];
    }
    return token && n ? add_sums_of(f, d, token, hour, n, note) : DONE;
}

static err add_hour(struct usage_file *f, enum usage_sql id, const struct usage_delta *d,
                    struct note *note)
{
    usage_file_number(f, id, 3, d->logins);
    usage_file_number(f, id, 4, d->refusals);
    usage_file_number(f, id, 5, d->statements);
    return usage_file_run(f, id, note);
}

err usage_file_add(struct usage_file *f, const struct usage_delta *d, int64_t now_ms,
                   struct note *note)
{
    const int64_t hour = now_ms / USAGE_FILE_HOUR_MS;
    int64_t token = 0;
    if (d->client_id.n) TRY(note_token(f, d, hour, &token, note));
    TRY(add_refusals(f, d, token, hour, note));
    if (token) TRY(add_visits(f, d, token, hour, note));
    if (!d->logins && !d->refusals && !d->statements) return DONE;
    usage_file_number(f, USAGE_SQL_SCOPE_ADD, 1, hour);
    usage_file_uuid(f, USAGE_SQL_SCOPE_ADD, 2, &d->scope);
    TRY(add_hour(f, USAGE_SQL_SCOPE_ADD, d, note));
    if (!token) return DONE;
    usage_file_number(f, USAGE_SQL_HOUR_ADD, 1, hour);
    usage_file_number(f, USAGE_SQL_HOUR_ADD, 2, token);
    return add_hour(f, USAGE_SQL_HOUR_ADD, d, note);
}
