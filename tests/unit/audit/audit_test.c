/* The audit trail as files: what was tampered with is found, what was torn is repaired, what could not be
 * written is said, and every row of the outbox is in the chain exactly once. */
#include "unit.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/audit.h"
#include "audit/lines.h"
#include "audit/tail.h"
#include "audit/verify.h"
#include "base/log.h"

enum { ROWS_MAX = 64 };

/* A store's outbox that forgets nothing it was not told to. */
struct outbox {
    struct event_row rows[ROWS_MAX];
    size_t n;
    uint64_t last;
    uint64_t done;
    bool crash;      /* never hears `done` */
};

struct scene {
    char folder[64];
    char trail[96];
    struct loop *loop;
    struct outbox outbox;
    struct audit_options options;
    struct audit *audit;
    struct note note;
};

static err outbox_read(void *owner, uint64_t after, size_t max, bool (*visit)(void *, uint64_t, bytes),
                       void *visitor)
{
    struct outbox *o = owner;
    for (size_t i = 0; i < o->n && max; i++) {
        if (o->rows[i].row <= after || o->rows[i].row <= o->done) continue;
        if (!visit(visitor, o->rows[i].row, o->rows[i].event)) break;
        max--;
    }
    return DONE;
}

static void outbox_done(void *owner, uint64_t row)
{
    struct outbox *o = owner;
    if (!o->crash) o->done = row;
}

static void add_row(struct outbox *o)
{
    o->rows[o->n++] = (struct event_row){++o->last, BYTES("{\"name\":\"token.create\"}")};
}

static int set_up(void **state)
{
    struct scene *s = calloc(1, sizeof *s);
    log_set_level(LOG_ERROR);
    snprintf(s->folder, sizeof s->folder, "/tmp/latchkey-audit-XXXXXX");
    assert_non_null(mkdtemp(s->folder));
    snprintf(s->trail, sizeof s->trail, "%s/audit", s->folder);
    assert_ok(loop_new(NULL, &s->loop));
    s->options.folder = s->trail;
    s->options.sync_ms = 1;
    s->options.outbox = (struct audit_outbox){&s->outbox, outbox_read, outbox_done, 0};
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *s = *state;
    char command[128];
    loop_free(s->loop);
    snprintf(command, sizeof command, "rm -rf %s", s->folder);
    assert_int_equal(system(command), 0);
    free(s);
    return 0;
}

static void start(struct scene *s)
{
    s->options.outbox.last = s->outbox.last;
    const err e = audit_open(&s->options, &s->audit, &s->note);
    if (!err_is_ok(e)) print_message("%s\n", s->note.text);
    assert_ok(e);
}

static void stop(struct scene *s)
{
    audit_close(s->audit);
    s->audit = NULL;
}

static void note_done(struct audit_take *t)
{
    t->rows = NULL;
}

/* A batch of n new rows; what came of it. */
static err take(struct scene *s, size_t n)
{
    struct audit_take t = {.loop = s->loop, .done = note_done};
    const size_t first = s->outbox.n;
    for (size_t i = 0; i < n; i++) add_row(&s->outbox);
    audit_take(s->audit, &s->outbox.rows[first], n, &t);
    while (t.rows) (void)loop_turn(s->loop, 1000);
    return t.result;
}

static void trail_file(const struct scene *s, uint64_t first, char out[LINES_PATH_MAX])
{
    assert_true(lines_path(s->trail, first, out));
}

static struct wr read_file(const char *path)
{
    struct wr w = wr_growing(1 << 20);
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    for (int c = getc(f); c != EOF; c = getc(f)) wr_u8(&w, (uint8_t)c);
    fclose(f);
    return w;
}

static void write_file(const char *path, bytes b)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    if (b.n) assert_int_equal(fwrite(b.p, 1, b.n, f), b.n);
    fclose(f);
}

static err verify(struct scene *s, const struct chain *known, struct verify_report *report)
{
    return verify_trail(s->trail, known, report, &s->note);
}

/* Offsets of the lines, and one past the last. */
static size_t line_offsets(bytes b, size_t *at)
{
    size_t n = 0;
    at[0] = 0;
    for (size_t i = 0; i < b.n; i++) {
        if (b.p[i] == '\n') at[++n] = i + 1;
    }
    return n;
}

