/* Pages of a list. */
#include "http/page.h"

static size_t read_limit(bytes text, size_t max)
{
    size_t v = 0;
    if (text.n == 0 || text.n > 9) return 0;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9') return 0;
        v = v * 10 + (size_t)(text.p[i] - '0');
    }
    return v < max ? v : max;
}

struct page page_read(const struct http_request *rq, size_t max)
{
    return (struct page){.limit = read_limit(http_argument(rq, "limit"), max),
                         .after = http_argument(rq, "starting_after")};
}

void page_link(struct http_request *rq, const struct page *p, bytes last)
{
    const char *link =
        arena_format(&rq->call.arena, "<%.*s?limit=%zu&starting_after=%.*s>; rel=\"next\"",
                     BYTES_FMT(rq->target.raw), p->limit, BYTES_FMT(last));
    if (link) http_add_header(rq, "Link", link);
}
