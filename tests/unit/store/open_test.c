/* Opening: every file that is not this store, or not safe, is refused in words; and copies. */
#include "fixture.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include "store/folder.h"
#include "store/key_file.h"

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    fixture_init(f);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture_drop(*state);
    free(*state);
    return 0;
}

static err open_it(struct fixture *f, const char *path, const struct server_keys *keys, bool read_only)
{
    struct note note = {{0}};
    struct store *s = NULL;
    (void)f;
    const struct store_sqlite_options o = {.path = path, .keys = keys, .read_only = read_only};
    const err e = store_sqlite_open(&o, NULL, &s, &note);
    if (err_is_ok(e)) store_close(s);
    else assert_true(strlen(note.text) > 10);
    return e;
}

static void write_bytes(const char *path, const char *text, size_t n)
{
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    assert_int_equal(fwrite(text, 1, n, out), n);
    fclose(out);
    assert_int_equal(chmod(path, 0600), 0);
}

static void sql(const char *path, const char *text)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void refuses_what_is_no_store(void **state)
{
    struct fixture *f = *state;
    char path[96];
    snprintf(path, sizeof path, "%s/other", f->folder);
    assert_err(open_it(f, path, NULL, false), NOT_FOUND);
    write_bytes(path, "", 0);
    assert_err(open_it(f, path, NULL, false), STORE_WRONG);
    write_bytes(path, "hello, I am a text of some length that is no database at all, really not one", 76);
    assert_err(open_it(f, path, NULL, false), STORE_WRONG);
    assert_err(open_it(f, path, NULL, true), STORE_WRONG);
    assert_int_equal(unlink(path), 0);
    sql(path, "CREATE TABLE t (x); INSERT INTO t VALUES (1)");
    assert_int_equal(chmod(path, 0600), 0);
    assert_err(open_it(f, path, NULL, false), STORE_WRONG);
    assert_err(open_it(f, f->folder, NULL, false), BAD_INPUT);
}

static void refuses_a_newer_store_and_does_not_touch_it(void **state)
{
    struct fixture *f = *state;
    store_close(fixture_open(f, true, NULL));
    sql(f->path, "PRAGMA user_version = 999");
    assert_err(open_it(f, f->path, NULL, false), STORE_WRONG);
    assert_err(open_it(f, f->path, NULL, true), STORE_WRONG);
    sql(f->path, "PRAGMA user_version = 2");
    assert_ok(open_it(f, f->path, NULL, false));
    assert_ok(open_it(f, f->path, NULL, true));
}

/* Version 1 had other verifiers: opened, it would turn every token away. */
static void refuses_a_store_of_before_the_first_release(void **state)
{
    struct fixture *f = *state;
    store_close(fixture_open(f, true, NULL));
    sql(f->path, "PRAGMA user_version = 1");
    assert_err(open_it(f, f->path, NULL, false), STORE_WRONG);
    assert_err(open_it(f, f->path, NULL, true), STORE_WRONG);
}

