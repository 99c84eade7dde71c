/* The log: one event, one line of key=value on standard error, from any thread. */
#pragma once

#include <stdint.h>

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

/* The least important level that is still written; LOG_INFO at first. */
void log_set_level(enum log_level level);
enum log_level log_level(void);

/* log_line(LOG_INFO, "login_refused", "client=%s reason=expired", id): `format` gives the fields
 * after time, level and event. Control characters are written as '?'. Never pass a secret. */
void log_line(enum log_level level, const char *event, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* At most `per_minute` lines a minute for one place; the next line says how many were left out. */
struct log_limit {
    uint64_t minute;
    uint32_t seen;
    uint32_t dropped;
};
/* True when this line may be written. Not for sharing between threads. */
int log_limit_pass(struct log_limit *limit, uint64_t mono_ms, uint32_t per_minute);
