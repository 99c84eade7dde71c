/* What a list of tokens shall show, in which order, and how much of it: the query of GET /v2/tokens. */
#pragma once

#include "api/api_call.h"
#include "http/page.h"

enum {
    TOKEN_PAGE_MAX = 1000,
    TOKEN_SORT_KEY = 64 /* bytes of a text by which is sorted; beyond them the client id decides */
};

enum token_status { TOKEN_STATUS_ANY, TOKEN_STATUS_ACTIVE, TOKEN_STATUS_EXPIRED };

enum token_sort {
    TOKEN_SORT_ID,
    TOKEN_SORT_GENERATED,
    TOKEN_SORT_EXPIRY,
    TOKEN_SORT_DESCRIPTION,
    TOKEN_SORT_CREATOR
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
    const struct uuid *named; /* roles whose names hold the text */
    size_t named_n;
    enum token_sort sort;
    bool descending;
    struct page page;
};

/* BAD_INPUT: a value of ours that cannot be read. */
MUST err token_filter_read(struct http_request *rq, const struct api_scope *scope,
                           struct token_filter *out);
/* `scratch` is for folding. */
bool token_filter_takes(const struct token_filter *f, const struct record_token *t, int64_t end_ms,
                        int64_t now_ms, struct wr *scratch);

/* A token's place in the order asked for: compare as bytes, then the client id. */
struct token_place_in_order {
    uint8_t key[TOKEN_SORT_KEY];
    size_t key_n;
    char client_id[TOKEN_CLIENT_ID];
};
void token_filter_place(const struct token_filter *f, const struct record_token *t,
                        struct wr *scratch, struct token_place_in_order *out);
/* Below 0: `a` comes first, as the filter orders. */
int token_filter_order(const struct token_filter *f, const struct token_place_in_order *a,
                       const struct token_place_in_order *b);
/* A place as the cursor of a page, and back. */
void token_filter_write_place(const struct token_place_in_order *p, struct wr *w);
bool token_filter_read_place(bytes text, struct token_place_in_order *out);
