/* What GET /v2/usage reads, and what it would read by the hour alone: an organization of TOKENS tokens of
 * which each is refused in each of 720 hours.
 *
 *   usage_read [TOKENS]
 *
 * Medians of the rounds, both ways one after the other in each of them; and what writing the hours takes with
 * sums and without. */
#include "usage/usage_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { HOURS = USAGE_FILE_HOURS, FIRST = 500000, ROUNDS = 9 };

static const struct uuid org = {{1}};
static struct usage_hour hours[HOURS];
static int64_t refusals[REFUSALS];
static char shown[2][4096];

static const char reasons_by_hour[] =
    "WITH RECURSIVE h(x) AS (VALUES (?1) UNION ALL SELECT x + 1 FROM h WHERE x < ?2)"
    " SELECT reason, sum(n) FROM h CROSS JOIN refusal t WHERE t.hour = x AND t.scope = ?3 GROUP BY reason";
static const char refused_by_hour[] =
    "WITH RECURSIVE h(x) AS (VALUES (?1) UNION ALL SELECT x + 1 FROM h WHERE x < ?2)"
    " SELECT k.client_id, s FROM (SELECT token, sum(n) AS s FROM h CROSS JOIN refusal t"
    " WHERE t.hour = x AND t.scope = ?3 GROUP BY token) JOIN token k ON k.number = token"
    " ORDER BY s DESC, k.client_id LIMIT 10";

static void must(bool holds, const char *what)
{
    if (holds) return;
    (void)fprintf(stderr, "bench usage_read: %s\n", what);
    exit(1);
}

static double now_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *list)
{
    qsort(list, ROUNDS, sizeof *list, by_size);
    return list[ROUNDS / 2];
}

static void fill(struct usage_file *f, unsigned tokens)
{
    for (int64_t hour = FIRST; hour < FIRST + HOURS; hour++) {
        must(err_is_ok(usage_file_begin(f, NULL)), "begin");
        for (unsigned i = 0; i < tokens; i++) {
            char id[32];
            const int n = snprintf(id, sizeof id, "token%019u", i);
            struct usage_delta d = {.client_id = bytes_of(id, (size_t)n), .scope = org, .refusals = 1};
            d.refused[REFUSAL_EXPIRED] = 1 + (i * 7919u + (unsigned)hour) % 5;
            must(err_is_ok(usage_file_add(f, &d, hour * USAGE_FILE_HOUR_MS, NULL)), "add");
        }
        must(err_is_ok(usage_file_commit(f, NULL)), "commit");
    }
}

static void show(void *owner, bytes client_id, int64_t n)
{
    char *to = owner;
    const size_t used = strlen(to);
    (void)snprintf(to + used, sizeof *shown - used, "%.*s=%lld ", (int)client_id.n, (const char *)client_id.p,
                   (long long)n);
}

static void ask(struct usage_file *f, const struct usage_span *span)
{
    shown[0][0] = 0;
    must(err_is_ok(usage_file_hours(f, span, hours)), "hours");
    must(err_is_ok(usage_file_refusals(f, span, refusals)), "refusals");
    must(err_is_ok(usage_file_refused(f, span, show, shown[0])), "refused");
}

static void ask_by_hour(struct usage_file *f, const struct usage_span *span)
{
    const char *const both[] = {reasons_by_hour, refused_by_hour};
    shown[1][0] = 0;
    must(err_is_ok(usage_file_hours(f, span, hours)), "hours");
    for (int i = 0; i < 2; i++) {
        sqlite3_stmt *q = NULL;
        must(sqlite3_prepare_v2(f->db, both[i], -1, &q, NULL) == SQLITE_OK, "prepare");
        (void)sqlite3_bind_int64(q, 1, span->first);
        (void)sqlite3_bind_int64(q, 2, span->first + (int64_t)span->n - 1);
        (void)sqlite3_bind_blob(q, 3, org.b, sizeof org.b, SQLITE_STATIC);
        while (sqlite3_step(q) == SQLITE_ROW) {
            if (i == 0) continue;
            show(shown[1], bytes_of(sqlite3_column_blob(q, 0), (size_t)sqlite3_column_bytes(q, 0)),
                 sqlite3_column_int64(q, 1));
        }
        (void)sqlite3_finalize(q);
    }
}

static void measure(struct usage_file *f, size_t n)
{
    /* Hours that begin and end in the middle of a sum: most pieces. */
    const struct usage_span span = {.first = FIRST + HOURS - (int64_t)n, .n = n, .scope = org};
    double sums[ROUNDS];
    double by_hour[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
        double began = now_ms();
        ask(f, &span);
        sums[i] = now_ms() - began;
        began = now_ms();
        ask_by_hour(f, &span);
        by_hour[i] = now_ms() - began;
        must(strcmp(shown[0], shown[1]) == 0, "both ways do not say the same");
    }
    const double a = median(sums);
    const double b = median(by_hour);
    (void)printf("%zu hours: %.1f ms with sums, %.1f ms by the hour, ratio %.3f\n", n, a, b, a / b);
}

int main(int argc, char **argv)
{
    const unsigned tokens = argc > 1 ? (unsigned)atoi(argv[1]) : 2000;
    char folder[] = "/tmp/latchkey-bench-XXXXXX";
    char path[64];
    char command[128];
    struct usage_file f;
    struct note note = {{0}};
    must(mkdtemp(folder) != NULL, "no folder");
    (void)snprintf(path, sizeof path, "%s/usage.db", folder);
    must(err_is_ok(usage_file_open(path, &f, &note)), note.text);
    double began = now_ms();
    fill(&f, tokens);
    (void)printf("%u tokens, %d refusals written in %.0f ms\n", tokens, (int)tokens * HOURS, now_ms() - began);
    measure(&f, 24);
    measure(&f, 168);
    measure(&f, 719);
    measure(&f, 720);
    (void)sqlite3_exec(f.db, "DROP TABLE refused; DROP TABLE scope_refusal; PRAGMA user_version = 1", NULL, NULL, NULL);
    usage_file_close(&f);
    began = now_ms();
    must(err_is_ok(usage_file_open(path, &f, &note)), note.text);
    (void)printf("a file of version 1 gets its sums in %.0f ms\n", now_ms() - began);
    int64_t bytes_n = 0;
    int64_t oldest = 0;
    must(err_is_ok(usage_file_size(&f, &bytes_n, &oldest, &note)), note.text);
    (void)printf("the file is %.1f MiB\n", (double)bytes_n / (1 << 20));
    usage_file_close(&f);
    (void)snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command) != 0;
}
