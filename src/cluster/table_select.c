/* A small SELECT: which rows, which columns, and where the last page ended. */
#include "cluster/table_select.h"

#include "cluster/table_json.h"
#include "cluster/table_value.h"

enum { PAGE_MAGIC = 0x4C4B5031, PAGE_STATE_SIZE = 12 }; /* "LKP1", next row, rows given so far */

static const uint8_t bigint_type[] = {0x00, RESPONSE_TYPE_BIGINT};
static const uint8_t text_type[] = {0x00, RESPONSE_TYPE_VARCHAR};
static const uint8_t int_type[] = {0x00, RESPONSE_TYPE_INT};

/* `column` must be one of `values`. */
struct term {
    size_t column;
    bytes *values;
    size_t values_n;
};

/* The statement, made ready. */
struct plan_of_select {
    const struct table_source *source;
    const struct statement_select *select;
    size_t *columns; /* of the source, for each column of the answer */
    struct response_column *shown;
    size_t shown_n;
    struct term *terms;
    size_t terms_n;
    uint32_t limit;
};

static err find_column(const struct table_source *s, bytes name, size_t *out, struct note *note)
{
    for (*out = 0; *out < s->columns_n; ++*out) {
        if (bytes_eq(s->columns[*out].name, name)) return DONE;
    }
    return note_fail(note, FAIL(CQL_INVALID), "Undefined column name %.*s in table %.*s.%.*s",
                     BYTES_FMT(name), BYTES_FMT(s->keyspace), BYTES_FMT(s->table));
}

static bytes name_of(const struct statement_selector *s, bytes otherwise)
{
    return s->alias.n ? s->alias : otherwise;
}

/* --- what is shown --- */

static err show_count(struct plan_of_select *p, struct arena *arena)
{
    const struct statement_select *s = p->select;
    p->shown = arena_take_array(arena, 1, sizeof *p->shown);
    if (!p->shown) return FAIL(NO_MEMORY);
    p->shown_n = 1;
    p->shown[0].name = s->selectors_n ? name_of(&s->selectors[0], BYTES("count")) : BYTES("count");
    p->shown[0].type = bytes_of(bigint_type, sizeof bigint_type);
    return DONE;
}

/* As a node names it: "system.tojson(replication)". */
static err show_json(struct response_column *shown, struct arena *arena, struct note *note)
{
    const bytes parts[] = {BYTES("system.tojson("), shown->name, BYTES(")")};
    if (!table_json_knows(shown->type)) {
        return note_fail(note, FAIL(CQL_INVALID), "The gateway does not write %.*s as JSON",
                         BYTES_FMT(shown->name));
    }
    uint8_t *room = arena_take(arena, parts[0].n + parts[1].n + parts[2].n);
    if (!room) return FAIL(NO_MEMORY);
    struct wr w = wr_fixed(room, parts[0].n + parts[1].n + parts[2].n);
    for (size_t i = 0; i < 3; i++)
        wr_bytes(&w, parts[i]);
    *shown = (struct response_column){.name = wr_view(&w),
                                      .type = bytes_of(text_type, sizeof text_type)};
    return DONE;
}

static err show_columns(struct plan_of_select *p, struct arena *arena, struct note *note)
{
    const struct statement_select *s = p->select;
    const bool all = s->selectors_n == 0;
    p->shown_n = all ? p->source->columns_n : s->selectors_n;
    p->columns = arena_take_array(arena, p->shown_n + 1, sizeof *p->columns);
    p->shown = arena_take_array(arena, p->shown_n + 1, sizeof *p->shown);
    if (!p->columns || !p->shown) return FAIL(NO_MEMORY);
    for (size_t i = 0; i < p->shown_n; i++) {
        p->columns[i] = i;
        if (!all) TRY(find_column(p->source, s->selectors[i].column, &p->columns[i], note));
        p->shown[i] = p->source->columns[p->columns[i]];
        if (!all && s->selectors[i].json) TRY(show_json(&p->shown[i], arena, note));
        if (!all) p->shown[i].name = name_of(&s->selectors[i], p->shown[i].name);
    }
    return DONE;
}

