/* Settings: every refusal names the file, the line and what to write instead. */
#include "unit.h"

#include "config/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static err read_text(struct config *c, const char *text, struct note *note)
{
    char path[] = "/tmp/config_test_XXXXXX";
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    assert_int_equal(close(fd), 0);
    config_init(c);
    const err e = config_read(c, path, note);
    assert_int_equal(unlink(path), 0);
    return e;
}

static void refuses_with_file_and_line(void **state)
{
    (void)state;
    char long_line[400];
    memset(long_line, 'x', sizeof long_line - 1);
    long_line[sizeof long_line - 1] = 0;
    const struct {
        const char *text;
        const char *says;
    } rows[] = {
        {"nonsense = 1\n", ":1: no setting is called \"nonsense\""},
        {"http = 127.0.0.1:1\n\nworkers = many\n", ":3: workers must be a number from 0 to 256"},
        {"workers = 257\n", ":1: workers must be a number from 0 to 256"},
        {"allow-plaintext = true\n", ":1: allow-plaintext must be yes or no"},
        {"[section]\nworkers = 1\n", ":2: sections are not used"},
        {"workers = 1\nworkers = 2\n", ":2: workers is set twice"},
        {"just words\n", ":1: expected"},
        {long_line, ":1: line too long"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct config c;
        struct note note = {{0}};
        assert_err(read_text(&c, rows[i].text, &note), BAD_INPUT);
        if (!strstr(note.text, rows[i].says)) fail_msg("%s", note.text);
        config_drop(&c);
    }
}

static void reads_what_it_writes(void **state)
{
    (void)state;
    struct config c;
    struct config again;
    struct note note = {{0}};
    assert_ok(read_text(&c, "# a comment\nworkers = 3\nallow-plaintext = yes\n", &note));
    assert_int_equal(config_number(&c, SETTING_WORKERS), 3);
    assert_true(config_is_on(&c, SETTING_ALLOW_PLAINTEXT));
    struct wr w = wr_growing(1 << 20);
    config_write(&c, &w);
    wr_u8(&w, 0);
    assert_ok(read_text(&again, (const char *)w.p, &note));
    for (unsigned s = 0; s < SETTINGS; s++) assert_string_equal(c.text[s], again.text[s]);
    wr_drop(&w);
    config_drop(&c);
    config_drop(&again);
}

static void lists_are_cut_at_commas(void **state)
{
    (void)state;
    const char *at = " a , b.c:1,,d ";
    bytes item;
    assert_true(config_next(&at, &item));
    assert_bytes(item, "a");
    assert_true(config_next(&at, &item));
    assert_bytes(item, "b.c:1");
    assert_true(config_next(&at, &item));
    assert_bytes(item, "d");
    assert_false(config_next(&at, &item));
}

UNIT_MAIN(cmocka_unit_test(refuses_with_file_and_line), cmocka_unit_test(reads_what_it_writes),
          cmocka_unit_test(lists_are_cut_at_commas))
