/* Files of the Portal: index.html for every page, each other file at its own path, and nothing that is
 * read from a disk. */
#include "portal/portal.h"

#include "base/check.h"
#include "gate/gate.h"
#include "http/etag.h"

#include <stdlib.h>

#define LASTING "public, max-age=31536000, immutable"
#define PAGE_SUMMARY "a page or file of the Portal"

static const char *const pages[] = {
#define PAGE_ALONE(path)
#define PAGE_BELOW(path) path "/{*}",
#define PAGE(path, what) path, PAGE_##what(path)
#include "portal/page.def"
#undef PAGE
#undef PAGE_ALONE
#undef PAGE_BELOW
};
enum { PAGES = sizeof pages / sizeof *pages };

/* Handlers have no other way to their files: a process has one Portal. */
static const struct portal_files *in_use;

/* --- answering --- */

static void add_fields(struct http_request *rq)
{
#define HEADER(name, value) http_add_header(rq, name, value);
#include "portal/header.def"
#undef HEADER
}

static unsigned kept(const struct portal_file *f)
{
    unsigned have = 0;
    for (unsigned c = 0; c < CODINGS; c++)
        have |= f->bodies[c].bytes ? 1u << c : 0;
    return have;
}

static const struct portal_body *give_body(struct http_request *rq, unsigned status,
                                           const struct portal_file *f, const char *cache)
{
    const enum coding c = coding_choose(http_header(rq, "Accept-Encoding"), kept(f));
    const struct portal_body *b = &f->bodies[c];
    wr_bytes(http_text(rq, status, f->type), bytes_of(b->bytes, b->n));
    add_fields(rq);
    http_add_header(rq, "Cache-Control", cache);
    if (c != CODING_IDENTITY) http_add_header(rq, "Content-Encoding", coding_name(c));
    return b;
}

static void give(struct http_request *rq, const struct portal_file *f, const char *cache)
{
    const struct portal_body *b = give_body(rq, 200, f, cache);
    etag_set(rq, bytes_of_text(b->etag));
}

static const struct portal_file *find(const char *path)
{
    for (size_t i = 0; i < in_use->n; i++) {
        if (strcmp(in_use->rows[i].path, path) == 0) return &in_use->rows[i];
    }
    return NULL;
}

/* index.html names the other files, so it is never kept; what is not named by its content is asked
 * about each time. */
static err give_page(struct http_request *rq)
{
    TRY(gate_check_any_list(rq->gate, &rq->call));
    const struct portal_file *f = find("/index.html");
    CHECK(f);
    give(rq, f, "no-store");
    return DONE;
}

static err give_file(struct http_request *rq)
{
    TRY(gate_check_any_list(rq->gate, &rq->call));
    const struct portal_file *f = find(rq->route->pattern);
    CHECK(f);
    give(rq, f, f->lasting ? LASTING : "no-cache");
    return DONE;
}

static bool is_api(const struct target *t)
{
    return t->segments_n > 0 && bytes_eq_text(t->segments[0], "v2");
}

/* Browsers name text/html when they go somewhere, and programs do not. */
static bool wants_page(bytes accept)
{
    const bytes html = BYTES("text/html");
    while (accept.n) {
        const uint8_t *comma = memchr(accept.p, ',', accept.n);
        const size_t n = comma ? (size_t)(comma - accept.p) : accept.n;
        size_t from = 0;
        while (from < n && (accept.p[from] == ' ' || accept.p[from] == '\t'))
            from++;
        const size_t to = from + html.n;
        const bool ends = to == n || (to < n && strchr("; \t", accept.p[to]));
        if (ends && bytes_eq_nocase(bytes_part(accept, from, html.n), html)) return true;
        accept = bytes_part(accept, n + 1, accept.n);
    }
    return false;
}

/* The app says itself that there is no such page. It has no version here: a 404 is never "not changed". */
err portal_elsewhere(struct http_request *rq)
{
    if (in_use->n == 0 || is_api(&rq->target) || !wants_page(http_header(rq, "Accept"))) return FAIL(NO_ROUTE);
    TRY(gate_check_any_list(rq->gate, &rq->call));
    const struct portal_file *f = find("/index.html");
    CHECK(f);
    (void)give_body(rq, 404, f, "no-store");
    return DONE;
}

static err say_absent(struct http_request *rq)
{
    TRY(gate_check_any_list(rq->gate, &rq->call));
    wr_text(http_text(rq, 200, "text/plain; charset=UTF-8"),
            "This is Latchkey, built without its Portal (-Dportal=disabled).\n\n"
            "/docs             the API as a page to read\n"
            "/v2/openapi.json  the same for programs\n"
            "latchkey --help   everything else, on the machine that it runs on\n\n"
            "With Node.js and npm there, a build set up with -Dportal=enabled has the Portal.\n");
    return DONE;
}

/* --- routes --- */

static struct http_route row_of(const char *pattern, err (*run)(struct http_request *rq))
{
    return (struct http_route){HTTP_GET, pattern, HTTP_ANYBODY, "", run, PAGE_SUMMARY};
}

static size_t add_rows(const struct portal_files *files, struct http_route *rows)
{
    size_t n = 0;
    if (files->n == 0) rows[n++] = row_of("/", say_absent);
    for (size_t i = 0; files->n && i < PAGES; i++)
        rows[n++] = row_of(pages[i], give_page);
    for (size_t i = 0; i < files->n; i++) {
        const bool page = strcmp(files->rows[i].path, "/index.html") == 0;
        rows[n++] = row_of(files->rows[i].path, page ? give_page : give_file);
    }
    return n;
}

err portal_routes(const struct portal_files *files, const struct http_routes *beside,
                  struct http_routes *out)
{
    struct http_route *rows = calloc(beside->n + PAGES + files->n, sizeof *rows);
    if (!rows) return FAIL(NO_MEMORY);
    for (size_t i = 0; i < beside->n; i++)
        rows[i] = beside->rows[i];
    in_use = files;
    *out = (struct http_routes){rows, beside->n + add_rows(files, rows + beside->n)};
    return DONE;
}

void portal_routes_drop(struct http_routes *routes)
{
    free((void *)(uintptr_t)routes->rows);
    *routes = (struct http_routes){0};
}