static err make_plan(const struct table_source *source, const struct statement *what,
                     struct arena *arena, struct plan_of_select *p, struct note *note)
{
    *p = (struct plan_of_select){.source = source, .select = &what->select, .limit = UINT32_MAX};
    if (!what->select.simple || what->select.json) {
        return note_fail(
            note, FAIL(CQL_INVALID),
            "The gateway answers %.*s.%.*s itself: plain columns, toJson of them or count(*), "
            "equalities and IN joined by AND, LIMIT",
            BYTES_FMT(source->keyspace), BYTES_FMT(source->table));
    }
    return what->select.count ? show_count(p, arena) : show_columns(p, arena, note);
}

/* --- which rows --- */

static err make_term(struct plan_of_select *p, const struct statement_restriction *where,
                     const struct table_binds *binds, struct arena *arena, struct note *note)
{
    struct term t = {0};
    TRY(find_column(p->source, where->column, &t.column, note));
    if (where->in_bind) {
        TRY(table_value_list(&where->values[0], binds, arena, &t.values, &t.values_n, note));
    } else {
        t.values = arena_take_array(arena, where->values_n + 1, sizeof *t.values);
        if (!t.values) return FAIL(NO_MEMORY);
        for (; t.values_n < where->values_n; t.values_n++) {
            TRY(table_value_cell(&where->values[t.values_n], p->source->columns[t.column].type,
                                 binds, arena, &t.values[t.values_n], note));
        }
    }
    p->terms[p->terms_n++] = t;
    return DONE;
}

static err make_limit(struct plan_of_select *p, const struct table_binds *binds,
                      struct arena *arena, struct note *note)
{
    bytes cell;
    if (!p->select->limited) return DONE;
    TRY(table_value_cell(&p->select->limit, bytes_of(int_type, sizeof int_type), binds, arena,
                         &cell, note));
    struct rd r = rd_over(cell);
    const int32_t n = rd_i32be(&r);
    if (r.bad || n <= 0)
        return note_fail(note, FAIL(CQL_INVALID), "LIMIT must be strictly positive");
    p->limit = (uint32_t)n;
    return DONE;
}

static err bind(struct plan_of_select *p, const struct statement *what,
                const struct request_params *params, struct arena *arena, struct note *note)
{
    struct table_binds binds;
    TRY(table_value_binds(params, what->binds_n, arena, &binds, note));
    p->terms = arena_take_array(arena, p->select->where_n + 1, sizeof *p->terms);
    if (!p->terms) return FAIL(NO_MEMORY);
    for (size_t i = 0; i < p->select->where_n; i++) {
        TRY(make_term(p, &p->select->where[i], &binds, arena, note));
    }
    return make_limit(p, &binds, arena, note);
}

static bool meets(const struct plan_of_select *p, size_t row, const struct term *t)
{
    const bytes cell = p->source->cell(p->source, row, t->column);
    for (size_t i = 0; cell.p && i < t->values_n; i++) {
        if (bytes_eq(cell, t->values[i])) return true;
    }
    return false;
}

/* DISTINCT is asked of partition keys, and rows of a partition stand together. */
static bool repeats(const struct plan_of_select *p, size_t row, size_t former)
{
    for (size_t i = 0; i < p->shown_n; i++) {
        const bytes a = p->source->cell(p->source, row, p->columns[i]);
        const bytes b = p->source->cell(p->source, former, p->columns[i]);
        if (!bytes_eq(a, b)) return false;
    }
    return true;
}

static bool is_selected(const struct plan_of_select *p, size_t row)
{
    for (size_t i = 0; i < p->terms_n; i++) {
        if (!meets(p, row, &p->terms[i])) return false;
    }
    return !p->source->shows || p->source->shows(p->source, row);
}

/* The next row of the answer from `row` on, or rows_n. `*former` is the one before it. */
static size_t next_row(const struct plan_of_select *p, size_t row, size_t *former)
{
    for (; row < p->source->rows_n; row++) {
        if (!is_selected(p, row)) continue;
        if (p->select->distinct && *former != SIZE_MAX && repeats(p, row, *former)) continue;
        *former = row;
        break;
    }
    return row;
}

