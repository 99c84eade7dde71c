/* Following a trail: every record once and in order, whatever is asked for at once, over files that end, grow
 * and go. */
#include "unit.h"

#include "audit/follow.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { FILES = 3, EACH = 40, ALL = FILES * EACH };

static const struct uuid ours = {{0xaa, 1}};
static const struct uuid theirs = {{0xbb, 2}};

static char folder[64];
static struct chain chain;
static uint64_t firsts[FILES + 1];
static size_t files;
static struct lines room;

static void write_record(FILE *f)
{
    char scope[UUID_TEXT + 1];
    struct wr w = wr_growing(CHAIN_LINE_MAX);
    struct wr event = wr_growing(EVENT_JSON_MAX);
    uuid_text((chain.seq + 1) % 3 ? &ours : &theirs, scope);
    wr_format(&event, "{\"name\":\"role.create\",\"who\":{\"name\":\"N\"},\"scope\":\"%s\",\"subject\":\"", scope);
    for (uint64_t i = 0; i < chain.seq * 397 % 9000; i++) wr_u8(&event, 'x');    /* files are longer than what is halved */
    wr_text(&event, "\"}");
    chain_append(&chain, 0, 0, wr_view(&event), &w);
    assert_int_equal(fwrite(w.p, 1, w.n, f), w.n);
    wr_drop(&event);
    wr_drop(&w);
}

