/* Descriptors and handles that release themselves when their scope ends early. */
#pragma once

#include <unistd.h>

#define OWNED(release) __attribute__((cleanup(release)))

/* For `OWNED(owned_close) int fd = …;` */
static inline void owned_close(int *fd)
{
    if (*fd >= 0) (void)close(*fd);
}

/* Hands the descriptor on: the scope's end closes nothing. */
static inline int owned_take(int *fd)
{
    const int taken = *fd;
    *fd = -1;
    return taken;
}
