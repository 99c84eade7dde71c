#include "base/log.h"

#include "base/clock.h"
#include "base/wr.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 2048 };

static _Atomic int least = LOG_INFO;

void log_set_level(enum log_level level)
{
    atomic_store(&least, (int)level);
}

enum log_level log_level(void)
{
    return (enum log_level)atomic_load_explicit(&least, memory_order_relaxed);
}

static const char *level_name(enum log_level level)
{
    static const char *const names[] = {"error", "warn", "info", "debug"};
    return names[level];
}

void log_line(enum log_level level, const char *event, const char *format, ...)
{
    if ((int)level > atomic_load_explicit(&least, memory_order_relaxed)) return;
    char line[LINE_MAX_BYTES];
    char when[CLOCK_TEXT_SIZE];
    clock_write_utc(clock_utc_ns(), 3, when);
    int n = snprintf(line, sizeof line, "time=%s level=%s event=%s ", when, level_name(level), event);
    va_list args;
    va_start(args, format);
    const int more = vsnprintf(line + n, sizeof line - (size_t)n - 1, format, args);
    va_end(args);
    if (more > 0) n += more;
    if ((size_t)n > sizeof line - 2) n = sizeof line - 2;
    for (int i = 0; i < n; i++) {
        if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f) line[i] = '?';
    }
    line[n++] = '\n';
    ssize_t written = write(STDERR_FILENO, line, (size_t)n);
    (void)written;
}

int log_limit_pass(struct log_limit *limit, uint64_t mono_ms, uint32_t per_minute)
{
    const uint64_t minute = mono_ms / 60000;
    if (minute != limit->minute) {
        limit->minute = minute;
        limit->seen = 0;
    }
    if (limit->seen >= per_minute) {
        limit->dropped++;
        return 0;
    }
    limit->seen++;
    return 1;
}
