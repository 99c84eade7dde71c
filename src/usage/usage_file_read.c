/* The file: questions, and what is too old. */
#include "usage/usage_file_own.h"

#include <string.h>

static void copy_text(bytes from, char *to, size_t size)
{
    const bytes b = bytes_part(from, 0, size - 1);
    if (b.n) memcpy(to, b.p, b.n);
    to[b.n] = '\0';
}

err usage_file_token(struct usage_file *f, bytes client_id, struct usage_seen *out)
{
    const enum usage_sql id = USAGE_SQL_TOKEN_FIND;
    err e = DONE;
    *out = (struct usage_seen){0};
    usage_file_text(f, id, 1, client_id);
    if (usage_file_row(f, id, &e, NULL)) {
        out->number = usage_file_column(f, id, 0);
        out->used_ms = usage_file_column(f, id, 1);
        copy_text(usage_file_column_bytes(f, id, 2), out->from, sizeof out->from);
        copy_text(usage_file_column_bytes(f, id, 3), out->by, sizeof out->by);
    }
    usage_file_reset(f, id);
    return e;
}

static void bind_span(struct usage_file *f, enum usage_sql id, const struct usage_span *span)
{
    usage_file_number(f, id, 1, span->first);
    usage_file_number(f, id, 2, span->first + (int64_t)span->n - 1);
}

err usage_file_hours(struct usage_file *f, const struct usage_span *span, struct usage_hour *out)
{
    const enum usage_sql id = span->token ? USAGE_SQL_HOURS_OF : USAGE_SQL_SCOPE_HOURS;
    err e = DONE;
    memset(out, 0, span->n * sizeof *out);
    bind_span(f, id, span);
    if (span->token) usage_file_number(f, id, 3, span->token);
    else usage_file_uuid(f, id, 3, &span->scope);
    while (usage_file_row(f, id, &e, NULL)) {
        const int64_t i = usage_file_column(f, id, 0) - span->first;
        if (i < 0 || (size_t)i >= span->n) continue;
        out[i] = (struct usage_hour){usage_file_column(f, id, 1), usage_file_column(f, id, 2),
                                     usage_file_column(f, id, 3)};
    }
    usage_file_reset(f, id);
    return e;
}

err usage_file_refusals(struct usage_file *f, const struct usage_span *span, int64_t out[REFUSALS])
{
    const enum usage_sql id = span->token ? USAGE_SQL_REFUSALS_OF : USAGE_SQL_SCOPE_REFUSALS;
    err e = DONE;
    memset(out, 0, REFUSALS * sizeof *out);
    bind_span(f, id, span);
    usage_file_uuid(f, id, 3, &span->scope);
    if (span->token) usage_file_number(f, id, 4, span->token);
    while (usage_file_row(f, id, &e, NULL)) {
        const int64_t number = usage_file_column(f, id, 0);
        const enum refusal r = refusal_of_number(number < 0 ? 0 : (unsigned)number);
        out[r] += usage_file_column(f, id, 1);
    }
    usage_file_reset(f, id);
    return e;
}

err usage_file_refused(struct usage_file *f, const struct usage_span *span,
                       usage_file_visit_refused *visit, void *owner)
{
    const enum usage_sql id = USAGE_SQL_REFUSED;
    err e = DONE;
    bind_span(f, id, span);
    usage_file_uuid(f, id, 3, &span->scope);
    usage_file_number(f, id, 4, USAGE_FILE_REFUSED);
    usage_file_number(f, id, 5, USAGE_FILE_SUMS);
    while (usage_file_row(f, id, &e, NULL))
        visit(owner, usage_file_column_bytes(f, id, 0), usage_file_column(f, id, 1));
    usage_file_reset(f, id);
    return e;
}

err usage_file_tables(struct usage_file *f, const struct usage_span *span,
                      usage_file_visit_table *visit, void *owner)
{
    const enum usage_sql id = USAGE_SQL_VISITS;
    err e = DONE;
    bind_span(f, id, span);
    usage_file_number(f, id, 3, span->token);
    usage_file_number(f, id, 4, USAGE_FILE_TABLES);
    while (usage_file_row(f, id, &e, NULL)) {
        const bytes database = usage_file_column_bytes(f, id, 0);
        struct usage_visit v = {.keyspace = usage_file_column_bytes(f, id, 1),
                                .table = usage_file_column_bytes(f, id, 2),
                                .reads = usage_file_column(f, id, 3),
                                .writes = usage_file_column(f, id, 4),
                                .used_ms = usage_file_column(f, id, 5)};
        if (database.n == sizeof v.database.b) memcpy(v.database.b, database.p, database.n);
        visit(owner, &v);
    }
    usage_file_reset(f, id);
    return e;
}

