/* Strangers are counted by network and minute, and never take more room than the table has. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "audit/tally.h"

static void assert_prefix(const char *peer, const char *want)
{
    char got[TALLY_PREFIX_MAX];
    tally_prefix(peer, got);
    assert_string_equal(got, want);
}

static void finds_the_network_of_an_address(void **state)
{
    (void)state;
    assert_prefix("", "");
    assert_prefix("uid 1000", "uid 1000");
    assert_prefix("1.2.3", "1.2.3");
    assert_prefix("[::1", "::/48");
    assert_prefix("192.0.2.77", "192.0.2.0/24");
    assert_prefix("192.0.2.77:9042", "192.0.2.0/24");
    assert_prefix("::ffff:192.0.2.77", "192.0.2.0/24");
    assert_prefix("[::ffff:192.0.2.77]:1", "192.0.2.0/24");
    assert_prefix("2001:db8:1:2::3", "2001:db8:1::/48");
    assert_prefix("[2001:db8:1:2::3]:9042", "2001:db8:1::/48");
}

struct given {
    size_t n;
    uint64_t sum;
    char last[128];
};

static void give(void *owner, const struct event_draft *d)
{
    struct given *g = owner;
    g->n++;
    g->sum += strtoull(strchr((const char *)d->detail.p, ':') + 1, NULL, 10);
    snprintf(g->last, sizeof g->last, "%s %s %s %.*s", d->name, d->outcome, d->peer, BYTES_FMT(d->detail));
}

static struct event_draft draft(const char *name, const char *peer)
{
    struct event_draft d = {.name = name, .outcome = "refused"};
    snprintf(d.peer, sizeof d.peer, "%s", peer);
    return d;
}

static void wants_failures_of_nobody_alone(void **state)
{
    (void)state;
    struct event_draft d = draft("cql.login", "192.0.2.1");
    assert_true(tally_wants(&d));
    d.outcome = "done";
    assert_false(tally_wants(&d));
    d.outcome = "refused";
    d.who.kind = PRINCIPAL_TOKEN;
    assert_false(tally_wants(&d));
    d = draft("audit.lost", "");
    assert_false(tally_wants(&d));
}

static void counts_by_event_network_and_minute(void **state)
{
    (void)state;
    static struct tally t;
    struct given g = {0};
    const int64_t now = INT64_C(1700000000000) / 60000 * 60000;
    const struct event_draft a = draft("cql.login", "192.0.2.1:5");
    const struct event_draft b = draft("cql.login", "192.0.2.200:6");
    const struct event_draft other = draft("api.login", "192.0.2.1");
    assert_false(tally_is_due(&t, now));
    for (int i = 0; i < 5; i++) tally_add(&t, &a, now + i);
    tally_add(&t, &b, now + 59999);
    assert_false(tally_is_due(&t, now + 59999));
    assert_true(tally_is_due(&t, now + 60000));
    tally_flush(&t, give, &g);
    assert_int_equal(g.n, 1);
    assert_string_equal(g.last, "cql.login refused 192.0.2.0/24 {\"count\":6}");
    tally_add(&t, &a, now + 60000);
    tally_add(&t, &other, now + 60000);
    g = (struct given){0};
    tally_flush(&t, give, &g);
    assert_int_equal(g.n, 2);
    assert_int_equal(g.sum, 2);
    assert_false(tally_is_due(&t, now + 600000));
}

static void a_flood_of_networks_fits(void **state)
{
    (void)state;
    static struct tally t;
    struct given g = {0};
    for (unsigned i = 0; i < 100000; i++) {
        char peer[32];
        snprintf(peer, sizeof peer, "10.%u.%u.1", i / 256 % 256, i % 256);
        const struct event_draft d = draft("cql.login", peer);
        tally_add(&t, &d, 0);
    }
    tally_flush(&t, give, &g);
    assert_true(g.n <= TALLY_ROWS / 2 + 1);
    assert_int_equal(g.sum, 100000);
}

UNIT_MAIN(cmocka_unit_test(finds_the_network_of_an_address), cmocka_unit_test(wants_failures_of_nobody_alone),
          cmocka_unit_test(counts_by_event_network_and_minute), cmocka_unit_test(a_flood_of_networks_fits))
