/* UUIDs as 16 bytes and as 36 characters of text. */
#pragma once

#include "base/bytes.h"

enum { UUID_TEXT = 36 };

struct uuid {
    uint8_t b[16];
};

/* Letters in any case; anything but the 8-4-4-4-12 form is false. */
bool uuid_read(bytes text, struct uuid *out);
/* Lower case, UUID_TEXT characters and no terminator. */
void uuid_write(const struct uuid *u, char *out);
/* With terminator. */
void uuid_text(const struct uuid *u, char out[UUID_TEXT + 1]);
/* Version 4 from 16 random bytes. */
struct uuid uuid_from_random(const uint8_t random[16]);
/* Version 5 (SHA-1, RFC 4122 section 4.3) of a name within a name space. */
struct uuid uuid_from_name(const struct uuid *space, bytes name);

static inline bool uuid_eq(const struct uuid *a, const struct uuid *b)
{
    return memcmp(a->b, b->b, sizeof a->b) == 0;
}

static inline bool uuid_is_zero(const struct uuid *u)
{
    static const struct uuid zero;
    return uuid_eq(u, &zero);
}
