/* Pages of a list: only where `limit` is given; the next page is in the Link header alone. */
#pragma once

#include "http/http.h"

enum { PAGE_LINK_MAX = 16 << 10 };

struct page {
    size_t limit; /* 0: everything */
    bytes after;  /* `starting_after`, or empty */
};

/* What cannot be read is ignored, for clients send values that nobody defined. `max` caps silently.
 */
struct page page_read(const struct http_request *rq, size_t max);
/* Says where the next page is: the same path and arguments, after the element `last`. Nothing where
 * `limit` was not given. */
void page_link(struct http_request *rq, const struct page *p, bytes last);
