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

/* Text of an argument as it may stand in a query and inside <> (RFC 3986, section 2.3). */
static void write_escaped(struct wr *w, bytes text)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < text.n; i++) {
        const uint8_t c = text.p[i];
        const uint8_t letter = (uint8_t)(c | 0x20);
        const bool plain = (letter >= 'a' && letter <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
                           c == '.' || c == '_' || c == '~';
        if (plain) {
            wr_u8(w, c);
        } else {
            wr_format(w, "%%%c%c", digits[c >> 4], digits[c & 15]);
        }
    }
}

/* What else the client asked for holds for the next page, too. */
static void write_others(struct wr *w, const struct target *t)
{
    for (size_t i = 0; i < t->arguments_n; i++) {
        const struct target_argument *a = &t->arguments[i];
        if (bytes_eq_text(a->name, "limit") || bytes_eq_text(a->name, "starting_after")) continue;
        wr_text(w, "&");
        write_escaped(w, a->name);
        wr_text(w, "=");
        write_escaped(w, a->value);
    }
}

/* Bytes of the path that would end the <> are escaped in every request that we take. */
void page_link(struct http_request *rq, const struct page *p, bytes last)
{
    struct wr w = wr_growing(PAGE_LINK_MAX);
    if (p->limit == 0) return;
    wr_text(&w, "<");
    wr_bytes(&w, rq->target.raw);
    wr_format(&w, "?limit=%zu&starting_after=", p->limit);
    write_escaped(&w, last);
    write_others(&w, &rq->target);
    wr_text(&w, ">; rel=\"next\"");
    wr_u8(&w, 0);
    if (!w.bad) http_add_header(rq, "Link", (const char *)w.p);
    wr_drop(&w);
}
