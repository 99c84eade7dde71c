/* A disk that fails: whatever happens, every acknowledged change is there and no half of one. */
#include "fixture.h"

#include "volume.h"

#include "base/log.h"
#include "fault_vfs.h"

enum { COMMITS = 24, FEW_PAGES = 6 };

struct run {
    struct fixture f;
    bool acknowledged[COMMITS];
    unsigned acknowledged_n;
};

static int set_up(void **state)
{
    struct run *r = calloc(1, sizeof *r);
    log_set_level((enum log_level)-1);
    fixture_init(&r->f);
    *state = r;
    return 0;
}

static int tear_down(void **state)
{
    struct run *r = *state;
    fault_vfs_reset();
    fixture_drop(&r->f);
    free(r);
    return 0;
}

static err open_store(bool create, struct store **s, struct note *note)
{
    const struct store_sqlite_options o = {
        .path = "store", .create = create, .vfs = FAULT_VFS, .checkpoint_pages = FEW_PAGES};
    return store_sqlite_open(&o, NULL, s, note);
}

/* One commit of two tokens and, now and then, a new name for a role. */
static size_t changes_of(unsigned i, struct change out[4], char *name, size_t name_size)
{
    size_t n = 0;
    out[n++] = fixture_change(CHANGE_PUT, CHANGE_ABSENT, fixture_token(2 * i, 0, "even"));
    out[n++] = fixture_change(CHANGE_PUT, CHANGE_ABSENT, fixture_token(2 * i + 1, 0, "odd"));
    if (i % 3 == 0) {
        snprintf(name, name_size, "role %u", i);
        out[n++] = fixture_change(CHANGE_PUT, CHANGE_ANY_VERSION, fixture_role(0, 0, name));
    }
    return n;
}

/* Opens a new store and commits one after the other; stops nowhere. */
static void work(struct run *r)
{
    struct store *s = NULL;
    struct note note;
    memset(r->acknowledged, 0, sizeof r->acknowledged);
    r->acknowledged_n = 0;
    if (!err_is_ok(open_store(true, &s, &note))) return;
    for (unsigned i = 0; i < COMMITS; i++) {
        struct change changes[4];
        char name[32];
        const size_t n = changes_of(i, changes, name, sizeof name);
        const struct store_commit c = fixture_commit(&r->f, s, changes, n, "test.put");
        r->acknowledged[i] = err_is_ok(c.result);
        if (r->acknowledged[i]) r->acknowledged_n++;
        if (i % 8 == 7) {
            struct record got = {0};
            const struct record want = fixture_token(2, 0, "");
            char id[RECORD_ID_MAX];
            arena_reset(&r->f.arena);
            fixture_init_permit(&r->f);
            (void)!err_is_ok(store_get(s, RECORD_TOKEN, bytes_of(id, record_id(&want, id)), &r->f.arena, &got));
        }
    }
    store_close(s);
}

static bool is_there(struct run *r, struct store *s, unsigned token)
{
    struct record got = {0};
    const struct record want = fixture_token(token, 0, "");
    char id[RECORD_ID_MAX];
    const err e = store_get(s, RECORD_TOKEN, bytes_of(id, record_id(&want, id)), &r->f.arena, &got);
    if (e.code != ERR_NOT_FOUND) assert_ok(e);
    return err_is_ok(e);
}

static bool next_row(void *owner, uint64_t row, bytes event)
{
    (void)event;
    uint64_t *rows = owner;
    assert_int_equal(row, ++*rows);
    return true;
}