/* --- all tokens, and what goes --- */

err usage_file_each_token(struct usage_file *f, int64_t *after, size_t max, size_t *seen,
                          usage_file_visit_token *visit, void *owner, struct note *note)
{
    const enum usage_sql id = USAGE_SQL_TOKENS;
    err e = DONE;
    *seen = 0;
    usage_file_number(f, id, 1, *after);
    usage_file_number(f, id, 2, (int64_t)max);
    while (usage_file_row(f, id, &e, note)) {
        *after = usage_file_column(f, id, 0);
        visit(owner, *after, usage_file_column_bytes(f, id, 1), usage_file_column(f, id, 2),
              usage_file_column(f, id, 3));
        ++*seen;
    }
    usage_file_reset(f, id);
    return e;
}

err usage_file_count_tokens(struct usage_file *f, size_t *out, struct note *note)
{
    err e = DONE;
    *out = 0;
    if (usage_file_row(f, USAGE_SQL_TOKEN_COUNT, &e, note)) {
        *out = (size_t)usage_file_column(f, USAGE_SQL_TOKEN_COUNT, 0);
    }
    usage_file_reset(f, USAGE_SQL_TOKEN_COUNT);
    return e;
}

err usage_file_remove_token(struct usage_file *f, int64_t number, struct note *note)
{
    usage_file_number(f, USAGE_SQL_TOKEN_REMOVE, 1, number);
    return usage_file_run(f, USAGE_SQL_TOKEN_REMOVE, note);
}

err usage_file_redo_sums(struct usage_file *f, int64_t after, struct note *note)
{
    usage_file_number(f, USAGE_SQL_REFUSED_UNDO, 1, after);
    TRY(usage_file_run(f, USAGE_SQL_REFUSED_UNDO, note));
    usage_file_number(f, USAGE_SQL_REFUSED_REDO, 1, after);
    return usage_file_run(f, USAGE_SQL_REFUSED_REDO, note);
}

/* The hour of the newest refusal, or 0. */
static err last_refusal(struct usage_file *f, int64_t *out, struct note *note)
{
    err e = DONE;
    *out = 0;
    if (usage_file_row(f, USAGE_SQL_REFUSED_LAST, &e, note)) {
        *out = usage_file_column(f, USAGE_SQL_REFUSED_LAST, 0);
    }
    usage_file_reset(f, USAGE_SQL_REFUSED_LAST);
    return e;
}

/* A sum that has lost hours at its beginning goes; nobody asks for those before the first that is kept. One
 * that has lost hours at its end is still growing: it is made anew. */
err usage_file_sweep(struct usage_file *f, int64_t first, int64_t last, struct note *note)
{
    static const enum usage_sql all[] = {USAGE_SQL_HOUR_SWEEP,    USAGE_SQL_SCOPE_SWEEP,
                                         USAGE_SQL_REFUSAL_SWEEP, USAGE_SQL_REASON_SWEEP,
                                         USAGE_SQL_REFUSED_SWEEP, USAGE_SQL_VISIT_SWEEP};
    int64_t newest;
    TRY(last_refusal(f, &newest, note));
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        usage_file_number(f, all[i], 1, first);
        usage_file_number(f, all[i], 2, last);
        TRY(usage_file_run(f, all[i], note));
    }
    if (newest > last) TRY(usage_file_redo_sums(f, last + 1, note));
    usage_file_number(f, USAGE_SQL_PLACE_SWEEP, 1, first);
    return usage_file_run(f, USAGE_SQL_PLACE_SWEEP, note);
}

err usage_file_size(struct usage_file *f, int64_t *bytes_n, int64_t *oldest, struct note *note)
{
    err e = DONE;
    if (usage_file_row(f, USAGE_SQL_BYTES, &e, note)) {
        *bytes_n = usage_file_column(f, USAGE_SQL_BYTES, 0);
    }
    usage_file_reset(f, USAGE_SQL_BYTES);
    TRY(e);
    if (usage_file_row(f, USAGE_SQL_OLDEST, &e, note)) {
        *oldest = usage_file_column(f, USAGE_SQL_OLDEST, 0);
    }
    usage_file_reset(f, USAGE_SQL_OLDEST);
    return e;
}
