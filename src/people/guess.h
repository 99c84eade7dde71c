/* Passwords that are guessed first, however long they are: few characters again and again, sequences,
 * the account's own address. Pure. */
#pragma once

#include "base/bytes.h"

enum {
    GUESS_LEAST = 5,     /* characters of which none follows from the one before it */
    GUESS_NAME_LEAST = 4, /* of a part of an address that counts as a name */
    GUESS_POINTS_MAX = 256
};

enum guess { GUESS_NONE, GUESS_FEW, GUESS_SEQUENCE, GUESS_ADDRESS };

/* `password`: plain UTF-8 (base/utf8.h) of at most GUESS_POINTS_MAX code points; `email` may be empty. */
enum guess guess_is(bytes password, bytes email);
