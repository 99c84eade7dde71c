/* `latchkey statement`: what CQL statements are and need, one JSON object a line in and out. */
#include "cli/cli.h"

#include "statement/schema.h"
#include "statement/schema_apply.h"
#include "statement/statement.h"

#include "base/wr.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    SCHEMA_MAX = 1 << 30,             /* bytes of the schema picture */
    SCHEMA_FILE_MAX = 64 << 20,
    LINE_ARENA_MAX = 1 << 30,         /* bytes that one line's statement may take */
    LINE_MAX_BYTES = 256 << 20,
    READ_BYTES = 64 << 10,
    OUT_MAX_BYTES = 1 << 30
};

struct arguments {
    const char *schema;
};

struct run {
    struct arena picture;
    struct arena line;
    struct schema *schema;
    struct wr out;                    /* answers that have not been written */
    bool broken;                      /* nobody takes them */
    int unread;                       /* errno of standard input */
};

static const struct argp_option options[] = {
    {"schema", 's', "FILE", 0, "CQL DDL that views, indexes and functions are looked up in", 0},
    {0},
};

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct arguments *a = state->input;
    if (key != 's') return ARGP_ERR_UNKNOWN;
    a->schema = value;
    return 0;
}

static const struct argp parser = {
    .options = options,
    .parser = parse,
    .doc = "Reads {\"keyspace\": \"ks\" or null, \"cql\": \"…\"} a line and writes what the statement "
           "is, asks for, and how it would be forwarded. Needs no daemon.",
};

static bytes text_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return bytes_of(json_string_value(value), json_string_length(value));
}

static json_t *json_of(bytes b)
{
    return b.n ? json_stringn((const char *)b.p, b.n) : json_null();
}

static json_t *action_json(const struct statement_need *need)
{
    json_t *o = json_object();
    (void)json_object_set_new(o, "action", json_string(action_name(need->action)));
    if (need->or_action != need->action) {
        (void)json_object_set_new(o, "or", json_string(action_name(need->or_action)));
    }
    (void)json_object_set_new(o, "keyspace", json_of(need->keyspace));
    (void)json_object_set_new(o, "table", json_of(need->table));
    return o;
}

/* The first thing that nobody may touch, as an error; NULL when there is none. */
static const char *forbidden(const struct statement *s, struct note *note)
{
    for (size_t i = 0; i < s->needs_n; i++) {
        const struct statement_need *n = &s->needs[i];
        if (!n->never) continue;
        (void)note_fail(note, FAIL(NOT_ALLOWED), "%s on %.*s.%.*s is not allowed: %s",
                        statement_permission(n->action), BYTES_FMT(n->keyspace), BYTES_FMT(n->named),
                        statement_is_system_keyspace(n->keyspace)
                            ? "the keyspace belongs to the cluster"
                            : "it is not in the schema");
        return note->text;
    }
    return NULL;
}

static void set_refused(json_t *o, const char *why)
{
    (void)json_object_set_new(o, "accepted", json_false());
    (void)json_object_set_new(o, "statement", json_null());
    (void)json_object_set_new(o, "actions", json_array());
    (void)json_object_set_new(o, "error", json_string(why));
}

static void set_accepted(json_t *o, const struct statement *s)
{
    json_t *actions = json_array();
    for (size_t i = 0; i < s->needs_n; i++) {
        (void)json_array_append_new(actions, action_json(&s->needs[i]));
    }
    (void)json_object_set_new(o, "accepted", json_true());
    (void)json_object_set_new(o, "statement", json_of(s->text));
    (void)json_object_set_new(o, "actions", actions);
    (void)json_object_set_new(o, "error", json_null());
}

static void answer(struct run *run, json_t *o)
{
    struct statement s;
    struct note note = {0};
    const bytes keyspace = text_of(o, "keyspace");
    const bytes text = text_of(o, "cql");
    const err e = statement_understand(run->schema, keyspace, text, &run->line, &s, &note);
    const bool named = err_is_ok(e) || e.code == ERR_STATEMENT_REFUSED;
    json_t *kind = named ? json_string(statement_kind_name(s.kind)) : json_null();
    (void)json_object_set_new(o, "kind", kind);
    const char *why = err_is_ok(e) ? forbidden(&s, &note) : note.text[0] ? note.text : err_text(e);
    if (why) set_refused(o, why);
    else set_accepted(o, &s);
    if (!json_is_true(json_object_get(o, "apply"))) return;
    const err applied = schema_apply(run->schema, keyspace, text, &run->line, &note);
    if (!err_is_ok(applied) && err_is_ok(e)) set_refused(o, note.text[0] ? note.text : err_text(applied));
}

