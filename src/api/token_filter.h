/* What a list of tokens shall show, in which order, and how much of it: the query of GET /v2/tokens. */
#pragma once

#include "api/api_call.h"
#include "http/page.h"

enum {
    TOKEN_PAGE_MAX = 1000,
    TOKEN_EXPIRING_DAYS = 30, /* `expiring`: it ends so soon */
    TOKEN_UNUSED_DAYS = 90    /* `unused`: nobody used it for so long */
};
#define TOKEN_DAY_MS INT64_C(86400000)

enum token_status {
#define STATUS(id, word, says) TOKEN_STATUS_##id,
#include "api/token_status.def"
#undef STATUS
};
enum {
    TOKEN_STATUSES = 0
#define STATUS(id, word, says) +1
#include "api/token_status.def"
#undef STATUS
};

enum token_sort {
#define SORT(id, word) TOKEN_SORT_##id,
#include "api/token_sort.def"
#undef SORT
};
enum {
    TOKEN_SORTS = 0
#define SORT(id, word) +1
#include "api/token_sort.def"
#undef SORT
};

/* Views are in the call's arena. */
struct token_filter {
    bool any; /* something is left out */
    bool by_role;
    struct uuid role;
    bytes created_by;
    int64_t expires_before_ms; /* CLOCK_NEVER_MS: not asked */
    enum token_status status;
    bytes text; /* folded */
    const struct uuid *named; /* roles whose names hold the text, in order */
    size_t named_n;
    enum token_sort sort;
    bool descending;
    struct page page;
    const struct usage *usage; /* who knows when a token was used */
    bool moves; /* what is shown changes with time and use, too, not with the tokens alone */
};

/* BAD_INPUT: a value of ours that cannot be read. */
MUST err token_filter_read(struct http_request *rq, const struct api_scope *scope,
                           struct token_filter *out);
/* When it was last used, UTC; 0: never. */
int64_t token_filter_last_use(const struct token_filter *f, const char client_id[TOKEN_CLIENT_ID]);
/* The parts of the next one, for those who have them at hand. */
bool token_filter_has_role(const struct token_filter *f, const struct uuid *roles, size_t n);
bool token_filter_has_named(const struct token_filter *f, const struct uuid *roles, size_t n);
bool token_filter_is_of_use(enum token_status status);
bool token_filter_has_status(const struct token_filter *f, const char client_id[TOKEN_CLIENT_ID],
                             int64_t created_ms, int64_t end_ms, int64_t now_ms);
/* `scratch` is for folding. */
bool token_filter_takes(const struct token_filter *f, const struct record_token *t, int64_t end_ms,
                        int64_t now_ms, struct wr *scratch);
