/* Searching a trail backwards: every record once whatever the blocks cut, what is asked and nothing else. */
#include "unit.h"

#include "audit/search.h"
#include "audit/lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char folder[] = "/tmp/latchkey-search-XXXXXX";
static struct chain chain;
static char scope_text[UUID_TEXT + 1];
static const struct uuid ours = {{0xaa, 1}};
static const struct uuid theirs = {{0xbb, 2}};

enum { FILES = 3, EACH = 300, SECOND = 1000000000 };

static const struct uuid *scope_of(uint64_t seq)
{
    return seq % 3 == 0 ? &theirs : &ours;
}

/* Records of very different lengths, so that blocks end everywhere in them. */
static void write_record(FILE *f)
{
    struct wr w = wr_growing(CHAIN_LINE_MAX);
    struct wr event = wr_growing(EVENT_JSON_MAX);
    const uint64_t seq = chain.seq + 1;
    uuid_text(scope_of(seq), scope_text);
    wr_format(&event, "{\"at\":\"1970-01-01T%02u:%02u:%02u.000000Z\",\"name\":\"%s\",\"outcome\":\"done\",\"who\":{\"name\":\"N%u\"},"
              "\"scope\":\"%s\",\"subject\":\"S%u\",\"detail\":{\"x\":\"", (unsigned)(seq / 3600), (unsigned)(seq / 60 % 60),
              (unsigned)(seq % 60), seq % 2 ? "token.create" : "role.create", (unsigned)(seq % 5), scope_text, (unsigned)seq);
    for (uint64_t i = 0; i < seq * 37 % 2500; i++) wr_u8(&event, 'x');
    wr_text(&event, "\"}}");
    chain_append(&chain, (int64_t)seq * SECOND, 0, wr_view(&event), &w);
    assert_false(w.bad || event.bad);
    assert_int_equal(fwrite(w.p, 1, w.n, f), w.n);
    wr_drop(&event);
    wr_drop(&w);
}

static int write_trail(void **state)
{
    (void)state;
    if (!mkdtemp(folder)) return -1;
    for (int i = 0; i < FILES; i++) {
        char path[LINES_PATH_MAX];
        assert_true(lines_path(folder, chain.seq + 1, path));
        FILE *f = fopen(path, "w");
        assert_non_null(f);
        for (int k = 0; k < EACH; k++) write_record(f);
        if (i == FILES - 1) (void)fputs("{\"seq\":9999,\"half a rec", f);
        assert_int_equal(fclose(f), 0);
    }
    return 0;
}

static int remove_trail(void **state)
{
    uint64_t *firsts = NULL;
    size_t n = 0;
    (void)state;
    if (!err_is_ok(lines_list(folder, &firsts, &n, NULL))) return -1;
    for (size_t i = 0; i < n; i++) {
        char path[LINES_PATH_MAX];
        if (lines_path(folder, firsts[i], path)) (void)unlink(path);
    }
    free(firsts);
    return rmdir(folder);
}

struct seen {
    uint64_t seqs[FILES * EACH];
    size_t n;
    size_t stop;
};

static bool see(void *owner, const struct chain_record *r)
{
    struct seen *s = owner;
    s->seqs[s->n++] = r->at.seq;
    return s->n != s->stop;
}

static struct seen seen;

static struct search_end find(struct search_query q)
{
    struct search_end end;
    seen = (struct seen){.stop = seen.stop};
    if (q.max == 0) q.max = SIZE_MAX;
    assert_ok(search_run(folder, &q, see, &seen, &end, NULL));
    assert_int_equal(end.found, seen.n);
    for (size_t i = 1; i < seen.n; i++) assert_true(seen.seqs[i] < seen.seqs[i - 1]);
    return end;
}

static void every_record_is_seen_once_newest_first(void **state)
{
    (void)state;
    const struct search_end end = find((struct search_query){0});
    assert_int_equal(seen.n, FILES * EACH);
    assert_int_equal(seen.seqs[0], FILES * EACH);
    assert_int_equal(seen.seqs[seen.n - 1], 1);
    assert_false(end.more);
}

