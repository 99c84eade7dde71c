#include "fuzz_pace.h"

#include "api/route_facts.h"
#include "base/clock.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

enum { SHOWN = 8 };

uint64_t pace_now_us(void)
{
    return clock_mono_ns() / 1000;
}

bool pace_take(struct pace *p, size_t route, uint64_t took_us, unsigned status)
{
    struct pace_route *r = &p->routes[route];
    const bool slow = took_us >= PACE_SLOW_MS * UINT64_C(1000);
    r->n++;
    r->sum_us += took_us;
    if (took_us > r->slowest_us) r->slowest_us = took_us;
    r->slow += slow;
    r->unavailable += status == 503;
    r->too_many += status == 429;
    return slow;
}

long pace_resident_kb(struct pace *p)
{
    char path[64];
    char line[256];
    long kb = 0;
    (void)snprintf(path, sizeof path, "/proc/%s/status", p->pid);
    FILE *f = fopen(path, "re");
    while (f && fgets(line, sizeof line, f)) {
        (void)sscanf(line, "VmRSS: %ld", &kb);
        (void)sscanf(line, "VmHWM: %ld", &p->peak_kb);
    }
    if (f) (void)fclose(f);
    return kb;
}

static void read_line(const char *pid, const char *thread, const char *what, char out[256])
{
    char path[320];
    out[0] = 0;
    (void)snprintf(path, sizeof path, "/proc/%s/task/%.20s/%s", pid, thread, what);
    FILE *f = fopen(path, "re");
    if (f && !fgets(out, 256, f)) out[0] = 0;
    if (f) (void)fclose(f);
    out[strcspn(out, "\n")] = 0;
}

/* Its name, its state, where it is in the kernel, and the number of its system call: what a missed wake-up, a lock
 * and a slow disk differ in. */
static void show_thread(const char *pid, const char *thread)
{
    char name[256], stat[256], where[256], call[256];
    read_line(pid, thread, "comm", name);
    read_line(pid, thread, "stat", stat);
    read_line(pid, thread, "wchan", where);
    read_line(pid, thread, "syscall", call);
    const char *state = strrchr(stat, ')');
    printf("    %.16s %.2s %.40s %.*s\n", name, state ? state + 1 : "", where, (int)strcspn(call, " "), call);
}

void pace_show_threads(const struct pace *p, unsigned waited_ms)
{
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/%s/task", p->pid);
    DIR *threads = opendir(path);
    printf("  waiting for %u ms:\n", waited_ms);
    for (struct dirent *e = threads ? readdir(threads) : NULL; e; e = readdir(threads)) {
        if (e->d_name[0] != '.') show_thread(p->pid, e->d_name);
    }
    if (threads) (void)closedir(threads);
    (void)fflush(stdout);
}

static double seconds(const struct pace *p)
{
    return (double)(pace_now_us() - p->began_us) / 1e6;
}

void pace_step(struct pace *p, size_t asked)
{
    printf("%zu requests in %.0f s, %ld KiB resident\n", asked, seconds(p), pace_resident_kb(p));
    (void)fflush(stdout);
}

static void show(const struct pace *p, size_t route)
{
    const struct pace_route *r = &p->routes[route];
    const struct http_route *row = &api_routes()->rows[route];
    printf("  %s %s: %zu answers, slowest %.1f ms, mean %.2f ms, %zu over %d ms, %zu times 503, %zu times 429\n",
           http_method_name(row->method), row->pattern, r->n, (double)r->slowest_us / 1e3,
           (double)r->sum_us / 1e3 / (double)r->n, r->slow, PACE_SLOW_MS, r->unavailable, r->too_many);
}

/* The slowest answer's route among those that are not shown yet, or `n`. */
static size_t slowest(const struct pace *p, const bool *shown, size_t n)
{
    size_t found = n;
    for (size_t i = 0; i < n; i++) {
        if (shown[i] || p->routes[i].n == 0) continue;
        if (found == n || p->routes[i].slowest_us > p->routes[found].slowest_us) found = i;
    }
    return found;
}

void pace_report(const struct pace *p)
{
    static bool shown[PACE_ROUTES];
    const size_t n = api_routes()->n;
    printf("%.0f s, at most %ld KiB resident; slowest:\n", seconds(p), p->peak_kb);
    for (size_t i = 0; i < SHOWN; i++) {
        const size_t route = slowest(p, shown, n);
        if (route == n) break;
        shown[route] = true;
        show(p, route);
    }
    for (size_t i = 0; i < n; i++) {
        const struct pace_route *r = &p->routes[i];
        if (!shown[i] && (r->slow || r->unavailable || r->too_many)) show(p, i);
    }
}
