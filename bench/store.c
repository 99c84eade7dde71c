/* What durability costs: token creates with their audit records, one and many under way, against
 * overwriting and syncing one block of the same disk; and the start scan against SQLite's own.
 *
 * store commits FOLDER          in turn: overwrite and sync 1 block, the same by another thread for this one,
 *                               as many blocks as a commit writes, SQLite alone, a create; then 1 and 16 under way
 * store scan FOLDER TOKENS      makes a store of so many tokens (0: it is there), then rounds of both scans.
 *                               Their ids rise, so that making ten million takes minutes, not an hour */
#include "yardstick.h"

#include "audit/audit.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/random.h"
#include "loop/work.h"
#include "model/permit_issue.h"
#include "store/store.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    ROUNDS = 9,
    ROUND_MS = 300,
    TURNS = 301,
    WRITERS = 16,
    COMMIT_BLOCKS = 4,
    LOAD_BATCH = 500
};

struct bench {
    struct store *store;
    struct audit *audit;
    const struct permit *permit;
    struct arena arena;
    struct uuid scope;
};

/* --- the wiring that the daemon has: one loop asks for creates, hears of what is committed and answers --- */

static struct loop *loop;

struct passage {
    struct store_batch *batch;
    struct loop_note arrival;
    struct audit_take take;
};

/* Here the daemon changes its index. */
static void arrive(struct loop *l, struct loop_note *n)
{
    (void)l;
    (void)n;
}

static void recorded(struct audit_take *t)
{
    struct passage *p = LOOP_OF(t, struct passage, take);
    store_batch_finish(p->batch, t->result);
    free(p);
}

static void committed(void *owner, struct store_batch *batch)
{
    struct bench *b = owner;
    struct passage *p = calloc(1, sizeof *p);
    const struct event_row *rows;
    const size_t rows_n = store_batch_outbox(batch, &rows);
    CHECK(p);
    p->batch = batch;
    p->arrival.run = arrive;
    p->take = (struct audit_take){.loop = loop, .done = recorded};
    loop_post(loop, &p->arrival);
    audit_take(b->audit, rows, rows_n, &p->take);
}

static err outbox_read(void *owner, uint64_t after, size_t max, bool (*visit)(void *, uint64_t, bytes),
                       void *visitor)
{
    const struct bench *b = owner;
    return store_outbox_read(b->store, after, max, visit, visitor);
}

static void outbox_done(void *owner, uint64_t row)
{
    const struct bench *b = owner;
    store_outbox_done(b->store, row);
}

static void must(err e, const struct note *note)
{
    if (err_is_ok(e)) return;
    fprintf(stderr, "%s: %s\n", err_text(e), note ? note->text : "");
    exit(1);
}

/* --- tokens --- */

static const struct uuid role = {{7}};

static struct change new_token(const struct bench *b)
{
    struct change c = {.verb = CHANGE_PUT, .expect = CHANGE_ABSENT, .record.kind = RECORD_TOKEN};
    struct record_token *t = &c.record.of.token;
    random_fill(t->client_id, sizeof t->client_id);
    for (int i = 0; i < TOKEN_CLIENT_ID; i++) t->client_id[i] = (char)('A' + (uint8_t)t->client_id[i] % 26);
    random_fill(t->verifier, sizeof t->verifier);
    t->scope = b->scope;
    t->key_id = 1;
    t->created_ns = clock_utc_ns();
    t->expires_ms = CLOCK_NEVER_MS;
    t->roles = &role;
    t->roles_n = 1;
    t->description = BYTES("made by the benchmark");
    t->created_by = BYTES("operator uid=0");
    c.by.action = record_write_action(RECORD_TOKEN);
    c.by.on = record_scope(&c.record);
    return c;
}

struct writer {
    struct bench *bench;
    struct store_commit commit;
    uint64_t done;
    bool waiting;
    bool *running;            /* NULL: one create and no more */
};

static void create(struct writer *w);

static void arrived(struct store_commit *c)
{
    struct writer *w = LOOP_OF(c, struct writer, commit);
    must(c->result, &c->note);
    w->waiting = false;
    w->done++;
    if (w->running && *w->running) create(w);
}

static void create(struct writer *w)
{
    const struct change c = new_token(w->bench);
    struct event_draft event = {.name = "token.create", .outcome = "done", .peer = "127.0.0.1",
                                .scope = w->bench->scope};
    event.subject = bytes_of(c.record.of.token.client_id, TOKEN_CLIENT_ID);
    w->commit = (struct store_commit){.loop = loop, .done = arrived};
    w->waiting = true;
    store_commit(w->bench->store, w->bench->permit, &c, 1, &event, &w->commit);
}

static void wait_for(const struct writer *w)
{
    while (w->waiting) (void)loop_turn(loop, 1000);
}

