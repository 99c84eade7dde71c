/* Passwords: what one must be like, and Argon2id in its own encoding. A check takes some ten
 * milliseconds and 19 MiB, so it runs on the threads of people.h and nowhere else. */
#pragma once

#include "base/bytes.h"
#include "base/err.h"

enum {
    PASSWORD_LEAST = 15,      /* code points of one that stands alone */
    PASSWORD_LEAST_OF_TWO = 8, /* beside a second factor */
    PASSWORD_MOST = 256,      /* code points */
    PASSWORD_KIB = 19456,     /* 19 MiB */
    PASSWORD_PASSES = 2,
    PASSWORD_LANES = 1,
    PASSWORD_SALT = 16,
    PASSWORD_HASH = 32,
    PASSWORD_ENCODED = 128    /* room for the encoding, with its NUL */
};

/* Length, and that it is not guessed at once: no rule asks for kinds of characters. What guess.h
 * finds is refused (NIST SP 800-63B: repetitive or sequential characters, context-specific words; no
 * composition rules). Compared byte for byte, without Unicode normalisation: keyboards of one
 * person write one form. BAD_INPUT says in the note what is wrong. */
MUST err password_check(bytes password, bytes email, bool second_factor, struct note *note);
/* It would not do alone. */
bool password_is_short(bytes password);
/* "$argon2id$v=19$m=19456,t=2,p=1$…$…". Blocks. NO_MEMORY. */
MUST err password_hash(bytes password, char out[PASSWORD_ENCODED]);
/* `encoded` empty (no such account, or none with a password): the same work for nothing, and false.
 * Blocks. */
bool password_is(bytes encoded, bytes password);