/* What must hold after every disaster. */
static void assert_whole(struct run *r)
{
    struct store *s = NULL;
    struct note note = {{0}};
    const err e = open_store(false, &s, &note);
    if (!err_is_ok(e) && r->acknowledged_n == 0) return;
    if (!err_is_ok(e)) print_message("%s\n", note.text);
    assert_ok(e);
    assert_ok(store_check(s, &note));
    uint64_t there = 0;
    uint64_t rows = 0;
    for (unsigned i = 0; i < COMMITS; i++) {
        const bool even = is_there(r, s, 2 * i);
        assert_int_equal(even, is_there(r, s, 2 * i + 1));
        if (r->acknowledged[i]) assert_true(even);
        if (even) there++;
    }
    assert_ok(store_outbox_read(s, 0, SIZE_MAX, next_row, &rows));
    assert_int_equal(rows, there);
    const struct change more = fixture_change(CHANGE_PUT, CHANGE_ABSENT, fixture_token(9999, 0, "more"));
    assert_ok(fixture_commit(&r->f, s, &more, 1, "test.put").result);
    store_close(s);
    arena_reset(&r->f.arena);
    fixture_init_permit(&r->f);
}

static void loses_power_at_every_sync(void **state)
{
    struct run *r = *state;
    fault_vfs_reset();
    work(r);
    const uint64_t syncs = fault_vfs_syncs();
    assert_int_equal(r->acknowledged_n, COMMITS);
    assert_true(syncs > COMMITS);
    const unsigned seeds = (unsigned)volume(1, 2, 20);
    for (uint64_t n = 1; n <= syncs; n++) {
        for (uint64_t seed = 0; seed < 2 * seeds; seed++) {
            fault_vfs_reset();
            fault_vfs_cut_power(n, seed & 1);
            work(r);
            fault_vfs_restart(n * 100 + seed);
            assert_whole(r);
        }
    }
}

static void fail_every_call(struct run *r, enum fault_kind kind, uint64_t step)
{
    fault_vfs_reset();
    work(r);
    const uint64_t calls = fault_vfs_calls();
    assert_true(calls > 100);
    for (uint64_t n = 1; n <= calls; n += step) {
        fault_vfs_reset();
        fault_vfs_fail(n, kind);
        work(r);
        fault_vfs_restart(n);
        assert_whole(r);
    }
}

static void survives_every_call_that_fails_once(void **state)
{
    fail_every_call(*state, FAULT_ONCE, volume(3, 1, 1));
}

static void survives_a_disk_that_is_gone_from_some_call_on(void **state)
{
    fail_every_call(*state, FAULT_FOR_EVER, volume(9, 1, 1));
}

static void a_full_disk_refuses_and_goes_on_when_there_is_room(void **state)
{
    struct run *r = *state;
    struct store *s = NULL;
    struct note note = {{0}};
    fault_vfs_reset();
    assert_ok(open_store(true, &s, &note));
    const size_t empty = fault_vfs_used();
    fault_vfs_set_room(empty + 200000);
    char text[1024];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = 0;
    unsigned done = 0;
    struct store_commit c;
    for (;; done++) {
        assert_true(done < 1000);
        const struct change put = fixture_change(CHANGE_PUT, CHANGE_ABSENT, fixture_token(done, 0, text));
        c = fixture_commit(&r->f, s, &put, 1, "test.put");
        if (!err_is_ok(c.result)) break;
    }
    assert_err(c.result, STORE_FULL);
    assert_non_null(strstr(c.note.text, "make room"));
    assert_true(done > 5);
    for (unsigned i = 0; i < done; i++) assert_true(is_there(r, s, i));
    assert_false(is_there(r, s, done));
    const struct change again = fixture_change(CHANGE_PUT, CHANGE_ABSENT, fixture_token(done, 0, text));
    assert_err(fixture_commit(&r->f, s, &again, 1, "test.put").result, STORE_FULL);
    fault_vfs_set_room(SIZE_MAX);
    c = fixture_commit(&r->f, s, &again, 1, "test.put");
    assert_ok(c.result);
    assert_int_equal(c.sequence, done + 1);
    store_close(s);
    fault_vfs_restart(1);
    assert_ok(open_store(false, &s, &note));
    for (unsigned i = 0; i <= done; i++) assert_true(is_there(r, s, i));
    assert_ok(store_check(s, &note));
    store_close(s);
}

#define RUN(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
UNIT_MAIN(RUN(loses_power_at_every_sync), RUN(survives_every_call_that_fails_once),
          RUN(survives_a_disk_that_is_gone_from_some_call_on),
          RUN(a_full_disk_refuses_and_goes_on_when_there_is_room))
