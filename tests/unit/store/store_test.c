/* The common half: permits, rechecks, batches, names, and many threads at once. */
#include "fixture.h"

#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>

#include "base/log.h"

struct scene {
    struct fixture f;
    struct store *store;
    pthread_mutex_t lock;
    struct store_batch *held;     /* given by the writer, not finished yet */
    bool hold;
    err recheck;
    struct change *comes;         /* submitted while the writer is about another one */
    size_t comes_n;
    struct fixture_wait come;
    struct fixture_wait *crowd;   /* the same, more than one transaction takes */
    uint64_t batches;
    uint64_t commits;
    uint64_t last_sequence;
    uint64_t last_row;
    size_t changes;
};

enum { CROWD = 1200 };

static void submit_crowd(struct scene *s, struct fixture_wait *crowd)
{
    for (unsigned i = 0; i < CROWD; i++) {
        const struct change c = fixture_change(CHANGE_PUT, 0, fixture_token(10 + i, 0, "x"));
        fixture_submit(&s->f, s->store, &c, 1, "test.put", &crowd[i]);
    }
}

static err recheck(void *owner, const struct permit *p)
{
    struct scene *s = owner;
    assert_non_null(p);
    pthread_mutex_lock(&s->lock);
    const err e = s->recheck;
    s->commits++;
    struct change *comes = s->comes;
    s->comes = NULL;
    struct fixture_wait *crowd = s->crowd;
    s->crowd = NULL;
    pthread_mutex_unlock(&s->lock);
    if (crowd) submit_crowd(s, crowd);
    if (comes) fixture_submit(&s->f, s->store, comes, s->comes_n, "test.put", &s->come);
    return e;
}

static void committed(void *owner, struct store_batch *b)
{
    struct scene *s = owner;
    const struct change *changes;
    const struct event_row *rows;
    pthread_mutex_lock(&s->lock);
    s->batches++;
    s->changes += store_batch_changes(b, &changes);
    const size_t n = store_batch_outbox(b, &rows);
    for (size_t i = 0; i < n; i++) assert_int_equal(rows[i].row, ++s->last_row);
    assert_true(store_batch_sequence(b) == s->last_sequence + 1);
    s->last_sequence++;
    const bool hold = s->hold;
    if (hold) s->held = b;
    pthread_mutex_unlock(&s->lock);
    if (!hold) store_batch_finish(b, DONE);
}

static int set_up(void **state)
{
    struct scene *s = calloc(1, sizeof *s);
    log_set_level(LOG_ERROR);
    fixture_init(&s->f);
    assert_int_equal(pthread_mutex_init(&s->lock, NULL), 0);
    const struct store_ports ports = {s, recheck, committed};
    s->store = fixture_open(&s->f, true, &ports);
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *s = *state;
    store_close(s->store);
    pthread_mutex_destroy(&s->lock);
    fixture_drop(&s->f);
    free(s);
    return 0;
}

/* In a process of its own: the store ends it. */
static void no_permit_no_write(void **state)
{
    struct scene *s = *state;
    const struct principal who = {.kind = PRINCIPAL_TOKEN};
    struct change c = fixture_change(CHANGE_PUT, 0, fixture_token(1, 0, "x"));
    const struct ask other = {c.by.action, resource_organization(&(struct uuid){{9}})};
    const struct permit *wrong[] = {NULL, permit_issue(&s->f.arena, &who, NULL, 0),
                                    permit_issue(&s->f.arena, &who, &other, 1)};
    for (size_t i = 0; i < 3; i++) {
        const pid_t child = fork();
        if (child == 0) {
            struct store_commit commit = {.loop = s->f.loop, .done = fixture_arrived};
            signal(SIGABRT, SIG_DFL);
            (void)!freopen("/dev/null", "w", stderr);
            store_commit(s->store, wrong[i], &c, 1, NULL, &commit);
            _exit(0);
        }
        int status = 0;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    }
    const struct permit *right = permit_issue(&s->f.arena, &who, &c.by, 1);
    s->f.permit = right;
    assert_ok(fixture_commit(&s->f, s->store, &c, 1, "token.create").result);
}

