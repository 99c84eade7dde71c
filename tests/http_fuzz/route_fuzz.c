/* Asks a running daemon whatever the route table lets somebody think of, from a seed, and looks at every
 * answer: there is one, it is no server's error, and it is JSON where it says so. The daemon must not grow.
 *
 * usage: route_fuzz PORT SOCKET PID SEED REQUESTS
 * On standard input, a line each: the token; another organization, and a token of it; where no cluster listens;
 * where a database may listen. */
#include "fuzz_answer.h"
#include "fuzz_pace.h"
#include "fuzz_request.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CONNECTIONS = 8, GROWTH_MAX_KB = 48 << 10, GROWTH_EACH_KB = 8, FAILURES_SHOWN = 10, STEP = 10000, WARM = 20000, STATUSES = 600 };

struct run {
    struct maker maker;
    struct peer peers[CONNECTIONS];
    struct pace pace;
    size_t asked;
    size_t failed;
    size_t unanswered;    /* of odd requests */
    size_t made;          /* things that stay, and their records in the audit trail */
    size_t statuses[STATUSES];
    bool reached[PACE_ROUTES]; /* routes that answered well */
};

static void show(const struct request *rq, const struct answer *a)
{
    printf("  ");
    for (size_t i = 0; i < rq->bytes.n && i < 1500; i++) {
        const uint8_t c = rq->bytes.p[i];
        if (c == '\n') printf("\n  ");
        else if (c >= ' ' && c < 0x7f) putchar(c);
        else if (c != '\r') printf("\\x%02x", c);
    }
    printf("\n  -> %.*s\n", (int)(a->body.n < 500 ? a->body.n : 500), a->body.p ? (const char *)a->body.p : "");
    (void)fflush(stdout);
}

static void fail(struct run *r, const struct request *rq, const struct answer *a, const char *why)
{
    if (r->failed++ >= FAILURES_SHOWN) return;
    printf("request %zu: %s, status %u, type \"%s\"\n", r->asked, why, a->status, a->type);
    show(rq, a);
}

/* Shows what is slow, for it may be a wake-up that was missed, and the first 503 of a route, for it should have
 * a reason of its own. */
static void time_it(struct run *r, const struct request *rq, const struct answer *a, uint64_t took_us)
{
    const bool slow = pace_take(&r->pace, rq->route, took_us, a->status);
    const bool first_503 = a->status == 503 && r->pace.routes[rq->route].unavailable == 1;
    if (!slow && !first_503) return;
    printf("request %zu: %.1f ms, status %u\n", r->asked, (double)took_us / 1e3, a->status);
    show(rq, a);
}

/* A statement is explained with its cluster's schema: one that is not there is said to be so, and when to ask again
 * (the whole "no 5xx" of a run is: none but this; routes and counts are told at the end). */
static bool asks_cluster(const struct request *rq)
{
    return strcmp(api_routes()->rows[rq->route].pattern, "/v2/explain") == 0;
}

static bool is_fault(const struct answer *a, const struct request *rq)
{
    return a->status >= 500 && !(a->status == 503 && asks_cluster(rq));
}

static void check_json(struct run *r, const struct request *rq, struct answer *a)
{
    json_t *v = json_loadb((const char *)a->body.p, a->body.n, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL);
    if (!v) {
        fail(r, rq, a, "says JSON and is none");
    } else if (a->status >= 400 && json_array_size(json_object_get(v, "errors")) == 0) {
        fail(r, rq, a, "a refusal without errors");
    } else if (a->status < 300) {
        request_learn(&r->maker, v);
    }
    json_decref(v);
}

static void check(struct run *r, const struct request *rq, struct answer *a)
{
    const bool json = strncmp(a->type, "application/json", 16) == 0;
    const bool text_refusal = a->status >= 400 && strncmp(a->type, "text/plain", 10) == 0;
    r->statuses[a->status]++;
    if (is_fault(a, rq)) fail(r, rq, a, "a server's error");
    if ((a->status == 429 || a->status == 503) && !a->says_when) fail(r, rq, a, "says not when to try again");
    if (a->status == 204 && a->type[0]) fail(r, rq, a, "a type without a body");
    if (rq->head || a->body.n == 0) {
        if (!rq->head && json) fail(r, rq, a, "JSON without a byte");
        return;
    }
    if (json || text_refusal) check_json(r, rq, a);
    if (!a->type[0]) fail(r, rq, a, "a body without a type");
}