static void finds_edits_deletions_moves_and_cuts(void **state)
{
    struct scene *s = *state;
    struct verify_report report;
    char path[LINES_PATH_MAX];
    start(s);
    assert_ok(take(s, 5));
    stop(s);
    trail_file(s, 1, path);
    struct wr whole = read_file(path);
    size_t at[8];
    const size_t n = line_offsets(wr_view(&whole), at);
    assert_int_equal(n, 5);
    assert_ok(verify(s, NULL, &report));
    assert_int_equal(report.records, 5);
    const struct chain head = report.last;
    assert_ok(verify(s, &head, &report));

    uint8_t *copy = malloc(whole.n);
    memcpy(copy, whole.p, whole.n);
    copy[at[2] + 30] ^= 1;
    write_file(path, bytes_of(copy, whole.n));
    assert_err(verify(s, NULL, &report), AUDIT_BROKEN);

    for (size_t gone = 0; gone < n; gone++) {
        const size_t size = at[gone + 1] - at[gone];
        memcpy(copy, whole.p, at[gone]);
        memcpy(copy + at[gone], whole.p + at[gone + 1], whole.n - at[gone + 1]);
        write_file(path, bytes_of(copy, whole.n - size));
        /* Without the first or the last record the rest is a chain: a known head tells. */
        const bool ends = gone == 0 || gone == n - 1;
        const err e = verify(s, NULL, &report);
        if (ends) assert_ok(e);
        else assert_err(e, AUDIT_BROKEN);
        if (gone == 0) assert_true(report.begins_later);
        if (gone == n - 1) assert_err(verify(s, &head, &report), AUDIT_BROKEN);
    }

    const size_t one = at[2] - at[1];
    const size_t two = at[3] - at[2];
    memcpy(copy, whole.p, whole.n);
    memcpy(copy + at[1], whole.p + at[2], two);
    memcpy(copy + at[1] + two, whole.p + at[1], one);
    write_file(path, bytes_of(copy, whole.n));
    assert_err(verify(s, NULL, &report), AUDIT_BROKEN);

    write_file(path, bytes_of(whole.p, whole.n - 1));
    assert_err(verify(s, NULL, &report), AUDIT_BROKEN);

    struct chain forged = head;
    forged.hash[3] ^= 1;
    write_file(path, wr_view(&whole));
    assert_err(verify(s, &forged, &report), AUDIT_BROKEN);
    assert_ok(verify(s, &head, &report));
    free(copy);
    wr_drop(&whole);
}

static void refuses_wide_modes_and_changed_records(void **state)
{
    struct scene *s = *state;
    char path[LINES_PATH_MAX];
    start(s);
    assert_ok(take(s, 3));
    stop(s);
    trail_file(s, 1, path);
    assert_int_equal(chmod(path, 0640), 0);
    assert_err(audit_open(&s->options, &s->audit, &s->note), MODE_TOO_WIDE);
    assert_int_equal(chmod(path, 0600), 0);
    assert_int_equal(chmod(s->trail, 0755), 0);
    assert_err(audit_open(&s->options, &s->audit, &s->note), MODE_TOO_WIDE);
    assert_int_equal(chmod(s->trail, 0700), 0);
    struct wr whole = read_file(path);
    whole.p[40] ^= 1;
    write_file(path, wr_view(&whole));
    assert_err(audit_open(&s->options, &s->audit, &s->note), AUDIT_BROKEN);
    wr_drop(&whole);
}

/* At every cut of the last record, and with bytes that the disk never wrote. */
static void cuts_a_torn_tail_and_takes_the_row_again(void **state)
{
    struct scene *s = *state;
    struct verify_report report;
    char path[LINES_PATH_MAX];
    s->outbox.crash = true;
    start(s);
    assert_ok(take(s, 4));
    stop(s);
    trail_file(s, 1, path);
    struct wr whole = read_file(path);
    size_t at[8];
    line_offsets(wr_view(&whole), at);
    for (size_t cut = at[3] + 1; cut <= whole.n; cut += 7) {
        uint8_t *torn = calloc(1, whole.n);
        memcpy(torn, whole.p, cut - 1);
        write_file(path, bytes_of(torn, cut % 2 ? cut - 1 : whole.n));
        start(s);
        stop(s);
        assert_ok(verify(s, NULL, &report));
        assert_int_equal(report.last.row, 4);
        assert_in_range(report.records, 4, 5);    /* 4 rows, and that the tail was cut */
        free(torn);
    }
    wr_drop(&whole);
}

