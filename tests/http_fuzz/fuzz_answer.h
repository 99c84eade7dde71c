/* One connection to a door, and the answers that come over it. */
#pragma once

#include "base/wr.h"

struct peer {
    const char *path;  /* of a UNIX socket, or NULL: */
    uint16_t port;     /* on loopback */
    int fd;            /* -1: not connected */
};

struct answer {
    unsigned status;
    char type[128];     /* of the media type, or empty */
    bool close;
    struct wr body;     /* as it was before any transfer coding */
};

/* Sends a request and reads its answer whole. False: there was none, or it was no HTTP; `why` says.
 * The connection is kept where the answer allows it. */
bool answer_ask(struct peer *p, bytes request, bool head, struct answer *out, const char **why);