static void ask(struct run *r)
{
    struct request rq;
    struct answer a = {0};
    const char *why = "";
    struct peer *p = &r->peers[random_to(&r->maker.random, CONNECTIONS)];
    request_make(&r->maker, p->path != NULL, &rq);
    if (rq.bytes.bad) abort();
    const uint64_t began_us = pace_now_us();
    const bool answered = answer_ask(p, wr_view(&rq.bytes), rq.head, &a, &why);
    time_it(r, &rq, &a, pace_now_us() - began_us);
    if (answered) {
        check(r, &rq, &a);
        r->reached[rq.route] = r->reached[rq.route] || a.status < 300;
        r->made += a.status == 200 || a.status == 201;
        wr_drop(&a.body);
    } else if (rq.odd && strcmp(why, "no answer") == 0) {
        r->unanswered++;
    } else {
        fail(r, &rq, &a, why);
    }
    wr_drop(&rq.bytes);
    r->asked++;
}

static void report(const struct run *r)
{
    printf("%zu requests, %zu without an answer that were malformed, statuses:", r->asked, r->unanswered);
    for (size_t i = 0; i < STATUSES; i++) {
        if (r->statuses[i]) printf(" %zu:%zu", i, r->statuses[i]);
    }
    printf("\nroutes without a good answer:");
    for (size_t i = 0; i < api_routes()->n; i++) {
        if (!r->reached[i] && api_route_shapes()[i].status < 300) {
            printf(" %s %s", http_method_name(api_routes()->rows[i].method), api_routes()->rows[i].pattern);
        }
    }
    putchar('\n');
    pace_report(&r->pace);
}

/* What was made takes room; beyond that nothing may. A run of fewer requests than WARM is all beginnings: threads hash
 * for the first time, caches fill. */
static bool has_grown(const struct run *r, long before_kb, size_t made_before, long now_kb)
{
    const long allowed = GROWTH_MAX_KB + GROWTH_EACH_KB * (long)(r->made - made_before) / 16;
    printf("resident: %ld KiB after a fifth, %ld KiB at the end, %ld KiB more allowed\n", before_kb, now_kb, allowed);
    return r->asked >= WARM && now_kb - before_kb > allowed;
}

static bool read_line(char line[256])
{
    if (!fgets(line, 256, stdin)) return false;
    line[strcspn(line, "\r\n")] = 0;
    return true;
}

static bool read_input(struct maker *m)
{
    static char lines[5][256];
    const char **const places[] = {&m->token, &m->fenced, &m->fenced_token, &m->nowhere, &m->door};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (!read_line(lines[i])) return false;
        *places[i] = lines[i];
    }
    return true;
}

static void waits(void *owner, unsigned waited_ms)
{
    const struct run *r = owner;
    if (waited_ms == ANSWER_WAIT_MS || waited_ms % (10 * ANSWER_WAIT_MS) == 0) pace_show_threads(&r->pace, waited_ms);
}

static void set_up(struct run *r, char **argv)
{
    static char own[64];
    const char *token = r->maker.token;
    const char *id = strchr(token, ':');
    (void)snprintf(own, sizeof own, "%.24s", id ? id + 1 : "");
    r->maker.random.state = strtoull(argv[4], NULL, 10) * UINT64_C(0x9e3779b97f4a7c15) + 1;
    r->maker.keep = own;
    r->pace = (struct pace){.pid = argv[3], .began_us = pace_now_us()};
    for (size_t i = 0; i < CONNECTIONS; i++) {
        r->peers[i] = (struct peer){.fd = -1, .port = (uint16_t)atoi(argv[1]), .owner = r, .waits = waits};
        if (i % 4 == 3) r->peers[i].path = argv[2];
    }
}

static void ask_until(struct run *r, size_t asked)
{
    while (r->asked < asked) {
        ask(r);
        if (r->asked % STEP == 0) pace_step(&r->pace, r->asked);
    }
}

int main(int argc, char **argv)
{
    static struct run r;
    if (argc != 6 || !read_input(&r.maker)) {
        fprintf(stderr, "usage: route_fuzz PORT SOCKET PID SEED REQUESTS; on standard input what the "
                        "top of its source says\n");
        return 2;
    }
    const size_t n = (size_t)strtoull(argv[5], NULL, 10);
    set_up(&r, argv);
    ask_until(&r, n / 5);
    const long before = pace_resident_kb(&r.pace);
    const size_t made = r.made;
    ask_until(&r, n);
    const long after = pace_resident_kb(&r.pace);
    report(&r);
    const bool grown = has_grown(&r, before, made, after);
    if (grown) printf("the daemon has grown\n");
    printf("%zu failures\n", r.failed);
    return r.failed || grown || before == 0 ? 1 : 0;
}