static int take_text(const char *text, size_t n, void *owner)
{
    struct wr *w = owner;
    wr_bytes(w, bytes_of(text, n));
    return w->bad ? -1 : 0;
}

static void answer_line(struct run *run, const char *line, size_t n)
{
    json_error_t wrong;
    json_t *o = json_loadb(line, n, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &wrong);
    const json_t *keyspace = json_object_get(o, "keyspace");
    if (!json_is_object(o) || !json_is_string(json_object_get(o, "cql"))) {
        json_decref(o);
        o = json_pack("{s:n}", "kind");
        set_refused(o, "not a JSON object with the text \"cql\"");
    } else if (keyspace && !json_is_string(keyspace) && !json_is_null(keyspace)) {
        (void)json_object_set_new(o, "kind", json_null());
        set_refused(o, "\"keyspace\" is a text or null");
    } else {
        answer(run, o);
    }
    (void)json_dump_callback(o, take_text, &run->out, JSON_COMPACT);
    wr_u8(&run->out, '\n');
    json_decref(o);
}

static err load_schema(struct run *run, const char *path, struct note *note)
{
    char *text;
    size_t n;
    TRY(cli_read_file(path, SCHEMA_FILE_MAX, &text, &n, note));
    const err e = schema_apply_all(run->schema, bytes_of(text, n), &run->line, note);
    free(text);
    arena_reset(&run->line);
    return e;
}

static void write_answers(struct run *run)
{
    bytes left = wr_view(&run->out);
    while (left.n && !run->broken) {
        const ssize_t n = write(STDOUT_FILENO, left.p, left.n);
        if (n < 0 && errno != EINTR) run->broken = true;
        if (n > 0) left = bytes_part(left, (size_t)n, SIZE_MAX);
    }
    run->broken = run->broken || run->out.bad;
    wr_consume(&run->out, run->out.n);
}

/* Answers every whole line and drops them from `in`. */
static void answer_whole_lines(struct run *run, struct wr *in)
{
    size_t from = 0;
    for (const uint8_t *end; (end = memchr(in->p + from, '\n', in->n - from));) {
        const size_t n = (size_t)(end - in->p) - from;
        answer_line(run, (const char *)in->p + from, n);
        arena_reset(&run->line);
        from += n + 1;
    }
    wr_consume(in, from);
}

/* Answers leave before the next wait for input: one write for all lines that came together. */
static void answer_lines(struct run *run)
{
    struct wr in = wr_growing(LINE_MAX_BYTES);
    for (ssize_t n = 1; n > 0 && !run->broken;) {
        uint8_t *at = wr_room(&in, READ_BYTES);
        if (!at) break;
        n = read(STDIN_FILENO, at, READ_BYTES);
        in.n -= READ_BYTES - (size_t)(n > 0 ? n : 0);
        if (n < 0 && errno != EINTR) run->unread = errno;
        if (n < 0 && errno == EINTR) n = 1;
        else if (n > 0 && memchr(at, '\n', (size_t)n)) answer_whole_lines(run, &in);
        write_answers(run);
    }
    if (in.n) {
        if (in.bad) in.n = 0; /* not JSON that anybody meant: said like the rest */
        answer_line(run, (const char *)in.p, in.n);
    }
    write_answers(run);
    wr_drop(&in);
}

int cli_statement_run(int argc, char **argv)
{
    struct arguments a = {0};
    struct run run = {0};
    struct note note = {0};
    cli_parse(&parser, "statement", argc, argv, &a);
    arena_init(&run.picture, SCHEMA_MAX);
    arena_init(&run.line, LINE_ARENA_MAX);
    err e = schema_new(&run.picture, hash_seed_new(), &run.schema);
    if (err_is_ok(e) && a.schema) e = load_schema(&run, a.schema, &note);
    run.out = wr_growing(OUT_MAX_BYTES);
    if (err_is_ok(e)) answer_lines(&run);
    wr_drop(&run.out);
    arena_drop(&run.line);
    arena_drop(&run.picture);
    if (!err_is_ok(e)) return cli_fail_note(e, &note);
    if (run.unread) return cli_fail(err_of_errno(run.unread), "standard input: %s", strerror(run.unread));
    return run.broken ? cli_fail(FAIL(IO), "could not write the answers") : 0;
}