static void a_permit_that_ended_meanwhile_writes_nothing(void **state)
{
    struct scene *s = *state;
    s->recheck = FAIL(NOT_ALLOWED);
    assert_err(fixture_put(&s->f, s->store, 0, fixture_token(1, 0, "x")), NOT_ALLOWED);
    s->recheck = FAIL(AUDIT_FAILED);
    assert_err(fixture_put(&s->f, s->store, 0, fixture_token(1, 0, "x")), AUDIT_FAILED);
    s->recheck = DONE;
    struct store_numbers n;
    assert_ok(store_count(s->store, &n));
    assert_int_equal(n.records[RECORD_TOKEN], 0);
    assert_int_equal(n.outbox, 0);
    assert_int_equal(s->batches, 0);
    assert_ok(fixture_put(&s->f, s->store, 0, fixture_token(1, 0, "x")));
}

static void wait_for_held(struct scene *s)
{
    bool there = false;
    while (!there) {
        pthread_mutex_lock(&s->lock);
        there = s->held != NULL;
        pthread_mutex_unlock(&s->lock);
        sched_yield();
    }
}

static void done_waits_for_the_batch_to_be_finished(void **state)
{
    struct scene *s = *state;
    struct fixture_wait w;
    const struct change c = fixture_change(CHANGE_PUT, 0, fixture_token(1, 0, "x"));
    s->hold = true;
    fixture_submit(&s->f, s->store, &c, 1, "token.create", &w);
    wait_for_held(s);
    (void)loop_turn(s->f.loop, 0);
    assert_false(w.done);
    const struct change *changes;
    assert_int_equal(store_batch_changes(s->held, &changes), 1);
    assert_int_equal(changes[0].record.version, 1);
    assert_bytes(changes[0].record.of.token.description, "x");
    store_batch_finish(s->held, FAIL(AUDIT_FAILED));
    while (!w.done) (void)loop_turn(s->f.loop, 1000);
    assert_err(w.commit.result, AUDIT_FAILED);
    s->hold = false;
}

static void names_are_one_of_a_kind_in_their_scope(void **state)
{
    struct scene *s = *state;
    struct store *store = s->store;
    struct fixture *f = &s->f;
    assert_ok(fixture_put(f, store, 0, fixture_role(1, 1, "Reader")));
    assert_err(fixture_put(f, store, 0, fixture_role(2, 1, "READER")), NAME_TAKEN);
    assert_ok(fixture_put(f, store, 0, fixture_role(2, 2, "READER")));
    assert_ok(fixture_put(f, store, 0, fixture_role(3, 1, "\xc3\x84rger \xce\xa3 \xd0\x96")));
    assert_err(fixture_put(f, store, 0, fixture_role(4, 1, "\xc3\xa4rger \xcf\x83 \xd0\xb6")), NAME_TAKEN);
    assert_ok(fixture_put(f, store, 1, fixture_role(1, 1, "reader")));
    assert_ok(fixture_put(f, store, 2, fixture_role(1, 1, "Other")));
    assert_ok(fixture_put(f, store, 0, fixture_role(4, 1, "reader")));
    assert_err(fixture_put(f, store, 3, fixture_role(1, 1, "Reader")), NAME_TAKEN);
    assert_ok(fixture_remove(f, store, CHANGE_ANY_VERSION, fixture_role(4, 1, "")));
    assert_ok(fixture_put(f, store, 3, fixture_role(1, 1, "Reader")));
    /* In one commit: the name moves from one to the other. */
    const struct change both[] = {fixture_change(CHANGE_REMOVE, 4, fixture_role(1, 1, "")),
                                  fixture_change(CHANGE_PUT, 0, fixture_role(7, 1, "READER"))};
    assert_ok(fixture_commit(f, store, both, 2, NULL).result);
    struct note note = {{0}};
    assert_ok(store_check(store, &note));
}

static void another_scope_s_record_is_absent(void **state)
{
    struct scene *s = *state;
    assert_ok(fixture_put(&s->f, s->store, 0, fixture_token(1, 1, "mine")));
    assert_err(fixture_remove(&s->f, s->store, CHANGE_ANY_VERSION, fixture_token(1, 2, "")), NOT_FOUND);
    assert_err(fixture_put(&s->f, s->store, CHANGE_ANY_VERSION, fixture_token(1, 2, "theirs")), NOT_FOUND);
    assert_err(fixture_put(&s->f, s->store, 7, fixture_token(1, 1, "mine")), VERSION_CHANGED);
    assert_err(fixture_put(&s->f, s->store, 0, fixture_token(1, 1, "mine")), CONFLICT);
    assert_err(fixture_put(&s->f, s->store, 1, fixture_token(2, 1, "none")), NOT_FOUND);
    assert_ok(fixture_remove(&s->f, s->store, 1, fixture_token(1, 1, "")));
    assert_err(fixture_remove(&s->f, s->store, CHANGE_ANY_VERSION, fixture_token(1, 1, "")), NOT_FOUND);
}

