/* How long tokens live (decisions 2.1): the organization's default and maximum, 0 meaning never. */
#include "index/snapshot.h"

#include "base/clock.h"

static int64_t after(int64_t from_ms, int64_t lifetime_ms)
{
    int64_t end;
    if (lifetime_ms <= 0 || __builtin_add_overflow(from_ms, lifetime_ms, &end)) {
        return CLOCK_NEVER_MS;
    }
    return end;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t maximum(const struct record_organization *o)
{
    return o ? o->maximum_lifetime_ms : 0;
}

int64_t snapshot_default_expiry(const struct record_organization *o, int64_t now_ms)
{
    return earlier(after(now_ms, o ? o->default_lifetime_ms : 0), after(now_ms, maximum(o)));
}

err snapshot_check_expiry(const struct record_organization *o, int64_t now_ms, int64_t expires_ms,
                          struct note *note)
{
    if (expires_ms <= now_ms) {
        return note_fail(note, FAIL(BAD_INPUT), "tokenExpiry is in the past");
    }
    const int64_t latest_ms = after(now_ms, maximum(o));
    if (expires_ms <= latest_ms) return DONE;
    char text[CLOCK_TEXT_SIZE];
    clock_write_utc(earlier(latest_ms, INT64_MAX / 1000000) * 1000000, 0, text);
    return note_fail(note, FAIL(BAD_INPUT),
                     "tokenExpiry is past the organization's maximum, which is %s", text);
}

int64_t snapshot_valid_until(const struct record_organization *o, int64_t created_ms,
                             int64_t expires_ms)
{
    return earlier(expires_ms, after(created_ms - created_ms % 1000, maximum(o)));
}
