/* Passwords. What is stored names its own parameters, so they may be raised later. */
#include "people/password.h"

#include "base/check.h"
#include "base/random.h"
#include "base/secret.h"
#include "base/utf8.h"
#include "people/guess.h"

#include <argon2.h>

static err too_short(size_t least, const char *why, struct note *note)
{
    return note_fail(note, FAIL(BAD_INPUT), "the password needs at least %zu characters%s", least,
                     why);
}

bool password_is_short(bytes password)
{
    return utf8_length(password) < PASSWORD_LEAST;
}

_Static_assert((int)GUESS_POINTS_MAX >= PASSWORD_MOST, "a password is looked at as a whole");

static err check_guess(bytes password, bytes email, struct note *note)
{
    const char *why = NULL;
    switch (guess_is(password, email)) {
    case GUESS_NONE:
        return DONE;
    case GUESS_FEW:
        why = "has too few different characters";
        break;
    case GUESS_SEQUENCE:
        why = "is little more than a sequence such as 12345 or qwerty";
        break;
    case GUESS_ADDRESS:
        why = "is little more than the account's e-mail address";
        break;
    }
    return note_fail(note, FAIL(BAD_INPUT),
                     "the password %s and would be guessed first; a few words that do not belong together are "
                     "a good one",
                     why);
}

err password_check(bytes password, bytes email, bool second_factor, struct note *note)
{
    if (!utf8_is_plain(password, PASSWORD_MOST)) {
        return note_fail(note, FAIL(BAD_INPUT),
                         "the password may have at most %d characters, and no control characters",
                         PASSWORD_MOST);
    }
    const size_t n = utf8_length(password);
    if (second_factor && n < PASSWORD_LEAST_OF_TWO)
        return too_short(PASSWORD_LEAST_OF_TWO, "", note);
    if (!second_factor && n < PASSWORD_LEAST)
        return too_short(PASSWORD_LEAST, " (8 once a second factor is set up)", note);
    return check_guess(password, email, note);
}

err password_hash(bytes password, char out[PASSWORD_ENCODED])
{
    uint8_t salt[PASSWORD_SALT];
    random_fill(salt, sizeof salt);
    const int code = argon2id_hash_encoded(PASSWORD_PASSES, PASSWORD_KIB, PASSWORD_LANES, password.p,
                                           password.n, salt, sizeof salt, PASSWORD_HASH, out,
                                           PASSWORD_ENCODED);
    CHECK(code == ARGON2_OK || code == ARGON2_MEMORY_ALLOCATION_ERROR);
    return code == ARGON2_OK ? DONE : FAIL(NO_MEMORY);
}

static void spend(bytes password)
{
    static const uint8_t salt[PASSWORD_SALT];
    uint8_t hash[PASSWORD_HASH];
    (void)argon2id_hash_raw(PASSWORD_PASSES, PASSWORD_KIB, PASSWORD_LANES, password.p, password.n,
                            salt, sizeof salt, hash, sizeof hash);
    secret_wipe(hash, sizeof hash);
}

bool password_is(bytes encoded, bytes password)
{
    char text[PASSWORD_ENCODED] = {0};
    if (encoded.n == 0 || encoded.n >= sizeof text) {
        spend(password);
        return false;
    }
    memcpy(text, encoded.p, encoded.n);
    return argon2id_verify(text, password.p, password.n) == ARGON2_OK;
}
