/* One-time codes by the clock (RFC 6238: SHA-1, six digits, thirty seconds), each good once. */
#pragma once

#include "base/secret.h"
#include "base/wr.h"

enum { TOTP_SEED = 20, TOTP_DIGITS = 6, TOTP_STEP_S = 30, TOTP_WINDOW = 1, TOTP_SEED_TEXT = 32 };

void totp_new(struct secret *seed);
/* The step that the code belongs to: the present one or a neighbour, and later than `last`, the
 * step of which a code was taken before. False: wrong, or used already. */
bool totp_find(const struct secret *seed, bytes code, int64_t now_ms, int64_t last, int64_t *step);
/* The seed in base32, TOTP_SEED_TEXT characters, no terminator. */
void totp_seed_text(const struct secret *seed, char out[TOTP_SEED_TEXT]);
/* What an authenticator takes: "otpauth://totp/Latchkey:ada%40acme.example?secret=…". */
void totp_uri(const struct secret *seed, bytes email, struct wr *w);
