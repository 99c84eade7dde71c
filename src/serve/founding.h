/* Founding: a new data folder with its store, server key, organization and first token. */
#pragma once

#include "base/err.h"
#include "model/token.h"
#include "model/uuid.h"
#include "people/link.h"

struct founding_wish {
    const char *data;
    const char *organization;
    const char *administrator;     /* an e-mail address */
    const char *enterprise;        /* or NULL */
    bool token;                    /* make the first one */
    int64_t token_expires_ms;      /* UTC, or CLOCK_NEVER_MS */
    const char *password_hash;     /* the administrator's; NULL: a set-up link is made */
};

struct founding_result {
    struct uuid organization;
    struct uuid enterprise;        /* zero: none */
    struct token_new token;        /* when wished for; wiped by the caller */
    struct link link;              /* where no password was given; wiped by the caller */
};

/* Nothing is left behind when it fails. CONFLICT: the folder is in use. Others are in the note. */
MUST err founding_run(const struct founding_wish *wish, struct founding_result *out,
                      struct note *note);
/* The same on a thread that liburcu knows already. */
MUST err founding_do(const struct founding_wish *wish, struct founding_result *out,
                     struct note *note);
