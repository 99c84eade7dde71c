/* The API described: its document and its page, each made once and answered from memory. */
#include "api/openapi.h"
#include "api/reference.h"
#include "api/routes.h"

#include "base/hex.h"
#include "http/etag.h"

#include <nettle/sha2.h>
#include <pthread.h>
#include <stdlib.h>

enum { MADE_MAX = 8 << 20, VERSION_BYTES = 16 };

struct made {
    struct wr body;
    char version[2 * VERSION_BYTES]; /* of its bytes */
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct made document;
static struct made page;

static void make_version(struct made *m)
{
    struct sha256_ctx hash;
    uint8_t digest[VERSION_BYTES];
    sha256_init(&hash);
    sha256_update(&hash, m->body.n, m->body.p);
    sha256_digest(&hash, sizeof digest, digest);
    hex_write(bytes_of(digest, sizeof digest), m->version);
}

static void make_all(void)
{
    document.body = wr_growing(MADE_MAX);
    page.body = wr_growing(MADE_MAX);
    struct json_out j = json_out_to(&document.body);
    openapi_write(&j);
    reference_write(&page.body);
    if (!document.body.bad) make_version(&document);
    if (!page.body.bad) make_version(&page);
}

static err answer_made(struct http_request *rq, const struct made *m, const char *type)
{
    if (m->body.bad) return FAIL(NO_MEMORY);
    wr_bytes(http_text(rq, 200, type), wr_view(&m->body));
    etag_set(rq, bytes_of(m->version, sizeof m->version));
    http_add_header(rq, "Cache-Control", "no-cache");
    return DONE;
}

err description_document(struct http_request *rq)
{
    (void)pthread_once(&once, make_all);
    return answer_made(rq, &document, "application/json; charset=UTF-8");
}

err description_page(struct http_request *rq)
{
    char policy[REFERENCE_POLICY_SIZE];
    (void)pthread_once(&once, make_all);
    TRY(answer_made(rq, &page, "text/html; charset=UTF-8"));
    reference_policy(policy);
    http_add_header(rq, "Content-Security-Policy", policy);
    return DONE;
}
