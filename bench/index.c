/* The token index: what a look-up and a verification cost, and how many bytes a token takes, at a
 * thousand, a million and ten million tokens; alone, and while a writer changes one in a hundred.
 *
 *   index [TOKENS…]      default: 1000 1000000 10000000
 *
 * Beside each verification stand, measured in the same round, one SHA-256 block of the same library and
 * one read of a random line of memory that is as large as the table and on the same kind of pages.
 * Rounds are interleaved; the median of them is shown. */
#include "base/clock.h"
#include "identity/identity.h"

#include <nettle/sha2.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

enum { ROUNDS = 7, PROBES = 200000, SAMPLE_MAX = 1 << 20, BATCH = 1000, TABLE_BYTES = 96 };

static struct index *tokens;
static struct server_keys server_keys;
static struct identity_keys keys;
static const bytes prefix = {(const uint8_t *)TOKEN_PREFIX, sizeof TOKEN_PREFIX - 1};
static const struct uuid organization = {{0x0a, 1}};
static uint64_t seed = 88172645463325252;

static _Noreturn void fail(const char *what)
{
    (void)fprintf(stderr, "bench index: %s\n", what);
    exit(1);
}

static uint64_t random_word(void)
{
    seed ^= seed >> 12;
    seed ^= seed << 25;
    seed ^= seed >> 27;
    return seed * 2685821657736338717u;
}

/* Token number i: id and digest follow from the number, so that nothing has to be kept. */
static void make_token(uint64_t i, char client_id[TOKEN_CLIENT_ID], uint8_t digest[TOKEN_DIGEST])
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    uint64_t a = (i + 1) * 0x9e3779b97f4a7c15u;
    uint64_t b = (i + 1) * 0xd1342543de82ef95u + 1;
    for (int k = 0; k < 12; k++, a /= 13, b /= 13) {
        client_id[k] = letters[a % 13 * 4 + b % 4];
        client_id[k + 12] = letters[b % 13 * 4 + a % 4];
    }
    for (int k = 0; k < TOKEN_DIGEST; k++) digest[k] = (uint8_t)(i >> k % 8 * 8);
}

static struct change change_for(uint64_t i, const struct uuid *roles, size_t roles_n)
{
    uint8_t digest[TOKEN_DIGEST];
    struct change c = {.verb = CHANGE_PUT, .record = {.kind = RECORD_TOKEN, .version = 1}};
    struct record_token *t = &c.record.of.token;
    make_token(i, t->client_id, digest);
    t->scope = organization;
    t->key_id = 1;
    t->created_ns = 1000000000;
    t->expires_ms = CLOCK_NEVER_MS;
    t->roles = roles;
    t->roles_n = roles_n;
    server_key_verifier(&server_keys.list[0], digest, t->verifier);
    return c;
}

static void load(uint64_t n)
{
    static struct change batch[BATCH];
    const struct role *builtin;
    (void)builtin_roles(&builtin);
    if (!err_is_ok(index_new(&tokens))) fail("no memory");
    for (uint64_t i = 0; i < n; i += BATCH) {
        size_t k = 0;
        for (; k < BATCH && i + k < n; k++) {
            batch[k] = change_for(i + k, &builtin[(i + k) % 16].id, 1);
        }
        if (!err_is_ok(index_apply(tokens, batch, k, NULL))) fail("no memory");
    }
}

/* --- one writer: a change to one token in a hundred, for every hundred look-ups --- */

static atomic_bool writing;
static atomic_ulong asked;
static uint64_t loaded;
static atomic_ulong written;

static void *write_on(void *unused)
{
    const struct role *builtin;
    (void)builtin_roles(&builtin);
    urcu_memb_register_thread();
    while (atomic_load_explicit(&writing, memory_order_relaxed)) {
        if (atomic_load_explicit(&written, memory_order_relaxed) * 100 >
            atomic_load_explicit(&asked, memory_order_relaxed)) {
            (void)sched_yield();
            continue;
        }
        const uint64_t i = atomic_fetch_add(&written, 1) * 7919 % loaded;
        struct change c = change_for(i, &builtin[i % 16].id, 1);
        if (!err_is_ok(index_apply(tokens, &c, 1, NULL))) fail("no memory");
    }
    urcu_memb_unregister_thread();
    return unused;
}

