#include "base/clock.h"

#include <stdio.h>
#include <time.h>

#define NS_PER_S INT64_C(1000000000)

static int64_t read_ns(clockid_t id)
{
    struct timespec t;
    (void)clock_gettime(id, &t);
    return (int64_t)t.tv_sec * NS_PER_S + t.tv_nsec;
}

int64_t clock_utc_ns(void)
{
    return read_ns(CLOCK_REALTIME);
}

int64_t clock_utc_ms(void)
{
    return clock_utc_ns() / 1000000;
}

uint64_t clock_mono_ns(void)
{
    return (uint64_t)read_ns(CLOCK_MONOTONIC);
}

uint64_t clock_mono_ms(void)
{
    return clock_mono_ns() / 1000000;
}

void clock_write_utc(int64_t utc_ns, int digits, char out[CLOCK_TEXT_SIZE])
{
    time_t seconds = (time_t)(utc_ns / NS_PER_S);
    int64_t rest = utc_ns % NS_PER_S;
    if (rest < 0) {
        rest += NS_PER_S;
        seconds--;
    }
    struct tm t;
    (void)gmtime_r(&seconds, &t);
    size_t n = strftime(out, CLOCK_TEXT_SIZE, "%Y-%m-%dT%H:%M:%S", &t);
    if (digits > 0) {
        char fraction[16];
        (void)snprintf(fraction, sizeof fraction, ".%09lld", (long long)rest);
        memcpy(out + n, fraction, (size_t)digits + 1);
        n += (size_t)digits + 1;
    }
    out[n] = 'Z';
    out[n + 1] = 0;
}

struct scan {
    bytes left;
    bool bad;
};

static void expect(struct scan *s, const char *one_of)
{
    if (s->bad || s->left.n == 0 || !s->left.p[0] || !strchr(one_of, s->left.p[0])) {
        s->bad = true;
        return;
    }
    s->left = bytes_part(s->left, 1, SIZE_MAX);
}

static int number(struct scan *s, size_t digits, int low, int high)
{
    if (s->left.n < digits) s->bad = true;
    int v = 0;
    for (size_t i = 0; !s->bad && i < digits; i++) {
        if (s->left.p[i] < '0' || s->left.p[i] > '9') s->bad = true;
        v = v * 10 + (s->left.p[i] - '0');
    }
    if (s->bad || v < low || v > high) {
        s->bad = true;
        return low;
    }
    s->left = bytes_part(s->left, digits, SIZE_MAX);
    return v;
}

static int64_t fraction_ns(struct scan *s)
{
    if (s->bad || s->left.n == 0 || s->left.p[0] != '.') return 0;
    expect(s, ".");
    int64_t ns = 0;
    int digits = 0;
    while (digits < 9 && s->left.n && s->left.p[0] >= '0' && s->left.p[0] <= '9') {
        ns = ns * 10 + number(s, 1, 0, 9);
        digits++;
    }
    if (digits == 0) s->bad = true;
    for (; digits < 9; digits++) ns *= 10;
    return ns;
}

static int64_t offset_s(struct scan *s)
{
    if (s->left.n && (s->left.p[0] == 'Z' || s->left.p[0] == 'z')) {
        expect(s, "Zz");
        return 0;
    }
    const int64_t sign = s->left.n && s->left.p[0] == '-' ? -1 : 1;
    expect(s, "+-");
    const int hours = number(s, 2, 0, 23);
    expect(s, ":");
    const int minutes = number(s, 2, 0, 59);
    return sign * (hours * 3600 + minutes * 60);
}

static int64_t clamp_ns(int64_t seconds, int64_t ns)
{
    const int64_t limit = INT64_MAX / NS_PER_S - 1;
    if (seconds > limit) return INT64_MAX;
    if (seconds < -limit) return INT64_MIN;
    return seconds * NS_PER_S + ns;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

err clock_read_utc(bytes text, int64_t *utc_ns)
{
    struct scan s = {text, false};
    struct tm t = {0};
    const int year = number(&s, 4, 1, 9999);
    expect(&s, "-");
    const int month = number(&s, 2, 1, 12);
    expect(&s, "-");
    t.tm_mday = number(&s, 2, 1, days_in_month(year, month));
    expect(&s, "Tt");
    t.tm_hour = number(&s, 2, 0, 23);
    expect(&s, ":");
    t.tm_min = number(&s, 2, 0, 59);
    expect(&s, ":");
    t.tm_sec = number(&s, 2, 0, 60);
    const int64_t ns = fraction_ns(&s);
    const int64_t offset = offset_s(&s);
    if (s.bad || s.left.n) return FAIL(BAD_INPUT);
    t.tm_year = year - 1900;
    t.tm_mon = month - 1;
    *utc_ns = clamp_ns((int64_t)timegm(&t) - offset, ns);
    return DONE;
}