/* --- pages --- */

struct page {
    size_t from;    /* row */
    uint32_t given; /* rows of the pages before */
    uint32_t size;
};

static err read_page(const struct request_params *params, struct page *out, struct note *note)
{
    *out = (struct page){.size = UINT32_MAX};
    if ((params->flags & REQUEST_FLAG_PAGE_SIZE) && params->page_size > 0) {
        out->size = (uint32_t)params->page_size;
    }
    if (!(params->flags & REQUEST_FLAG_PAGING_STATE) || !params->paging_state.n) return DONE;
    struct rd r = rd_over(params->paging_state);
    const uint32_t magic = rd_u32be(&r);
    out->from = rd_u32be(&r);
    out->given = rd_u32be(&r);
    if (magic == PAGE_MAGIC && rd_at_end(&r)) return DONE;
    return note_fail(note, FAIL(CQL_INVALID), "Invalid value for the paging state");
}

static bytes write_page(uint8_t room[PAGE_STATE_SIZE], size_t row, uint32_t given)
{
    struct wr w = wr_fixed(room, PAGE_STATE_SIZE);
    wr_u32be(&w, PAGE_MAGIC);
    wr_u32be(&w, (uint32_t)row);
    wr_u32be(&w, given);
    return wr_view(&w);
}

/* The rows of this page, in the arena; `*end` is the row that the next one begins with. */
static err pick_rows(const struct plan_of_select *p, const struct page *page, struct arena *arena,
                     size_t **rows, size_t *rows_n, size_t *end)
{
    const uint32_t left = p->limit > page->given ? p->limit - page->given : 0;
    const size_t most = left < page->size ? left : page->size;
    const size_t total = p->source->rows_n;
    size_t former = SIZE_MAX; /* the row that a page begins with repeats nothing */
    size_t row = next_row(p, page->from, &former);
    *rows = arena_take_array(arena, (total < most ? total : most) + 1, sizeof **rows);
    if (!*rows) return FAIL(NO_MEMORY);
    *rows_n = 0;
    while (row < total && *rows_n < most) {
        (*rows)[(*rows_n)++] = row;
        row = next_row(p, row + 1, &former);
    }
    *end = *rows_n < left ? row : total;
    return DONE;
}

/* --- the answer --- */

static void write_cell(const struct plan_of_select *p, size_t row, size_t shown, struct wr *w)
{
    const bytes cell = p->source->cell(p->source, row, p->columns[shown]);
    if (p->select->selectors_n > 0 && p->select->selectors[shown].json) {
        const size_t length = wr_hole_u32(w);
        table_json_write(w, p->source->columns[p->columns[shown]].type, cell);
        wr_fill_u32(w, length);
    } else if (cell.p) {
        response_add_cell(w, cell);
    } else {
        response_add_null(w);
    }
}

static struct response_spec spec_of(const struct plan_of_select *p)
{
    return (struct response_spec){.keyspace = p->source->keyspace,
                                  .table = p->source->table,
                                  .columns = p->shown,
                                  .columns_n = p->shown_n};
}

static void write_count(const struct plan_of_select *p, struct response_to to, bool bare,
                        struct wr *w)
{
    uint8_t room[8];
    struct wr number = wr_fixed(room, sizeof room);
    struct response_spec spec = spec_of(p);
    size_t former = SIZE_MAX;
    uint64_t n = 0;
    for (size_t row = next_row(p, 0, &former); row < p->source->rows_n;
         row = next_row(p, row + 1, &former)) {
        n++;
    }
    wr_u64be(&number, n);
    spec.skip_metadata = bare;
    struct response_rows_writer rows = response_begin_rows(w, to, &spec);
    response_add_row(&rows);
    response_add_cell(w, wr_view(&number));
    response_end_rows(w, &rows);
}

