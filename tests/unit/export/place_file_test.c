/* How far an export has come: what was written is read, what is another's or damaged is not. */
#include "unit.h"

#include "export/place_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct uuid id = {{1}};
static const struct uuid series = {{2}};
static const struct uuid another = {{3}};
static char folder[64];
static char path[128];

static int begin(void **state)
{
    char name[UUID_TEXT + 1];
    struct note note;
    (void)state;
    (void)snprintf(folder, sizeof folder, "/tmp/latchkey-place-XXXXXX");
    if (!mkdtemp(folder) || rmdir(folder) != 0) return -1;
    uuid_text(&id, name);
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return err_is_ok(place_file_open(folder, &note)) && err_is_ok(place_file_open(folder, &note)) ? 0 : -1;
}

static int finish(void **state)
{
    (void)state;
    place_file_remove(folder, &id);
    return rmdir(folder);
}

static void what_was_written_is_read(void **state)
{
    (void)state;
    struct note note;
    struct stat s;
    uint64_t seq = 0;
    assert_false(place_file_read(folder, &id, &series, &seq));
    assert_ok(place_file_write(folder, &id, &series, 41, &note));
    assert_ok(place_file_write(folder, &id, &series, 999999999999, &note));
    assert_true(place_file_read(folder, &id, &series, &seq));
    assert_int_equal(seq, 999999999999);
    assert_false(place_file_read(folder, &id, &another, &seq));
    assert_false(place_file_read(folder, &another, &series, &seq));
    assert_int_equal(stat(path, &s), 0);
    assert_int_equal(s.st_mode & 0777, 0600);
    place_file_remove(folder, &id);
    assert_false(place_file_read(folder, &id, &series, &seq));
}

static void what_is_damaged_is_as_if_it_were_not_there(void **state)
{
    (void)state;
    static const char *const damaged[] = {"", "\n", "x", "02000000-0000-0000-0000-000000000000\n",
                                          "02000000-0000-0000-0000-000000000000 \n", "02000000-0000-0000-0000-000000000000 1",
                                          "02000000-0000-0000-0000-000000000000 1x\n", "02000000-0000-0000-0000-000000000000 -1\n",
                                          "02000000-0000-0000-0000-000000000000 1234567890123456789\n"};
    uint64_t seq = 0;
    for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++) {
        FILE *f = fopen(path, "w");
        assert_non_null(f);
        assert_true(fputs(damaged[i], f) >= 0);
        assert_int_equal(fclose(f), 0);
        if (place_file_read(folder, &id, &series, &seq)) fail_msg("read: %s", damaged[i]);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, finish)
UNIT_MAIN(TEST(what_was_written_is_read), TEST(what_is_damaged_is_as_if_it_were_not_there))