/* A second. */
static double creates(struct bench *b, int writers)
{
    struct writer w[WRITERS] = {{0}};
    uint64_t done = 0;
    bool running = true;
    const uint64_t start = clock_mono_ns();
    for (int i = 0; i < writers; i++) {
        w[i] = (struct writer){.bench = b, .running = &running};
        create(&w[i]);
    }
    while (clock_mono_ns() - start < (uint64_t)ROUND_MS * 1000000) (void)loop_turn(loop, 10);
    running = false;
    for (int i = 0; i < writers; i++) {
        wait_for(&w[i]);
        done += w[i].done;
    }
    return (double)done * 1e9 / (double)(clock_mono_ns() - start);
}

/* The same on another thread, and the way there and back: the least that a loop that must not block pays. */
struct errand {
    struct work_job job;
    struct yardstick *yardstick;
    bool waiting;
};

static struct work *work;

static void run_errand(struct work_job *j)
{
    yardstick_overwrite(LOOP_OF(j, struct errand, job)->yardstick, 1);
}

static void errand_done(struct loop *l, struct work_job *j)
{
    (void)l;
    LOOP_OF(j, struct errand, job)->waiting = false;
}

static void overwrite_elsewhere(struct yardstick *y)
{
    struct errand e = {.job = {.run = run_errand, .done = errand_done, .loop = loop}, .yardstick = y, .waiting = true};
    must(work_submit(work, &e.job), NULL);
    while (e.waiting) (void)loop_turn(loop, 1000);
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double median_of(double *values, size_t n)
{
    qsort(values, n, sizeof values[0], by_value);
    return values[n / 2];
}

static double median(const double *values)
{
    double sorted[ROUNDS];
    memcpy(sorted, values, sizeof sorted);
    return median_of(sorted, ROUNDS);
}

static void open_all(struct bench *b, const char *folder, bool create)
{
    char path[4096];
    char trail[4096];
    struct note note = {{0}};
    struct store_numbers numbers;
    snprintf(path, sizeof path, "%s/latchkey.db", folder);
    snprintf(trail, sizeof trail, "%s/audit", folder);
    const struct store_sqlite_options o = {.path = path, .create = create};
    const struct store_ports ports = {.owner = b, .committed = committed};
    must(store_sqlite_open(&o, &ports, &b->store, &note), &note);
    must(store_count(b->store, &numbers), NULL);
    const struct audit_options a = {.folder = trail,
                                    .outbox = {b, outbox_read, outbox_done, numbers.outbox_last}};
    must(audit_open(&a, &b->audit, &note), &note);
}

/* Medians of a round, microseconds; one of each in turn, so that a busy disk hits all alike. */
struct times {
    double block;
    double elsewhere;
    double blocks;
    double alone;
    double create;
};

static double since_us(uint64_t start)
{
    return (double)(clock_mono_ns() - start) / 1e3;
}

static struct times in_turn(struct yardstick *y, struct writer *w)
{
    static double one[TURNS];
    static double elsewhere[TURNS];
    static double four[TURNS];
    static double alone[TURNS];
    static double creation[TURNS];
    for (int i = 0; i < TURNS; i++) {
        uint64_t start = clock_mono_ns();
        yardstick_overwrite(y, 1);
        one[i] = since_us(start);
        start = clock_mono_ns();
        overwrite_elsewhere(y);
        elsewhere[i] = since_us(start);
        start = clock_mono_ns();
        yardstick_overwrite(y, COMMIT_BLOCKS);
        four[i] = since_us(start);
        start = clock_mono_ns();
        yardstick_insert(y);
        alone[i] = since_us(start);
        start = clock_mono_ns();
        create(w);
        wait_for(w);
        creation[i] = since_us(start);
    }
    return (struct times){median_of(one, TURNS), median_of(elsewhere, TURNS), median_of(four, TURNS),
                          median_of(alone, TURNS), median_of(creation, TURNS)};
}

static void measure_rounds(struct bench *b, struct yardstick *y)
{
    double to_block[ROUNDS];
    double to_elsewhere[ROUNDS];
    double to_blocks[ROUNDS];
    double to_alone[ROUNDS];
    double gain[ROUNDS];
    struct writer w = {.bench = b};
    printf("| round | overwrite and sync 1 block, µs | by another thread, µs | %d blocks, µs | SQLite alone, µs |"
           " create, µs | rate to 1 block | to another thread's | to %d blocks | to SQLite alone | creates/s by 1 |"
           " by %d | by %d to by 1 |\n"
           "|---|---|---|---|---|---|---|---|---|---|---|---|---|\n",
           COMMIT_BLOCKS, COMMIT_BLOCKS, WRITERS, WRITERS);
    for (int i = 0; i < ROUNDS; i++) {
        const struct times t = in_turn(y, &w);
        const double one = creates(b, 1);
        const double many = creates(b, WRITERS);
        to_block[i] = t.block / t.create;
        to_elsewhere[i] = t.elsewhere / t.create;
        to_blocks[i] = t.blocks / t.create;
        to_alone[i] = t.alone / t.create;
        gain[i] = many / one;
        printf("| %d | %.0f | %.0f | %.0f | %.0f | %.0f | %.2f | %.2f | %.2f | %.2f | %.0f | %.0f | %.1f |\n", i + 1,
               t.block, t.elsewhere, t.blocks, t.alone, t.create, to_block[i], to_elsewhere[i], to_blocks[i],
               to_alone[i], one, many, gain[i]);
    }
    printf("| median | | | | | | %.2f | %.2f | %.2f | %.2f | | | %.1f |\n", median(to_block), median(to_elsewhere),
           median(to_blocks), median(to_alone), median(gain));
}

static void measure_commits(struct bench *b, const char *folder)
{
    must(work_new(1, 1, &work), NULL);
    open_all(b, folder, true);
    struct yardstick *y = yardstick_open(folder);
    (void)creates(b, WRITERS);
    measure_rounds(b, y);
    yardstick_close(y);
    store_close(b->store);
    audit_close(b->audit);
    work_free(work);
}

/* --- the start scan --- */

static bool count_record(void *owner, const struct record *r)
{
    CHECK(r->of.token.roles_n == 1);
    ++*(uint64_t *)owner;
    return true;
}

static double our_scan(struct store *s)
{
    uint64_t n = 0;
    const uint64_t start = clock_mono_ns();
    must(store_scan(s, RECORD_TOKEN, NULL, (bytes){0}, SIZE_MAX, count_record, &n, NULL), NULL);
    CHECK(n > 0);
    return (double)(clock_mono_ns() - start) / 1e6;
}

/* Every column of every row touched, as a plain program would. */
static double plain_scan(const char *path)
{
    sqlite3 *db;
    sqlite3_stmt *q;
    uint64_t sum = 0;
    const uint64_t start = clock_mono_ns();
    CHECK(sqlite3_open(path, &db) == SQLITE_OK);
    CHECK(sqlite3_prepare_v2(db, "SELECT version, id, body FROM record WHERE kind = 5 ORDER BY id", -1, &q,
                             NULL) == SQLITE_OK);
    while (sqlite3_step(q) == SQLITE_ROW) {
        const uint8_t *body = sqlite3_column_blob(q, 2);
        sum += (uint64_t)sqlite3_column_int64(q, 0) + *sqlite3_column_text(q, 1) + body[0];
    }
    sqlite3_finalize(q);
    CHECK(sqlite3_close(db) == SQLITE_OK);
    CHECK(sum > 0);
    return (double)(clock_mono_ns() - start) / 1e6;
}

/* The first letters count. */
static void number(struct change *c, uint64_t n)
{
    char *id = c->record.of.token.client_id;
    for (int i = 7; i >= 0; i--, n /= 26) id[i] = (char)('A' + n % 26);
}

static void load(struct bench *b, uint64_t tokens)
{
    struct writer w = {.bench = b};
    struct change *list = calloc(LOAD_BATCH, sizeof *list);
    CHECK(list);
    for (uint64_t made = 0; made < tokens; made += LOAD_BATCH) {
        for (int i = 0; i < LOAD_BATCH; i++) {
            list[i] = new_token(b);
            number(&list[i], made + (uint64_t)i);
        }
        w.commit = (struct store_commit){.loop = loop, .done = arrived};
        w.waiting = true;
        store_commit(b->store, b->permit, list, LOAD_BATCH, NULL, &w.commit);
        wait_for(&w);
    }
    free(list);
}

static void measure_scan(struct bench *b, const char *folder, uint64_t tokens)
{
    char path[4096];
    double plain[ROUNDS];
    double ours[ROUNDS];
    double ratio[ROUNDS];
    struct note note = {{0}};
    snprintf(path, sizeof path, "%s/latchkey.db", folder);
    if (tokens) {
        const struct store_sqlite_options o = {.path = path, .create = true, .checkpoint_pages = 65536};
        must(store_sqlite_open(&o, NULL, &b->store, &note), &note);
        load(b, tokens);
        store_close(b->store);
    }
    const struct store_sqlite_options again = {.path = path};
    must(store_sqlite_open(&again, NULL, &b->store, &note), &note);
    printf("| round | plain SQLite ms | ours ms | ratio |\n|---|---|---|---|\n");
    for (int i = 0; i < ROUNDS; i++) {
        plain[i] = plain_scan(path);
        ours[i] = our_scan(b->store);
        ratio[i] = ours[i] / plain[i];
        printf("| %d | %.0f | %.0f | %.2f |\n", i + 1, plain[i], ours[i], ratio[i]);
    }
    printf("| median | %.0f | %.0f | %.2f |\n", median(plain), median(ours), median(ratio));
    store_close(b->store);
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: store commits FOLDER | store scan FOLDER TOKENS   (an empty folder, 0700)\n");
        return 2;
    }
    struct bench b = {.scope = {{1}}};
    const struct principal who = {.kind = PRINCIPAL_OPERATOR, .name = "operator uid=0"};
    arena_init(&b.arena, 1 << 20);
    b.permit = permit_issue(&b.arena, &who, NULL, 0);
    must(loop_new(NULL, &loop), NULL);
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (strcmp(argv[1], "commits") == 0) measure_commits(&b, argv[2]);
    else if (argc > 3) measure_scan(&b, argv[2], strtoull(argv[3], NULL, 10));
    loop_free(loop);
    arena_drop(&b.arena);
    return 0;
}