static void one_refused_commit_disturbs_no_other(void **state)
{
    struct scene *s = *state;
    enum { N = 300 };
    static struct fixture_wait waits[N];
    s->hold = false;
    for (unsigned i = 0; i < N; i++) {
        /* Every third one is refused in its second change, after its first was applied. */
        const struct change c[] = {fixture_change(CHANGE_PUT, 0, fixture_token(i, 0, "x")),
                                   fixture_change(CHANGE_PUT, i % 3 ? 0 : 5, fixture_role(i, 0, "")) };
        fixture_submit(&s->f, s->store, c, 2, "test.put", &waits[i]);
    }
    for (unsigned i = 0; i < N; i++) {
        while (!waits[i].done) (void)loop_turn(s->f.loop, 1000);
        if (i % 3) assert_ok(waits[i].commit.result);
        else assert_err(waits[i].commit.result, NOT_FOUND);
    }
    struct store_numbers n;
    assert_ok(store_count(s->store, &n));
    assert_int_equal(n.records[RECORD_TOKEN], N * 2 / 3);
    assert_int_equal(n.records[RECORD_ROLE], N * 2 / 3);
    assert_int_equal(n.outbox, N * 2 / 3);
    assert_int_equal(s->changes, N * 4 / 3);
    assert_true(s->batches < N);    /* they shared transactions */
}

static void what_may_be_gone_already_is_removed_all_the_same(void **state)
{
    struct scene *s = *state;
    const struct record role = fixture_role(1, 0, "");
    struct change c[2] = {fixture_change(CHANGE_REMOVE, CHANGE_GONE_TOO, role),
                          fixture_change(CHANGE_PUT, 0, fixture_token(1, 0, "x"))};
    assert_ok(fixture_commit(&s->f, s->store, c, 2, "test.remove").result);
    assert_ok(fixture_put(&s->f, s->store, 0, role));
    assert_err(fixture_remove(&s->f, s->store, CHANGE_GONE_TOO, fixture_role(1, 1, "")), NOT_FOUND);
    assert_ok(fixture_remove(&s->f, s->store, CHANGE_GONE_TOO, role));
    assert_err(fixture_remove(&s->f, s->store, CHANGE_ANY_VERSION, role), NOT_FOUND);
}

/* A token and a role, which is refused where it must be there already. */
static void pair(struct change c[2], unsigned n, bool refused)
{
    c[0] = fixture_change(CHANGE_PUT, 0, fixture_token(n, 0, "x"));
    c[1] = fixture_change(CHANGE_PUT, refused ? 5 : 0, fixture_role(n, 0, ""));
}

/* Two commits, the second of which comes while the first is applied. */
static err first_and_second(struct scene *s, bool first_refused, bool second_refused)
{
    struct change first[2];
    struct change second[2];
    pair(first, 1, first_refused);
    pair(second, 2, second_refused);
    s->comes_n = 2;
    s->comes = second;
    const err e = fixture_commit(&s->f, s->store, first, 2, "test.put").result;
    while (!s->come.done) (void)loop_turn(s->f.loop, 1000);
    return e;
}

static uint64_t tokens(struct scene *s)
{
    struct store_numbers n;
    assert_ok(store_count(s->store, &n));
    assert_int_equal(n.records[RECORD_TOKEN], n.records[RECORD_ROLE]);
    assert_int_equal(n.records[RECORD_TOKEN], n.outbox);
    return n.outbox;
}

static void what_comes_while_another_is_applied_shares_its_transaction(void **state)
{
    struct scene *s = *state;
    assert_ok(first_and_second(s, false, false));
    assert_ok(s->come.commit.result);
    assert_int_equal(s->batches, 1);
    assert_int_equal(tokens(s), 2);
}

