/* One request travelling through the rooms, whichever door it came in by. */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "model/permit.h"
#include "model/principal.h"
#include "model/refusal.h"

enum call_door { CALL_HTTP, CALL_SOCKET, CALL_CQL };

enum { CALL_ID_MAX = 64, CALL_PEER_MAX = 64, CALL_ARENA_MAX = 8 << 20 };

/* A credential as presented; views are borrowed and secret. */
struct credential {
    enum { CREDENTIAL_NONE, CREDENTIAL_TOKEN, CREDENTIAL_PAIR, CREDENTIAL_UID,
           CREDENTIAL_SESSION } kind;
    bytes token;        /* CREDENTIAL_TOKEN: the whole string */
    bytes client_id;    /* CREDENTIAL_PAIR */
    bytes secret;
    uint32_t uid;       /* CREDENTIAL_UID: of the process at the other end of the UNIX socket */
    bytes session;      /* CREDENTIAL_SESSION: the cookie's secret */
    struct uuid scope;  /* CREDENTIAL_SESSION: where to act; zero: the person's first membership */
};

/* A refusal of somebody who was recognised, for those who count them. The name is set where the secret
 * was right, and only there: whoever guesses at a token leaves no trace with it. */
struct call_refused {
    enum refusal reason;
    char client_id[40]; /* empty: nobody's, or no token's */
    struct uuid scope;
};

struct call {
    char id[CALL_ID_MAX + 1];       /* X-Request-Id, ours or theirs */
    char peer[CALL_PEER_MAX];       /* address as text */
    enum call_door door;
    int64_t now_ms;                 /* UTC, read once a turn */
    struct principal who;           /* filled by gate_identify */
    struct call_refused refused;    /* the last one */
    struct note note;               /* detail for people */
    struct permit *permits;         /* made for this call, newest first; in the arena */
    struct arena arena;
};
