/* Time: the two clocks of the machine, and RFC 3339 text of UTC times. */
#pragma once

#include "base/bytes.h"
#include "base/err.h"

/* Longest text that clock_write_utc makes, with its NUL. */
enum { CLOCK_TEXT_SIZE = 40 };

/* A time that never comes: stands for "no expiry". */
#define CLOCK_NEVER_MS INT64_MAX

/* UTC, milliseconds since 1970. */
int64_t clock_utc_ms(void);
/* UTC, nanoseconds since 1970. */
int64_t clock_utc_ns(void);
/* Monotonic, milliseconds. */
uint64_t clock_mono_ms(void);
uint64_t clock_mono_ns(void);

/* "2026-01-01T00:00:00.123Z" with `digits` (0, 3, 6 or 9) digits of fraction. */
void clock_write_utc(int64_t utc_ns, int digits, char out[CLOCK_TEXT_SIZE]);

/* RFC 3339 with 0 to 9 digits of fraction, "Z" or an offset; a year from 1 to 9999. Out of the range
 * of 64-bit nanoseconds the nearest representable time is given. Errors: BAD_INPUT. */
MUST err clock_read_utc(bytes text, int64_t *utc_ns);
