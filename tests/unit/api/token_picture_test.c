/* The list picture against what it stands for: all tokens in an array, filtered and sorted one by one. */
#include "unit.h"
#include "volume.h"
#include "world.h"

#include "api/token_picture.h"
#include "api/token_select.h"
#include "usage/usage_own.h"

#include <urcu/urcu-memb.h>

enum { TOKENS_MAX = 4000, ASKS = 40, ROLES = 5, LISTS = 12, PAGE = 7 };

static struct record_token model[TOKENS_MAX]; /* in order of ids */
static size_t model_n;
static struct token_picture *picture;
static struct usage usage; /* only its memory */
static struct uuid roles[LISTS][3];
static const char *const descriptions[] = {
    "",      "orders service", "Orders SERVICE",      "Ärger im Büro", "ärger im büro",
    "z",     "0",              "ΑΒΓ und Жук", "nightly",       "a",
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx one",
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx two",
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"};
static const char *const creators[] = {"operator uid=0", "Operator UID=1", "AbCdEfGhIjKlMnOpQrStUvWx", ""};
static const char *const searches[] = {"orders", "ärger", "x one", "a", "zz", "operator", "abc", "жук", "nowhere at all"};
static const int64_t now_ms = INT64_C(1800000000000);

#define DAYS(n) ((n) * TOKEN_DAY_MS)

static const char *any_of(const char *const *texts, size_t n)
{
    return texts[world_below((uint32_t)n)];
}
#define ANY_OF(texts) any_of(texts, sizeof(texts) / sizeof *(texts))

static int by_id(const void *a, const void *b)
{
    return memcmp(((const struct record_token *)a)->client_id, ((const struct record_token *)b)->client_id,
                  TOKEN_CLIENT_ID);
}

/* By the id alone; a third of them were never used. */
static void use(const char *client_id)
{
    unsigned sum = 0;
    for (size_t i = 0; i < TOKEN_CLIENT_ID; i++) sum = sum * 31 + (unsigned char)client_id[i];
    if (sum % 3 == 0) return;
    assert_ok(usage_last_note(&usage.last, bytes_of(client_id, TOKEN_CLIENT_ID),
                              now_ms - DAYS((int64_t)(sum % 150)), 0));
}

/* Few different letters, so that searches find some and orders are close. */
static struct record_token random_token(void)
{
    static const char letters[] = "aAbBzZ";
    struct record_token t = {.created_ns = (now_ms - DAYS((int64_t)world_below(200))) * 1000000 + world_below(3),
                             .expires_ms = CLOCK_NEVER_MS,
                             .roles = roles[world_below(LISTS)],
                             .description = bytes_of_text(ANY_OF(descriptions)),
                             .created_by = bytes_of_text(ANY_OF(creators))};
    for (size_t i = 0; i < TOKEN_CLIENT_ID; i++) t.client_id[i] = letters[world_below(sizeof letters - 1)];
    t.roles_n = 1 + world_below(3);
    if (world_below(3)) t.expires_ms = now_ms + DAYS((int64_t)world_below(100) - 40);
    use(t.client_id);
    return t;
}

/* --- the model --- */

static void check_rows(void)
{
    size_t at = 0;
    size_t in_chunks = 0;
    for (size_t i = 0; i < picture->n; i++) {
        const struct token_chunk *c = picture->chunks[i];
        in_chunks += c->bytes;
        for (size_t row = 0; row < c->n; row++) {
            struct record_token got;
            const struct record_token *want = &model[at++];
            token_chunk_row(c, row, &got);
            assert_memory_equal(got.client_id, want->client_id, TOKEN_CLIENT_ID);
            assert_true(got.created_ns == want->created_ns && got.expires_ms == want->expires_ms);
            assert_true(bytes_eq(got.description, want->description));
            assert_true(bytes_eq(got.created_by, want->created_by));
            assert_int_equal(got.roles_n, want->roles_n);
            assert_memory_equal(got.roles, want->roles, got.roles_n * sizeof *got.roles);
        }
    }
    assert_int_equal(at, model_n);
    assert_int_equal(picture->tokens, model_n);
    assert_true(picture->bytes > in_chunks);
}

static void begin_with(size_t n)
{
    struct token_picture_draft *d = token_picture_begin();
    for (model_n = 0; model_n < n; model_n++) model[model_n] = random_token();
    if (n) qsort(model, n, sizeof *model, by_id);
    for (size_t i = 0; i < n; i++) assert_ok(token_picture_add(d, &model[i]));
    assert_ok(token_picture_finish(d, &picture));
}

static void remove_one(size_t at)
{
    memmove(&model[at], &model[at + 1], (model_n - at - 1) * sizeof *model);
    model_n--;
}

static void put_one(const struct record_token *t)
{
    size_t at = 0;
    while (at < model_n && by_id(&model[at], t) < 0) at++;
    if (at == model_n || by_id(&model[at], t) != 0) {
        memmove(&model[at + 1], &model[at], (model_n - at) * sizeof *model);
        model_n++;
    }
    model[at] = *t;
}

/* Some made, some edited, some removed, some of them twice; and what is not there removed. */
static void change_some(size_t n, unsigned made_of_ten)
{
    struct token_picture_change *all = calloc(n + 1, sizeof *all);
    struct token_picture *next;
    for (size_t i = 0; i < n; i++) {
        struct token_picture_change *c = &all[i];
        const bool there = model_n > 0 && (world_below(10) >= made_of_ten || model_n == TOKENS_MAX);
        const size_t at = there ? world_below((uint32_t)model_n) : 0;
        c->token = random_token();
        c->gone = there ? world_below(4) > 0 : world_below(20) == 0;
        if (there) memcpy(c->token.client_id, model[at].client_id, TOKEN_CLIENT_ID);
        if (there && c->gone) remove_one(at);
        if (!c->gone) put_one(&c->token);
        c->next = i + 1 < n ? &all[i + 1] : NULL;
    }
    assert_ok(token_picture_apply(picture, n ? all : NULL, &next));
    token_picture_let_go(picture);
    picture = next;
    free(all);
}

/* --- asking --- */

static struct token_filter random_filter(void)
{
    struct token_filter f = {.sort = (enum token_sort)world_below(TOKEN_SORTS),
                             .descending = world_below(2),
                             .expires_before_ms = CLOCK_NEVER_MS,
                             .page = {.limit = 1 + world_below(PAGE)},
                             .usage = &usage};
    if (world_below(2)) f.status = (enum token_status)world_below(TOKEN_STATUSES);
    if (world_below(4) == 0) f.created_by = bytes_of_text(ANY_OF(creators));
    if (world_below(4) == 0) f.expires_before_ms = now_ms + DAYS((int64_t)world_below(60) - 20);
    f.by_role = world_below(4) == 0;
    f.role = roles[world_below(LISTS)][0];
    if (world_below(2)) f.text = bytes_of_text(ANY_OF(searches));
    if (f.text.n && world_below(3) == 0) {
        f.named = roles[world_below(LISTS)];
        f.named_n = 1;
    }
    f.any = f.by_role || f.created_by.n || f.expires_before_ms != CLOCK_NEVER_MS ||
            f.status != TOKEN_STATUS_ANY || f.text.n;
    return f;
}

static const struct token_filter *sorting_by;

static int by_place(const void *a, const void *b)
{
    return token_order_compare(sorting_by, a, b);
}

/* What token_filter_takes takes, in order. */
static size_t naive(const struct token_filter *f, const struct token_life *life,
                    struct token_place_in_order *out)
{
    struct wr scratch = wr_growing(1 << 14);
    size_t n = 0;
    for (size_t i = 0; i < model_n; i++) {
        const int64_t end_ms = snapshot_valid_until(&life->policy, model[i].created_ns / 1000000,
                                                    model[i].expires_ms);
        if (!token_filter_takes(f, &model[i], end_ms, life->now_ms, &scratch)) continue;
        token_order_place(f, &model[i], &scratch, &out[n++]);
    }
    sorting_by = f;
    if (n) qsort(out, n, sizeof *out, by_place);
    wr_drop(&scratch);
    return n;
}

/* Every page, by the cursors; then all is seen. */
static void check_pages(const struct token_filter *f, const struct token_life *life)
{
    static struct token_place_in_order want[TOKENS_MAX];
    const size_t total = naive(f, life, want);
    struct token_place_in_order after;
    struct token_selection found = {.more = true};
    struct token_pick room[PAGE + 1];
    for (size_t at = 0; found.more; at += found.n) {
        token_select(picture, f, life, at ? &after : NULL, room, &found);
        assert_int_equal(found.total, total);
        assert_int_equal(found.n, total - at < f->page.limit ? total - at : f->page.limit);
        assert_int_equal(found.more, total - at > f->page.limit);
        for (size_t i = 0; i < found.n; i++) {
            struct token_place_in_order got;
            token_select_place(f, &found.picks[i], &got);
            assert_memory_equal(got.client_id, want[at + i].client_id, TOKEN_CLIENT_ID);
            assert_int_equal(token_order_compare(f, &got, &want[at + i]), 0);
        }
        if (!found.more) return;
        uint8_t text[4 * TOKEN_SORT_KEY];
        struct wr w = wr_fixed(text, sizeof text);
        token_order_write_place(f, &want[at + found.n - 1], &w);
        assert_true(token_order_read_place(f, wr_view(&w), &after));
    }
}

struct walking {
    const struct token_place_in_order *want;
    size_t n;
    size_t most;
};

static bool walk(void *owner, const struct record_token *t)
{
    struct walking *w = owner;
    assert_memory_equal(t->client_id, w->want[w->n++].client_id, TOKEN_CLIENT_ID);
    return w->n < w->most;
}

/* All of them by id, from the start and from the middle, to the end and not. */
static void check_each(struct token_filter f, const struct token_life *life)
{
    static struct token_place_in_order want[TOKENS_MAX];
    f.sort = TOKEN_SORT_ID;
    f.descending = false;
    const size_t total = naive(&f, life, want);
    struct walking w = {want, 0, SIZE_MAX};
    assert_true(token_select_each(picture, &f, life, NULL, walk, &w));
    assert_int_equal(w.n, total);
    if (total < 2) return;
    const size_t from = world_below((uint32_t)total - 1);
    w = (struct walking){want, from + 1, from + 2};
    assert_false(token_select_each(picture, &f, life, &want[from], walk, &w));
    assert_int_equal(w.n, from + 2);
}

static void check_asks(unsigned n)
{
    struct token_life life = {.now_ms = now_ms};
    for (unsigned i = 0; i < n; i++) {
        const struct token_filter f = random_filter();
        life.policy.maximum_lifetime_ms = world_below(2) ? DAYS(100) : 0;
        check_pages(&f, &life);
        check_each(f, &life);
    }
}

/* --- tests --- */

static int set_up(void **state)
{
    struct uuid ids[ROLES];
    (void)state;
    urcu_memb_register_thread();
    assert_ok(usage_last_init(&usage.last));
    for (uint8_t i = 0; i < ROLES; i++) ids[i] = world_id(1, i);
    for (size_t i = 0; i < LISTS; i++) {
        for (size_t k = 0; k < 3; k++) roles[i][k] = ids[world_below(ROLES)];
    }
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    token_picture_let_go(picture);
    picture = NULL;
    usage_last_drop(&usage.last);
    urcu_memb_unregister_thread();
    return 0;
}

static void whatever_happens_it_shows_what_there_is(void **state)
{
    (void)state;
    begin_with(900);
    check_rows();
    const size_t rounds = volume(20, 60, 600);
    for (size_t round = 0; round < rounds; round++) {
        const unsigned made = round < rounds / 2 ? 8 : 2; /* first it grows, then it goes to nothing */
        change_some(world_below(4) ? world_below(4) : world_below(400), made);
        check_rows();
    }
}

static void a_picture_of_nothing_grows_and_goes_back_to_nothing(void **state)
{
    (void)state;
    begin_with(0);
    assert_int_equal(picture->n, 0);
    check_asks(3);
    change_some(1000, 10);
    check_rows();
    while (model_n > 0) change_some(50, 0);
    check_rows();
    assert_int_equal(picture->n, 0);
}

static void pages_are_those_of_the_sorted_and_filtered_list(void **state)
{
    (void)state;
    begin_with(300);
    const size_t rounds = volume(3, 10, 100);
    for (size_t round = 0; round < rounds; round++) {
        check_asks(ASKS);
        change_some(world_below(300), 6);
    }
}

/* What one change does not touch is shared, and no chunk is a crumb of one. */
static void a_change_costs_its_chunk(void **state)
{
    (void)state;
    begin_with(TOKENS_MAX - 100);
    const size_t rounds = volume(7, 20, 200);
    for (size_t round = 0; round < rounds; round++) {
        struct token_picture *before = picture;
        size_t shared = 0;
        token_picture_hold(before);
        change_some(1, world_below(2) ? 10 : 0);
        for (size_t i = 0; i < picture->n; i++) {
            for (size_t k = 0; k < before->n; k++) shared += picture->chunks[i] == before->chunks[k];
        }
        assert_true(shared + 1 >= before->n);
        token_picture_let_go(before);
    }
    while (model_n > 100) change_some(1, 0);
    assert_true(picture->n <= 1 + model_n / (TOKEN_CHUNK_MAX / 16));
    check_rows();
}

#define FRESH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

UNIT_MAIN(FRESH(whatever_happens_it_shows_what_there_is),
          FRESH(a_picture_of_nothing_grows_and_goes_back_to_nothing),
          FRESH(pages_are_those_of_the_sorted_and_filtered_list), FRESH(a_change_costs_its_chunk))