static err write_page_of_rows(const struct plan_of_select *p, const struct page *page,
                              struct response_to to, bool bare, struct arena *arena, struct wr *w)
{
    uint8_t room[PAGE_STATE_SIZE];
    struct response_spec spec = spec_of(p);
    size_t *picked;
    size_t picked_n;
    size_t end;
    TRY(pick_rows(p, page, arena, &picked, &picked_n, &end));
    spec.skip_metadata = bare;
    if (end < p->source->rows_n) {
        spec.paging_state = write_page(room, end, page->given + (uint32_t)picked_n);
    }
    struct response_rows_writer rows = response_begin_rows(w, to, &spec);
    for (size_t i = 0; i < picked_n; i++) {
        response_add_row(&rows);
        for (size_t c = 0; c < p->shown_n; c++) {
            write_cell(p, picked[i], c, w);
        }
    }
    response_end_rows(w, &rows);
    return DONE;
}

err table_select_run(const struct table_source *source, const struct statement *what,
                     const struct request_params *params, struct response_to to,
                     struct arena *arena, struct wr *w, struct note *note)
{
    struct plan_of_select p;
    struct page page;
    const bool bare = params->flags & REQUEST_FLAG_SKIP_METADATA;
    TRY(make_plan(source, what, arena, &p, note));
    TRY(bind(&p, what, params, arena, note));
    TRY(read_page(params, &page, note));
    if (what->select.count) {
        write_count(&p, to, bare, w);
    } else {
        TRY(write_page_of_rows(&p, &page, to, bare, arena, w));
    }
    return w->bad ? FAIL(NO_MEMORY) : DONE;
}

/* --- PREPARED --- */

/* list<type>, named as nodes name it. */
static err set_in_variable(struct response_column *c, bytes name, bytes type, struct arena *arena)
{
    struct wr w = wr_growing(arena->max);
    wr_u16be(&w, RESPONSE_TYPE_LIST);
    wr_bytes(&w, type);
    c->type = w.bad ? (bytes){0} : arena_copy(arena, wr_view(&w));
    const char *text = arena_format(arena, "in(%.*s)", BYTES_FMT(name));
    const bool bad = w.bad || arena->bad;
    wr_drop(&w);
    if (bad || !text) return FAIL(NO_MEMORY);
    c->name = bytes_of_text(text);
    return DONE;
}

static err set_variable(struct response_column *variables, size_t n,
                        const struct statement_value *v, bytes name, bytes type, bool list,
                        struct arena *arena)
{
    if (v->type != STATEMENT_VALUE_BIND || v->bind >= n) return DONE;
    struct response_column *c = &variables[v->bind];
    c->name = name;
    c->type = type;
    if (list) TRY(set_in_variable(c, name, type, arena));
    if (v->text.n) c->name = v->text;
    return DONE;
}

static err set_variables(const struct plan_of_select *p, const struct statement *what,
                         struct response_column *variables, struct arena *arena, struct note *note)
{
    for (size_t i = 0; i < p->select->where_n; i++) {
        const struct statement_restriction *where = &p->select->where[i];
        size_t column;
        TRY(find_column(p->source, where->column, &column, note));
        for (size_t v = 0; v < where->values_n; v++) {
            TRY(set_variable(variables, what->binds_n, &where->values[v], where->column,
                             p->source->columns[column].type, where->in_bind, arena));
        }
    }
    if (!p->select->limited) return DONE;
    return set_variable(variables, what->binds_n, &p->select->limit, BYTES("[limit]"),
                        bytes_of(int_type, sizeof int_type), false, arena);
}

err table_select_prepare(const struct table_source *source, const struct statement *what,
                         struct response_to to, bytes id, struct arena *arena, struct wr *w,
                         struct note *note)
{
    struct plan_of_select p;
    TRY(make_plan(source, what, arena, &p, note));
    struct response_column *variables =
        arena_take_array(arena, what->binds_n + (size_t)1, sizeof *variables);
    if (!variables) return FAIL(NO_MEMORY);
    TRY(set_variables(&p, what, variables, arena, note));
    const struct response_spec shown = spec_of(&p);
    struct response_spec bound = shown;
    bound.columns = variables;
    bound.columns_n = what->binds_n;
    response_write_prepared(w, to, id, &bound, &shown);
    return w->bad ? FAIL(NO_MEMORY) : DONE;
}
