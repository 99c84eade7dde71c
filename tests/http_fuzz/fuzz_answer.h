/* One connection to a door, and the answers that come over it. */
#pragma once

#include "base/wr.h"

enum { ANSWER_WAIT_MS = 2000 };

struct peer {
    const char *path;  /* of a UNIX socket, or NULL: */
    uint16_t port;     /* on loopback */
    int fd;            /* -1: not connected */
    bool silent;       /* it did not say anything more for as long as we are patient, and did not hang up */
    void *owner;
    void (*waits)(void *owner, unsigned waited_ms); /* or NULL; every ANSWER_WAIT_MS of waiting */
};

struct answer {
    unsigned status;
    char type[128];     /* of the media type, or empty */
    bool close;
    bool says_when;     /* to try again */
    struct wr body;     /* as it was before any transfer coding */
};

/* Sends a request and reads its answer whole. False: there was none, or it was no HTTP; `why` says
 * ("no answer": the connection was closed instead; "silence": not even that).
 * The connection is kept where the answer allows it. */
bool answer_ask(struct peer *p, bytes request, bool head, struct answer *out, const char **why);
