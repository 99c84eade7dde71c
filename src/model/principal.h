/* Who a call acts for: a token, a signed-in person, or the local operator. */
#pragma once

#include "model/uuid.h"

enum principal_kind { PRINCIPAL_NONE, PRINCIPAL_TOKEN, PRINCIPAL_PERSON, PRINCIPAL_OPERATOR };

struct principal {
    enum principal_kind kind;
    char name[40];              /* client id, person id, or "operator uid=N" */
    struct uuid scope;          /* organization or enterprise; zero: a person outside of every scope */
    bool enterprise;
    uint32_t role_set;          /* number of the compiled set in the index */
    uint32_t live;              /* number of the token's or membership's live word */
    uint64_t live_word;         /* what the word held when the caller was identified */
    int64_t valid_until_ms;     /* UTC; min(expiry, created + the organization's maximum) */
    uint64_t index_version;     /* the version of the picture it was read from */
    uint32_t uid;               /* of the local operator */
    struct uuid person;         /* PRINCIPAL_PERSON, and what it is signed in by */
    struct uuid session;
    int64_t proved_ms;          /* when password and second factor were last given */
};