static void append(uint64_t first, int n, const char *rest)
{
    char path[LINES_PATH_MAX];
    assert_true(lines_path(folder, first, path));
    FILE *f = fopen(path, "a");
    assert_non_null(f);
    for (int i = 0; i < n; i++) write_record(f);
    assert_true(fputs(rest, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static int begin(void **state)
{
    (void)state;
    (void)snprintf(folder, sizeof folder, "/tmp/latchkey-follow-XXXXXX");
    if (!mkdtemp(folder)) return -1;
    chain = (struct chain){.seq = 0};
    for (files = 0; files < FILES; files++) {
        firsts[files] = chain.seq + 1;
        append(firsts[files], EACH, "");
    }
    return 0;
}

static void remove_file(size_t i)
{
    char path[LINES_PATH_MAX];
    assert_true(lines_path(folder, firsts[i], path));
    (void)unlink(path);
}

static int finish(void **state)
{
    (void)state;
    for (size_t i = 0; i < files; i++) remove_file(i);
    return rmdir(folder);
}

struct seen {
    uint64_t seq[2 * ALL];
    size_t n;
    size_t most;    /* that are taken */
};

static bool see(void *owner, const struct chain_record *r, bytes line)
{
    struct seen *s = owner;
    assert_true(line.n > 0 && line.p[line.n - 1] == '}');
    if (s->n == s->most) return false;
    s->seq[s->n++] = r->at.seq;
    return true;
}

static struct follow of(const struct uuid *scope, uint64_t last, struct seen *s)
{
    return (struct follow){.folder = folder, .scope = scope, .last = last, .visit = see, .owner = s, .room = &room};
}

static uint64_t gap_before;

static uint64_t read_on(const struct follow *f, struct follow_place *at)
{
    struct note note;
    struct follow_gap missing = {0};
    assert_ok(follow_read(f, at, &missing, &note));
    gap_before = missing.before;
    return missing.records;
}

static void all_is_seen_in_order_whatever_is_taken_at_once(void **state)
{
    (void)state;
    for (size_t step = 1; step < 100; step += 7) {
        struct follow_place at = {.seq = 0};
        struct seen s = {.n = 0};
        const struct follow f = of(NULL, ALL, &s);
        while (at.seq < ALL) {
            s.most = s.n + step;
            assert_int_equal(read_on(&f, &at), 0);
            assert_int_equal(at.seq, s.n);
        }
        assert_int_equal(s.n, ALL);
        for (size_t i = 0; i < s.n; i++) assert_int_equal(s.seq[i], i + 1);
    }
}

static void a_place_without_a_file_is_found(void **state)
{
    (void)state;
    for (uint64_t from = 0; from <= ALL; from += 13) {
        struct follow_place at = {.seq = from};
        struct seen s = {.most = ALL};
        const struct follow f = of(NULL, ALL, &s);
        assert_int_equal(read_on(&f, &at), 0);
        assert_int_equal(s.n, ALL - from);
        if (s.n) assert_int_equal(s.seq[0], from + 1);
    }
}

static void a_place_is_found_by_halving_and_a_damaged_line_leads_no_further(void **state)
{
    (void)state;
    char path[LINES_PATH_MAX];
    struct note note;
    bytes line;
    assert_true(lines_path(folder, firsts[1], path));
    for (int damaged = 0; damaged < 2; damaged++) {
        for (uint64_t seq = firsts[1]; seq < firsts[2]; seq++) {
            assert_ok(lines_open(&room, path, &note));
            assert_ok(lines_near(&room, seq, &note));
            assert_true(lines_next(&room, &line) && chain_sequence(line) <= seq);
            if (!damaged && seq == firsts[2] - 1) assert_true(chain_sequence(line) > seq - 20);
            lines_close(&room);
        }
        FILE *f = fopen(path, "r+");
        assert_non_null(f);
        assert_int_equal(fseek(f, 0, SEEK_END), 0);
        const long size = ftell(f);
        for (long at = size / 2; at < size; at += 500) {
            assert_int_equal(fseek(f, at, SEEK_SET), 0);
            assert_int_equal(putc('#', f), '#');
        }
        assert_int_equal(fclose(f), 0);
    }
}

static void only_what_is_of_the_scope_is_seen_and_all_is_passed_over(void **state)
{
    (void)state;
    struct follow_place at = {.seq = 0};
    struct seen s = {.most = ALL};
    const struct follow f = of(&theirs, ALL, &s);
    assert_int_equal(read_on(&f, &at), 0);
    assert_int_equal(s.n, ALL / 3);
    for (size_t i = 0; i < s.n; i++) assert_int_equal(s.seq[i], 3 * (i + 1));
    assert_int_equal(at.seq, ALL);
}

static void what_is_not_on_the_disk_yet_is_left(void **state)
{
    (void)state;
    struct follow_place at = {.seq = 0};
    struct seen s = {.most = ALL};
    struct follow f = of(NULL, EACH + 5, &s);
    assert_int_equal(read_on(&f, &at), 0);
    assert_int_equal(at.seq, EACH + 5);
    f.last = EACH + 6;
    assert_int_equal(read_on(&f, &at), 0);
    assert_int_equal(s.n, EACH + 6);
}

static void a_file_that_grows_is_read_on_and_half_a_record_waits(void **state)
{
    (void)state;
    struct follow_place at = {.seq = ALL};
    struct seen s = {.most = ALL};
    const struct follow f = of(NULL, UINT64_MAX, &s);
    for (int i = 1; i <= 5; i++) {
        assert_int_equal(read_on(&f, &at), 0);
        append(firsts[FILES - 1], 1, "");
        assert_int_equal(read_on(&f, &at), 0);
        assert_int_equal(at.seq, ALL + i);
    }
    append(firsts[FILES - 1], 0, "{\"seq\":126,\"ti");
    assert_int_equal(read_on(&f, &at), 0);
    assert_int_equal(at.seq, ALL + 5);
}

static void records_of_files_that_are_gone_are_counted(void **state)
{
    (void)state;
    struct seen s = {.most = ALL};
    const struct follow f = of(NULL, ALL, &s);
    struct follow_place at = {.seq = 3};
    remove_file(0);
    assert_int_equal(read_on(&f, &at), EACH - 3);
    assert_int_equal(gap_before, EACH + 1);
    assert_int_equal(s.seq[0], EACH + 1);
    s.n = 0;
    at = (struct follow_place){.seq = EACH + 7};
    remove_file(1);
    assert_int_equal(read_on(&f, &at), EACH - 7);
    assert_int_equal(gap_before, 2 * EACH + 1);
    assert_int_equal(s.n, EACH);
}

static void a_line_that_is_no_record_ends_it(void **state)
{
    (void)state;
    struct note note;
    struct follow_gap missing = {0};
    struct seen s = {.most = ALL};
    const struct follow f = of(NULL, UINT64_MAX, &s);
    struct follow_place at = {.seq = 0};
    append(firsts[0], 0, "{\"seq\":41,\"forged\":true}\n");
    assert_err(follow_read(&f, &at, &missing, &note), AUDIT_BROKEN);
    assert_int_equal(at.seq, EACH);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, finish)

UNIT_MAIN(TEST(all_is_seen_in_order_whatever_is_taken_at_once), TEST(a_place_without_a_file_is_found),
          TEST(a_place_is_found_by_halving_and_a_damaged_line_leads_no_further),
          TEST(only_what_is_of_the_scope_is_seen_and_all_is_passed_over), TEST(what_is_not_on_the_disk_yet_is_left),
          TEST(a_file_that_grows_is_read_on_and_half_a_record_waits), TEST(records_of_files_that_are_gone_are_counted),
          TEST(a_line_that_is_no_record_ends_it))
