/* How long an unprepared statement takes to be understood: lexed, parsed, resolved, written again.
 * */
#include "base/clock.h"
#include "statement/schema.h"
#include "statement/schema_apply.h"
#include "statement/statement.h"

#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS = 200000, TRIES = 5, TABLES = 1000 };

static const char *const texts[] = {
    "SELECT * FROM t WHERE k = ?",
    "SELECT user_id, email, display_name, created_at FROM accounts WHERE tenant = "
    "'acme-industries' AND "
    "user_id = 550e8400-e29b-41d4-a716-446655440000 AND created_at > '2026-01-01' ORDER BY "
    "created_at DESC LIMIT 50",
    "INSERT INTO shop.orders (id, customer, item, amount, price, placed_at, note) VALUES "
    "(550e8400-e29b-41d4-a716-"
    "446655440000, 'ada@acme.test', 'teapot', 3, 19.95, toTimestamp(now()), 'leave it at the "
    "door') USING TTL 86400",
    "UPDATE accounts SET email = 'ada@acme.test', tags = tags + {'vip', 'beta'}, "
    "settings['theme'] = 'dark', "
    "logins = 42 WHERE tenant = 'acme-industries' AND user_id = "
    "550e8400-e29b-41d4-a716-446655440000 IF EXISTS",
};

static void fill(struct schema *s, struct arena *call)
{
    struct note note;
    for (int i = 0; i < TABLES; i++) {
        const char *ddl = arena_format(call, "CREATE TABLE ks.table_%d (k int PRIMARY KEY)", i);
        if (!err_is_ok(schema_apply(s, (bytes){0}, bytes_of_text(ddl), call, &note))) abort();
        arena_reset(call);
    }
}

static double best_ns(const struct schema *s, bytes text, struct arena *call)
{
    double best = 0;
    for (int try = 0; try < TRIES; try++) {
        const uint64_t start = clock_mono_ns();
        for (int i = 0; i < ROUNDS; i++) {
            struct statement out;
            struct note note;
            if (!err_is_ok(statement_understand(s, BYTES("ks"), text, call, &out, &note))) abort();
            arena_reset(call);
        }
        const double ns = (double)(clock_mono_ns() - start) / ROUNDS;
        if (try == 0 || ns < best) best = ns;
    }
    return best;
}

int main(void)
{
    struct arena picture;
    struct arena call;
    struct schema *schema;
    arena_init(&picture, 64 << 20);
    arena_init(&call, 1 << 20);
    if (!err_is_ok(schema_new(&picture, (struct hash_seed){1, 2}, &schema))) return 1;
    fill(schema, &call);
    printf("%8s %10s  statement\n", "bytes", "ns");
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const bytes text = bytes_of_text(texts[i]);
        printf("%8zu %10.0f  %.40s\n", text.n, best_ns(schema, text, &call), texts[i]);
    }
    arena_drop(&call);
    arena_drop(&picture);
    return 0;
}