/* --- what is measured: nanoseconds of this thread's processor time an operation --- */

static uint64_t cpu_ns(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

struct sample {
    char client_id[TOKEN_CLIENT_ID];
    char text[97];
};
static struct sample *sample;
static size_t sample_n;

static void draw_sample(uint64_t n)
{
    sample_n = SAMPLE_MAX;
    if (!sample) sample = malloc(SAMPLE_MAX * sizeof *sample);
    if (!sample) fail("no memory");
    for (size_t i = 0; i < sample_n; i++) {
        struct token_new t;
        make_token(random_word() % n, t.client_id, t.digest);
        memcpy(sample[i].client_id, t.client_id, sizeof t.client_id);
        (void)token_write(&t, prefix, sample[i].text);
    }
}

static void count_asked(unsigned i)
{
    if (i % 64 == 0) atomic_fetch_add_explicit(&asked, 64, memory_order_relaxed);
}

static double look_up(size_t from)
{
    struct index_token got;
    uint64_t found = 0;
    const uint64_t begin = cpu_ns();
    for (unsigned i = 0; i < PROBES; i++) {
        const struct sample *s = &sample[(from + i) % sample_n];
        count_asked(i);
        urcu_memb_read_lock();
        found += index_find_token(tokens, bytes_of(s->client_id, TOKEN_CLIENT_ID), &got);
        urcu_memb_read_unlock();
    }
    const uint64_t end = cpu_ns();
    if (found != PROBES) fail("a token is not found");
    return (double)(end - begin) / PROBES;
}

static double miss(size_t from)
{
    struct index_token got;
    const uint64_t begin = cpu_ns();
    for (unsigned i = 0; i < PROBES; i++) {
        char id[TOKEN_CLIENT_ID];
        memcpy(id, sample[(from + i) % sample_n].client_id, sizeof id);
        id[23] = 'z';
        id[11] = 'z';
        count_asked(i);
        urcu_memb_read_lock();
        (void)index_find_token(tokens, bytes_of(id, sizeof id), &got);
        urcu_memb_read_unlock();
    }
    return (double)(cpu_ns() - begin) / PROBES;
}

static double verify(size_t from)
{
    struct principal who;
    struct identity_rekey rekey;
    uint64_t good = 0;
    const uint64_t begin = cpu_ns();
    for (unsigned i = 0; i < PROBES; i++) {
        const struct sample *s = &sample[(from + i) % sample_n];
        const struct credential cred = {.kind = CREDENTIAL_TOKEN,
                                        .token = bytes_of(s->text, sizeof s->text)};
        count_asked(i);
        urcu_memb_read_lock();
        good += identity_find(tokens, &keys, &prefix, 1, &cred, 2000, &who, &rekey) == IDENTITY_OK;
        urcu_memb_read_unlock();
    }
    const uint64_t end = cpu_ns();
    if (good != PROBES) fail("a token is not verified");
    return (double)(end - begin) / PROBES;
}

static double hash_block(size_t from)
{
    struct sha256_ctx sha;
    const uint8_t *at = (const uint8_t *)sample[from % sample_n].text;
    sha256_init(&sha);
    const uint64_t begin = cpu_ns();
    for (unsigned i = 0; i < PROBES; i++) sha256_update(&sha, SHA256_BLOCK_SIZE, at);
    return (double)(cpu_ns() - begin) / PROBES;
}

/* Each address follows from what was read before it, as in a search. */
static uint8_t *plain;
static size_t plain_lines;

static void lay_out_plain(size_t size)
{
    enum { LINE = 64, HUGE_PAGE = 2 << 20 };
    void *room;
    if (posix_memalign(&room, HUGE_PAGE, size + HUGE_PAGE) != 0) fail("no memory");
    (void)madvise(room, size + HUGE_PAGE, MADV_HUGEPAGE);
    memset(room, 0, size + HUGE_PAGE);
    plain = room;
    plain_lines = size / LINE;
}

static double read_line(size_t from)
{
    uint64_t at = from | 1;
    const uint64_t begin = cpu_ns();
    for (unsigned i = 0; i < PROBES; i++) {
        at = at * 6364136223846793005u + 1442695040888963407u;
        const size_t line = (size_t)((at >> 32) * plain_lines >> 32);
        at += *(volatile uint8_t *)(plain + line * 64);
    }
    return (double)(cpu_ns() - begin) / PROBES;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double median(double *values)
{
    qsort(values, ROUNDS, sizeof *values, compare);
    return values[ROUNDS / 2];
}

static void show(uint64_t n, const char *with)
{
    enum { LOOK_UP, MISS, VERIFY, HASH, READ, KINDS };
    static double (*const what[KINDS])(size_t) = {look_up, miss, verify, hash_block, read_line};
    double took[KINDS][ROUNDS];
    double ratio[ROUNDS];
    double reads[ROUNDS];
    for (int r = 0; r < ROUNDS; r++) {
        for (int w = 0; w < KINDS; w++) took[w][r] = what[w]((size_t)random_word());
        ratio[r] = took[VERIFY][r] / took[HASH][r];
        reads[r] = took[VERIFY][r] / took[READ][r];
    }
    struct index_numbers numbers;
    urcu_memb_read_lock();
    index_count(tokens, &numbers);
    urcu_memb_read_unlock();
    (void)printf("| %9lu | %-11s | %7.0f | %6.0f | %7.0f | %8.0f | %8.0f | %7.2f | %7.2f | %7.1f |\n",
                 (unsigned long)n, with, median(took[LOOK_UP]), median(took[MISS]),
                 median(took[VERIFY]), median(took[HASH]), median(took[READ]), median(ratio),
                 median(reads), (double)numbers.token_bytes / (double)numbers.tokens);
    (void)fflush(stdout);
}

static void measure(uint64_t n)
{
    pthread_t writer;
    const uint64_t begin = clock_mono_ns();
    load(n);
    const double seconds = (double)(clock_mono_ns() - begin) / 1e9;
    loaded = n;
    draw_sample(n);
    lay_out_plain((size_t)n * TABLE_BYTES);
    show(n, "alone");
    atomic_store(&writing, true);
    atomic_store(&written, 0);
    atomic_store(&asked, 0);
    if (pthread_create(&writer, NULL, write_on, NULL) != 0) fail("no thread");
    show(n, "1 % writes");
    atomic_store(&writing, false);
    (void)pthread_join(writer, NULL);
    (void)printf("<!-- %lu tokens loaded in %.2f s with their verifiers; %lu writes meanwhile -->\n",
                 (unsigned long)n, seconds, atomic_load(&written));
    index_free(tokens);
    free(plain);
}

int main(int argc, char **argv)
{
    static const uint64_t sizes[] = {1000, 1000000, 10000000};
    urcu_memb_register_thread();
    server_keys.n = 1;
    server_keys.list[0].id = 1;
    for (size_t i = 0; i < SERVER_KEY_SIZE; i++) server_keys.list[0].key[i] = (uint8_t)(i * 11);
    identity_keys_init(&keys, &server_keys);
    (void)printf("|    tokens | with        | look-up | miss   | verify  | one hash | one read | verify/ | verify/ | bytes a |\n"
                 "|           |             |      ns |     ns |      ns |       ns |       ns |    hash |    read |   token |\n"
                 "|----------:|-------------|--------:|-------:|--------:|---------:|---------:|--------:|--------:|--------:|\n");
    for (int i = 1; i < argc; i++) measure(strtoull(argv[i], NULL, 10));
    for (size_t i = 0; argc == 1 && i < sizeof sizes / sizeof *sizes; i++) measure(sizes[i]);
    free(sample);
    urcu_memb_unregister_thread();
    return 0;
}