static void what_comes_and_is_refused_undoes_only_itself(void **state)
{
    struct scene *s = *state;
    assert_ok(first_and_second(s, false, true));
    assert_err(s->come.commit.result, NOT_FOUND);
    assert_int_equal(tokens(s), 1);
}

static void what_comes_while_another_is_refused_takes_nothing_of_it_along(void **state)
{
    struct scene *s = *state;
    assert_err(first_and_second(s, true, false), NOT_FOUND);
    assert_ok(s->come.commit.result);
    assert_int_equal(tokens(s), 1);
}

/* Those that a full transaction does not take go with the next ones. */
static void of_a_crowd_that_comes_meanwhile_nobody_is_left_behind(void **state)
{
    struct scene *s = *state;
    struct fixture_wait *crowd = calloc(CROWD, sizeof *crowd);
    struct store_numbers n;
    assert_non_null(crowd);
    s->crowd = crowd;
    assert_ok(fixture_put(&s->f, s->store, 0, fixture_token(1, 0, "first")));
    assert_ok(fixture_put(&s->f, s->store, 0, fixture_token(2, 0, "behind them all")));
    for (size_t i = 0; i < CROWD; i++) {
        assert_true(crowd[i].done);
        assert_ok(crowd[i].commit.result);
    }
    assert_ok(store_count(s->store, &n));
    assert_int_equal(n.records[RECORD_TOKEN], CROWD + 2);
    assert_int_equal(n.outbox, CROWD + 2);
    assert_true(s->batches >= 3);
    free(crowd);
}

/* --- many threads, for ThreadSanitizer --- */

enum { THREADS = 4, EACH = 50 };

struct writer {
    struct scene *scene;
    unsigned number;
    pthread_t thread;
};

static bool keep_on(void *owner, const struct record *r)
{
    (void)owner;
    (void)r;
    return true;
}

static void *write_many(void *owner)
{
    struct writer *w = owner;
    struct fixture own = {.permit = w->scene->f.permit};
    struct store_numbers numbers;
    struct store *store = w->scene->store;
    assert_ok(loop_new(NULL, &own.loop));
    for (unsigned i = 0; i < EACH; i++) {
        const unsigned token = w->number * EACH + i;
        assert_ok(fixture_put(&own, store, 0, fixture_token(token, 0, "many")));
        if (i % 10 == 0) {
            uint64_t cursor;
            assert_ok(store_count(store, &numbers));
            assert_ok(store_scan(store, RECORD_TOKEN, NULL, (bytes){0}, 100, keep_on, NULL, &cursor));
            store_outbox_done(store, cursor);
        }
        if (i % 5 == 0) assert_ok(fixture_remove(&own, store, 1, fixture_token(token, 0, "")));
    }
    loop_free(own.loop);
    return NULL;
}

static void many_threads_write_and_read(void **state)
{
    struct scene *s = *state;
    struct writer writers[THREADS];
    for (unsigned i = 0; i < THREADS; i++) {
        writers[i] = (struct writer){s, i, 0};
        assert_int_equal(pthread_create(&writers[i].thread, NULL, write_many, &writers[i]), 0);
    }
    for (unsigned i = 0; i < THREADS; i++) assert_int_equal(pthread_join(writers[i].thread, NULL), 0);
    struct store_numbers n;
    assert_ok(store_count(s->store, &n));
    assert_int_equal(n.records[RECORD_TOKEN], THREADS * EACH * 4 / 5);
    assert_int_equal(n.outbox_last, THREADS * EACH * 6 / 5);
}

#define SCENE(t) cmocka_unit_test_setup_teardown(t, set_up, tear_down)
UNIT_MAIN(SCENE(no_permit_no_write), SCENE(a_permit_that_ended_meanwhile_writes_nothing),
          SCENE(done_waits_for_the_batch_to_be_finished), SCENE(names_are_one_of_a_kind_in_their_scope),
          SCENE(another_scope_s_record_is_absent), SCENE(one_refused_commit_disturbs_no_other),
          SCENE(what_comes_while_another_is_applied_shares_its_transaction),
          SCENE(what_comes_and_is_refused_undoes_only_itself),
          SCENE(what_comes_while_another_is_refused_takes_nothing_of_it_along),
          SCENE(what_may_be_gone_already_is_removed_all_the_same),
          SCENE(of_a_crowd_that_comes_meanwhile_nobody_is_left_behind),
          SCENE(many_threads_write_and_read))