static void pages_of_every_size_make_the_whole(void **state)
{
    static const size_t sizes[] = {1, 2, 7, 299, 300, 301, 899, 900, 901};
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        uint64_t before = 0;
        size_t all = 0;
        struct search_end end;
        do {
            end = find((struct search_query){.max = sizes[i], .before = before});
            all += seen.n;
            before = end.last;
        } while (end.more && (sizes[i] > 2 || all < 50));
        if (sizes[i] > 2) assert_int_equal(all, FILES * EACH);
    }
}

static void only_what_is_asked_is_found(void **state)
{
    (void)state;
    (void)find((struct search_query){.scope = &theirs});
    assert_int_equal(seen.n, FILES * EACH / 3);
    for (size_t i = 0; i < seen.n; i++) assert_int_equal(seen.seqs[i] % 3, 0);
    (void)find((struct search_query){.event = BYTES("token.create")});
    assert_int_equal(seen.n, FILES * EACH / 2);
    (void)find((struct search_query){.event = BYTES("token.")});
    assert_int_equal(seen.n, FILES * EACH / 2);
    (void)find((struct search_query){.event = BYTES("token")});
    assert_int_equal(seen.n, 0);
    (void)find((struct search_query){.actor = BYTES("N3"), .scope = &ours});
    for (size_t i = 0; i < seen.n; i++) assert_int_equal(seen.seqs[i] % 5, 3);
    (void)find((struct search_query){.subject = BYTES("S734")});
    assert_int_equal(seen.n, 1);
    (void)find((struct search_query){.text = BYTES("\"s734\"")});
    assert_int_equal(seen.n, 1);
    (void)find((struct search_query){.outcome = BYTES("refused")});
    assert_int_equal(seen.n, 0);
}

static void time_is_from_and_before(void **state)
{
    (void)state;
    (void)find((struct search_query){.from_ns = INT64_C(100) * SECOND, .until_ns = INT64_C(110) * SECOND});
    assert_int_equal(seen.n, 10);
    assert_int_equal(seen.seqs[0], 109);
    assert_int_equal(seen.seqs[9], 100);
}

static void whoever_has_seen_enough_ends_it(void **state)
{
    (void)state;
    seen.stop = 3;
    (void)find((struct search_query){0});
    assert_int_equal(seen.n, 3);
    seen.stop = 0;
}

static void a_changed_record_ends_it_with_an_error(void **state)
{
    char path[LINES_PATH_MAX];
    struct search_end end;
    (void)state;
    assert_true(lines_path(folder, 1, path));
    FILE *f = fopen(path, "r+");
    assert_non_null(f);
    assert_int_equal(fseek(f, 300, SEEK_SET), 0);
    const int c = getc(f);
    assert_int_equal(fseek(f, 300, SEEK_SET), 0);
    assert_int_not_equal(putc(c ^ 1, f), EOF);
    assert_int_equal(fclose(f), 0);
    seen = (struct seen){0};
    const struct search_query q = {.max = SIZE_MAX};
    assert_err(search_run(folder, &q, see, &seen, &end, NULL), AUDIT_BROKEN);
    assert_int_equal(seen.n, FILES * EACH - 1);
}

static void a_folder_that_is_not_there_is_said(void **state)
{
    struct search_end end;
    const struct search_query q = {.max = 1};
    (void)state;
    assert_err(search_run("/nonexistent/trail", &q, see, &seen, &end, NULL), NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_record_is_seen_once_newest_first),
        cmocka_unit_test(pages_of_every_size_make_the_whole),
        cmocka_unit_test(only_what_is_asked_is_found),
        cmocka_unit_test(time_is_from_and_before),
        cmocka_unit_test(whoever_has_seen_enough_ends_it),
        cmocka_unit_test(a_changed_record_ends_it_with_an_error),
        cmocka_unit_test(a_folder_that_is_not_there_is_said),
    };
    return cmocka_run_group_tests(tests, write_trail, remove_trail);
}
