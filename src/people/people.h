/* What signing in needs beside the store: threads for password hashing, few and with a short queue,
 * so that a storm of sign-ins takes neither all memory nor the threads of others; and the waits of
 * those who failed. */
#pragma once

#include "loop/work.h"
#include "people/delay.h"

enum { PEOPLE_HASHES = 4, PEOPLE_QUEUE = 64 };

struct people {
    struct work *hashes;
    struct delay *delays;
};

MUST err people_open(struct people *p);
void people_close(struct people *p);
