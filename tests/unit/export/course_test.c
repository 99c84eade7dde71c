/* One export's steps over a trail that is not as it should be; nothing is sent, for curl is never let run. */
#include "unit.h"

#include "export/course.h"
#include "export/place_file.h"
#include "model/destination.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { EACH = 10, FILES = 2, ALL = FILES * EACH };

static const struct uuid series = {{7}};
static char folder[64];
static struct lines room;
static struct chain chain;
static struct export_options options;
static struct course_means means;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct course *course;

static void path_of(size_t file, char out[LINES_PATH_MAX])
{
    assert_true(lines_path(folder, file * EACH + 1, out));
}

static void write_file(size_t file)
{
    char path[LINES_PATH_MAX];
    path_of(file, path);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    for (int i = 0; i < EACH; i++) {
        struct wr w = wr_growing(CHAIN_LINE_MAX);
        chain_append(&chain, 0, 0, BYTES("{\"name\":\"role.create\"}"), &w);
        assert_int_equal(fwrite(w.p, 1, w.n, f), w.n);
        wr_drop(&w);
    }
    assert_int_equal(fclose(f), 0);
}

static void remove_file(size_t file)
{
    char path[LINES_PATH_MAX];
    path_of(file, path);
    (void)unlink(path);
}

/* Another letter in the middle of the record. */
static void damage(size_t file, int record)
{
    char path[LINES_PATH_MAX];
    path_of(file, path);
    FILE *f = fopen(path, "r+");
    assert_non_null(f);
    for (int i = 0, c = 0; i < record && c != EOF;) i += (c = getc(f)) == '\n';
    assert_int_equal(fseek(f, 40, SEEK_CUR), 0);
    assert_int_equal(putc('#', f), '#');
    assert_int_equal(fclose(f), 0);
}

static void start(uint64_t after)
{
    struct record r = {.kind = RECORD_AUDIT_EXPORT, .version = 1};
    r.of.audit_export.series = series;
    r.of.audit_export.after = (int64_t)after;
    r.of.audit_export.destination = DESTINATION_WEBHOOK;
    r.of.audit_export.endpoint = BYTES("http://127.0.0.1:1/");
    r.of.audit_export.by_operator = true;
    course = course_new(&means, &r);
    assert_non_null(course);
}

static int begin(void **state)
{
    static const struct endpoint_targets none;
    (void)state;
    (void)snprintf(folder, sizeof folder, "/tmp/latchkey-course-XXXXXX");
    if (!mkdtemp(folder)) return -1;
    chain = (struct chain){.seq = 0};
    for (size_t i = 0; i < FILES; i++) write_file(i);
    options = (struct export_options){.trail = folder, .places = folder, .ca_file = "", .targets = &none};
    means = (struct course_means){&options, curl_multi_init(), &lock, &room};
    return means.multi ? 0 : -1;
}

static int finish(void **state)
{
    (void)state;
    const struct uuid everything = {{0}};
    course_free(&means, course);
    (void)curl_multi_cleanup(means.multi);
    for (size_t i = 0; i < FILES; i++) remove_file(i);
    place_file_remove(folder, &everything);
    return rmdir(folder);
}

static void what_is_there_goes(void **state)
{
    (void)state;
    start(3);
    assert_false(course_step(&means, course, ALL, true));
    assert_non_null(course->delivery);
    assert_int_equal(course->under_way, ALL - 3);
    assert_int_equal(course->at.seq, 3);
}

static void what_stands_before_a_damaged_record_goes_and_then_it_is_told(void **state)
{
    (void)state;
    damage(0, 4);
    start(0);
    assert_false(course_step(&means, course, ALL, true));
    assert_non_null(course->delivery);
    assert_int_equal(course->under_way, 4);
    assert_false(course->state.failing);
    course_free(&means, course);
    start(4);
    assert_false(course_step(&means, course, ALL, true));
    assert_null(course->delivery);
    assert_true(course->state.failing);
}

/* "There is more to do" without an end would be a thread that never rests. */
static void a_trail_that_ends_too_early_is_told_and_tried_later(void **state)
{
    (void)state;
    for (size_t there = 0; there < FILES; there++) {
        for (size_t i = there; i < FILES; i++) remove_file(i);
        start(there * EACH);
        int steps = 0;
        while (steps < 10 && course_step(&means, course, ALL, true)) steps++;
        assert_true(steps < 10);
        assert_true(course->state.failing);
        assert_true(course->due_ms > 0);
        if (there + 1 < FILES) course_free(&means, course);
    }
}

static void another_trail_is_begun_at_once_and_after_a_crash_too(void **state)
{
    (void)state;
    uint64_t seq = 1;
    const struct uuid everything = {{0}};
    start(ALL + 1000);
    assert_false(course_step(&means, course, ALL, true));
    assert_int_equal(course->under_way, ALL);
    assert_true(place_file_read(folder, &everything, &series, &seq));
    assert_int_equal(seq, 0);
}

/* A name may have several addresses, of which one was refused and another took the records. */
static void an_answer_counts_more_than_an_address_that_was_refused(void **state)
{
    (void)state;
    struct delivery_end end;
    start(0);
    assert_false(course_step(&means, course, ALL, true));
    course->delivery->refused = "it is elsewhere";
    delivery_judge(course->delivery, CURLE_OK, &end);
    assert_string_equal(end.why.text, "the server answers 0");
    delivery_judge(course->delivery, CURLE_COULDNT_CONNECT, &end);
    assert_non_null(strstr(end.why.text, "it is elsewhere"));
}

/* Else a server that needs a minute for 500 records would be sent the same 500 for ever. */
static void what_takes_too_long_is_tried_with_fewer(void **state)
{
    (void)state;
    start(0);
    assert_false(course_step(&means, course, ALL, true));
    for (size_t n = ALL; n > 0; n /= 2) {
        assert_int_equal(course->under_way, n);
        course_arrive(&means, course, CURLE_OPERATION_TIMEDOUT);
        assert_true(course->state.failing);
        assert_true(course->due_ms > 0);
        course->due_ms = 0;
        assert_false(course_step(&means, course, ALL, true));
    }
    assert_int_equal(course->under_way, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, finish)

UNIT_MAIN(TEST(what_is_there_goes), TEST(what_stands_before_a_damaged_record_goes_and_then_it_is_told),
          TEST(a_trail_that_ends_too_early_is_told_and_tried_later),
          TEST(another_trail_is_begun_at_once_and_after_a_crash_too),
          TEST(what_takes_too_long_is_tried_with_fewer), TEST(an_answer_counts_more_than_an_address_that_was_refused))