static bool count_record(void *owner, const struct chain_record *r, bytes line)
{
    (void)r;
    (void)line;
    ++*(size_t *)owner;
    return true;
}

static size_t records_in(struct scene *s)
{
    size_t n = 0;
    assert_ok(tail_read(s->trail, 0, SIZE_MAX, count_record, &n, &s->note));
    return n;
}

static void takes_every_row_once_after_a_crash(void **state)
{
    struct scene *s = *state;
    struct verify_report report;
    for (int i = 0; i < 3; i++) add_row(&s->outbox);
    s->outbox.crash = true;    /* appended, and dead before the outbox heard of it */
    start(s);
    assert_ok(take(s, 2));
    stop(s);
    assert_int_equal(s->outbox.done, 0);
    assert_int_equal(records_in(s), 5);
    s->outbox.crash = false;
    start(s);
    assert_int_equal(s->outbox.done, 5);
    assert_ok(take(s, 1));
    stop(s);
    assert_int_equal(records_in(s), 6);
    assert_int_equal(s->outbox.done, 6);
    assert_ok(verify(s, NULL, &report));
    assert_int_equal(report.last.row, 6);
}

static void notices_a_restored_store(void **state)
{
    struct scene *s = *state;
    struct verify_report report;
    start(s);
    assert_ok(take(s, 5));
    stop(s);
    s->outbox = (struct outbox){.last = 2, .done = 2};
    start(s);
    assert_ok(take(s, 1));
    stop(s);
    assert_ok(verify(s, NULL, &report));
    assert_int_equal(report.records, 7);    /* and that the store is older */
    assert_int_equal(report.last.row, 3);
}

static void limit_file_size(rlim_t n)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = n;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void says_when_it_cannot_be_written_and_goes_on(void **state)
{
    struct scene *s = *state;
    struct verify_report report;
    signal(SIGXFSZ, SIG_IGN);
    start(s);
    assert_ok(take(s, 2));
    limit_file_size(700);
    assert_err(take(s, 2), AUDIT_FAILED);
    assert_false(audit_is_well(s->audit));
    assert_err(take(s, 1), AUDIT_FAILED);
    limit_file_size(RLIM_INFINITY);
    assert_ok(take(s, 1));
    assert_true(audit_is_well(s->audit));
    stop(s);
    assert_ok(verify(s, NULL, &report));
    assert_int_equal(report.last.row, 6);
    assert_int_equal(report.records, 7);    /* six rows, and that it recovered */
    assert_int_equal(s->outbox.done, 6);
}

static void rotates_and_keeps_few(void **state)
{
    struct scene *s = *state;
    struct verify_report report;
    uint64_t *firsts = NULL;
    size_t n = 0;
    s->options.rotate_bytes = 500;
    s->options.keep_files = 3;
    start(s);
    for (int i = 0; i < 20; i++) assert_ok(take(s, 1));
    stop(s);
    assert_ok(lines_list(s->trail, &firsts, &n, &s->note));
    assert_int_equal(n, 3);
    free(firsts);
    assert_ok(verify(s, NULL, &report));
    assert_true(report.begins_later);
    assert_int_equal(report.last.seq, 20);
    start(s);
    assert_ok(take(s, 1));
    stop(s);
    assert_ok(verify(s, NULL, &report));
    assert_int_equal(report.last.seq, 21);
}

static struct event_draft stranger(const char *peer)
{
    struct event_draft d = {.name = "cql.login", .outcome = "refused"};
    snprintf(d.peer, sizeof d.peer, "%s", peer);
    return d;
}