static void refuses_wide_modes(void **state)
{
    struct fixture *f = *state;
    struct stat st;
    store_close(fixture_open(f, true, NULL));
    assert_int_equal(stat(f->path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    for (unsigned mode = 0604; mode <= 0660; mode += 034) {
        assert_int_equal(chmod(f->path, mode), 0);
        assert_err(open_it(f, f->path, NULL, false), MODE_TOO_WIDE);
    }
    assert_int_equal(chmod(f->path, 0600), 0);
    assert_ok(open_it(f, f->path, NULL, false));
}

static void never_makes_a_store_over_another(void **state)
{
    struct fixture *f = *state;
    struct note note;
    struct store *s = fixture_open(f, true, NULL);
    struct store *other = NULL;
    assert_ok(fixture_put(f, s, CHANGE_ABSENT, fixture_token(1, 0, "kept")));
    store_close(s);
    const struct store_sqlite_options o = {.path = f->path, .create = true};
    assert_err(store_sqlite_open(&o, NULL, &other, &note), CONFLICT);
    s = fixture_open(f, false, NULL);
    struct store_numbers numbers;
    assert_ok(store_count(s, &numbers));
    assert_int_equal(numbers.records[RECORD_TOKEN], 1);
    store_close(s);
}

/* Every kind of damage is found by opening, reading or the check; none is passed over. */
static void finds_damage(void **state)
{
    struct fixture *f = *state;
    struct note note = {{0}};
    struct store *s = fixture_open(f, true, NULL);
    for (unsigned i = 0; i < 500; i++) {
        const struct change c = fixture_change(CHANGE_PUT, CHANGE_ABSENT, fixture_token(i, 0, "some text"));
        struct fixture_wait w;
        fixture_submit(f, s, &c, 1, "test.put", &w);
        while (!w.done) (void)loop_turn(f->loop, 1000);
    }
    assert_ok(store_check(s, &note));
    store_close(s);
    struct stat st;
    assert_int_equal(stat(f->path, &st), 0);
    const off_t pages = st.st_size / 4096;
    assert_true(pages > 10);
    for (off_t page = 1; page < pages; page++) {
        uint8_t kept[4096];
        uint8_t noise[4096];
        memset(noise, 0x5a, sizeof noise);
        const int fd = open(f->path, O_RDWR);
        assert_int_equal(pread(fd, kept, sizeof kept, page * 4096), 4096);
        assert_int_equal(pwrite(fd, noise, sizeof noise, page * 4096), 4096);
        struct store *damaged = NULL;
        const struct store_sqlite_options o = {.path = f->path};
        err e = store_sqlite_open(&o, NULL, &damaged, &note);
        if (err_is_ok(e)) {
            e = store_check(damaged, &note);
            store_close(damaged);
        }
        assert_string_equal(err_row(e)->name, "STORE_DAMAGED");
        assert_int_equal(pwrite(fd, kept, sizeof kept, page * 4096), 4096);
        assert_int_equal(close(fd), 0);
    }
    assert_int_equal(truncate(f->path, st.st_size / 2), 0);
    assert_err(open_it(f, f->path, NULL, false), STORE_DAMAGED);
}

static void refuses_without_its_key(void **state)
{
    struct fixture *f = *state;
    char path[96];
    char other_path[96];
    struct note note = {{0}};
    struct server_keys keys;
    struct server_keys others;
    struct server_keys rotated;
    struct server_keys retired;
    struct store *s = NULL;
    snprintf(path, sizeof path, "%s/server.key", f->folder);
    snprintf(other_path, sizeof other_path, "%s/other.key", f->folder);
    assert_ok(key_file_create(path, 1000, &keys, &note));
    assert_ok(key_file_create(other_path, 1000, &others, &note));
    const struct store_sqlite_options o = {.path = f->path, .create = true, .keys = &keys};
    assert_ok(store_sqlite_open(&o, NULL, &s, &note));
    store_close(s);
    assert_err(open_it(f, f->path, &others, false), KEY_MISSING);
    assert_err(open_it(f, f->path, &others, true), KEY_MISSING);
    assert_ok(open_it(f, f->path, &keys, true));
    assert_ok(open_it(f, f->path, &keys, false));
    assert_ok(open_it(f, f->path, NULL, false));

    assert_ok(key_file_rotate(path, 2000, &rotated, &note));
    assert_int_equal(rotated.n, 2);
    assert_ok(open_it(f, f->path, &rotated, false));      /* and from now on it asks for both */
    assert_err(open_it(f, f->path, &keys, false), KEY_MISSING);
    assert_err(key_file_retire(path, 2, &retired, &note), IN_USE);
    assert_err(key_file_retire(path, 9, &retired, &note), NOT_FOUND);
    assert_ok(key_file_retire(path, 1, &retired, &note));
    assert_err(open_it(f, f->path, &retired, false), KEY_MISSING);
    const struct store_sqlite_options again = {.path = f->path, .keys = &rotated};
    assert_ok(store_sqlite_open(&again, NULL, &s, &note));
    assert_ok(store_keys_set(s, &retired, &note));
    store_close(s);
    assert_ok(open_it(f, f->path, &retired, false));
    assert_ok(key_file_rotate(path, 3000, &rotated, &note));
    assert_int_equal(rotated.list[1].id, 3);
}

static void key_files_are_strict(void **state)
{
    struct fixture *f = *state;
    char path[96];
    char copy[96];
    struct note note = {{0}};
    struct server_keys keys;
    struct server_keys back;
    struct stat st;
    snprintf(path, sizeof path, "%s/server.key", f->folder);
    snprintf(copy, sizeof copy, "%s/copy.key", f->folder);
    assert_err(key_file_read(path, &keys, &note), KEY_MISSING);
    static const char *const wrong[] = {
        "", "latchkey server keys 1\n", "latchkey server keys 1\nnext 2\n",
        "latchkey server keys 2\nnext 2\nkey 1 2026-01-01T00:00:00.000Z "
        "0000000000000000000000000000000000000000000000000000000000000000\n",
        "latchkey server keys 1\nnext 1\nkey 1 2026-01-01T00:00:00.000Z "
        "0000000000000000000000000000000000000000000000000000000000000000\n",
        "latchkey server keys 1\nnext 2\nkey 1 2026-01-01T00:00:00.000Z "
        "000000000000000000000000000000000000000000000000000000000000000\n",
        "latchkey server keys 1\nnext 2\nkey 1 2026-01-01T00:00:00.000Z "
        "0000000000000000000000000000000000000000000000000000000000000000",
        "latchkey server keys 1\nnext 2\nkey 1 yesterday "
        "0000000000000000000000000000000000000000000000000000000000000000\n"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        write_bytes(path, wrong[i], strlen(wrong[i]));
        assert_err(key_file_read(path, &keys, &note), KEY_MISSING);
    }
    assert_int_equal(unlink(path), 0);
    assert_ok(key_file_create(path, 1234, &keys, &note));
    assert_err(key_file_create(path, 1234, &back, &note), CONFLICT);
    assert_ok(key_file_backup(path, copy, &note));
    assert_err(key_file_backup(path, copy, &note), CONFLICT);
    assert_int_equal(stat(copy, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_ok(key_file_read(copy, &back, &note));
    assert_memory_equal(&back.list[0], &keys.list[0], sizeof back.list[0]);
    assert_int_equal(back.list[0].created_ms, 1234);
    assert_int_equal(chmod(path, 0644), 0);
    assert_err(key_file_read(path, &keys, &note), MODE_TOO_WIDE);
}

static void one_daemon_a_folder(void **state)
{
    struct fixture *f = *state;
    struct folder first = {0};
    struct folder second = {0};
    struct note note = {{0}};
    char path[FOLDER_PATH_MAX];
    struct wr w = wr_growing(100);
    assert_err(folder_open("/nonexistent/folder", &first, &note), NOT_FOUND);
    assert_true(folder_join(f->folder, "data", path));
    assert_ok(folder_create(path, &note));
    assert_int_equal(chmod(path, 0750), 0);
    assert_err(folder_open(path, &first, &note), MODE_TOO_WIDE);
    assert_err(folder_create(path, &note), MODE_TOO_WIDE);
    assert_int_equal(chmod(path, 0700), 0);
    assert_ok(folder_open(path, &first, &note));
    assert_err(folder_open(path, &second, &note), CONFLICT);
    assert_non_null(strstr(note.text, "in use by process"));
    folder_close(&first);
    assert_ok(folder_open(path, &second, &note));
    folder_close(&second);
    assert_true(folder_join(f->folder, "data/file", path));
    assert_ok(folder_create_file(path, BYTES("one"), &note));
    assert_err(folder_create_file(path, BYTES("one"), &note), CONFLICT);
    assert_ok(folder_replace_file(path, BYTES("two"), &note));
    assert_ok(folder_read_file(path, &w, &note));
    assert_bytes(wr_view(&w), "two");
    wr_drop(&w);
}

static bool count_visit(void *owner, const struct record *r)
{
    (void)r;
    ++*(size_t *)owner;
    return true;
}

static void backs_up_while_it_is_written(void **state)
{
    struct fixture *f = *state;
    struct note note = {{0}};
    struct stat st;
    char path[96];
    struct store *s = fixture_open(f, true, NULL);
    snprintf(path, sizeof path, "%s/backup.db", f->folder);
    for (unsigned i = 0; i < 50; i++) assert_ok(fixture_put(f, s, 0, fixture_token(i, 0, "a")));
    const struct change c = fixture_change(CHANGE_PUT, 0, fixture_token(50, 0, "late"));
    struct fixture_wait w;
    fixture_submit(f, s, &c, 1, NULL, &w);
    assert_ok(store_backup(s, path, &note));
    while (!w.done) (void)loop_turn(f->loop, 1000);
    assert_err(store_backup(s, path, &note), CONFLICT);
    store_close(s);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    const struct store_sqlite_options o = {.path = path, .read_only = true};
    assert_ok(store_sqlite_open(&o, NULL, &s, &note));
    size_t n = 0;
    assert_ok(store_scan(s, RECORD_TOKEN, NULL, (bytes){0}, SIZE_MAX, count_visit, &n, NULL));
    assert_in_range(n, 50, 51);
    assert_ok(store_check(s, &note));
    store_close(s);
}

#define SCENE(t) cmocka_unit_test_setup_teardown(t, set_up, tear_down)
UNIT_MAIN(SCENE(refuses_what_is_no_store), SCENE(refuses_a_newer_store_and_does_not_touch_it),
          SCENE(refuses_a_store_of_before_the_first_release), SCENE(refuses_wide_modes), SCENE(never_makes_a_store_over_another), SCENE(finds_damage),
          SCENE(refuses_without_its_key), SCENE(key_files_are_strict), SCENE(one_daemon_a_folder),
          SCENE(backs_up_while_it_is_written))