static void counts_strangers_instead_of_recording_each(void **state)
{
    struct scene *s = *state;
    start(s);
    for (int i = 0; i < 1000; i++) {
        char peer[32];
        snprintf(peer, sizeof peer, "192.0.2.%d:%d", i % 250, 1000 + i);
        const struct event_draft d = stranger(peer);
        audit_record(s->audit, &d);
    }
    stop(s);
    assert_in_range(records_in(s), 1, 2);    /* two when the minute changed meanwhile */
}

static void counts_what_found_no_room(void **state)
{
    struct scene *s = *state;
    struct event_draft d = {.name = "api.read", .outcome = "done"};
    s->options.buffer_bytes = 300;
    start(s);
    for (int i = 0; i < 1000; i++) audit_record(s->audit, &d);
    stop(s);
    const size_t n = records_in(s);
    assert_in_range(n, 3, 900);
}

struct last_event {
    char text[512];
};

static bool keep_event(void *owner, const struct chain_record *r, bytes line)
{
    (void)line;
    struct last_event *e = owner;
    snprintf(e->text, sizeof e->text, "%.*s", BYTES_FMT(r->event));
    return true;
}

static void tail_gives_the_newest(void **state)
{
    struct scene *s = *state;
    size_t n = 0;
    struct last_event last;
    struct event_draft d = {.name = "token.delete", .outcome = "done"};
    d.who.kind = PRINCIPAL_OPERATOR;
    memcpy(d.who.name, "operator uid=0", 15);
    d.subject = BYTES("a\"b\n\xff");
    d.detail = BYTES("{\"b\": 2, \"a\": [1, 2]}");
    s->options.rotate_bytes = 400;
    start(s);
    assert_ok(take(s, 4));
    audit_record(s->audit, &d);
    stop(s);
    assert_err(tail_read("/nonexistent", 0, 1, count_record, &n, &s->note), NOT_FOUND);
    assert_ok(tail_read(s->trail, 0, 3, count_record, &n, &s->note));
    assert_int_equal(n, 3);
    n = 0;
    assert_ok(tail_read(s->trail, 5, 3, count_record, &n, &s->note));
    assert_int_equal(n, 0);
    assert_ok(tail_read(s->trail, 4, 3, keep_event, &last, &s->note));
    assert_non_null(strstr(last.text, "\"name\":\"token.delete\",\"outcome\":\"done\",\"who\":{\"kind\":"
                                      "\"operator\",\"name\":\"operator uid=0\"},\"subject\":"
                                      "\"a\\\"b\\u000a\xef\xbf\xbd\",\"detail\":{\"a\":[1,2],\"b\":2}}"));
}

/* --- many threads, for ThreadSanitizer --- */

enum { THREADS = 4, EACH = 200 };

static void *record_many(void *owner)
{
    struct scene *s = owner;
    struct event_draft d = {.name = "api.read", .outcome = "done"};
    for (int i = 0; i < EACH; i++) {
        const struct event_draft refused = stranger("2001:db8::7");
        audit_record(s->audit, &d);
        audit_record(s->audit, &refused);
        (void)audit_head(s->audit);
        (void)audit_is_well(s->audit);
    }
    return NULL;
}

static void many_threads_record(void **state)
{
    struct scene *s = *state;
    struct verify_report report;
    pthread_t threads[THREADS];
    start(s);
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, record_many, s), 0);
    }
    for (int i = 0; i < 10; i++) assert_ok(take(s, 2));
    for (int i = 0; i < THREADS; i++) assert_int_equal(pthread_join(threads[i], NULL), 0);
    stop(s);
    assert_ok(verify(s, NULL, &report));
    assert_in_range(report.records, THREADS * EACH + 21, THREADS * EACH + 22);
}

#define SCENE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
UNIT_MAIN(SCENE(finds_edits_deletions_moves_and_cuts), SCENE(refuses_wide_modes_and_changed_records),
          SCENE(cuts_a_torn_tail_and_takes_the_row_again), SCENE(takes_every_row_once_after_a_crash),
          SCENE(notices_a_restored_store), SCENE(says_when_it_cannot_be_written_and_goes_on),
          SCENE(rotates_and_keeps_few), SCENE(counts_strangers_instead_of_recording_each),
          SCENE(counts_what_found_no_room), SCENE(tail_gives_the_newest), SCENE(many_threads_record))
