/* Answers as a strict client reads them: a status line, fields, and a body whose end is known. */
#include "fuzz_answer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { ANSWER_MAX = 64 << 20, PATIENCE_MS = 60000 };

static bool open_unix(struct peer *p)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    (void)snprintf(to.sun_path, sizeof to.sun_path, "%s", p->path);
    p->fd = socket(AF_UNIX, SOCK_STREAM, 0);
    return p->fd >= 0 && connect(p->fd, (struct sockaddr *)&to, sizeof to) == 0;
}

static bool open_tcp(struct peer *p)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(p->port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    p->fd = socket(AF_INET, SOCK_STREAM, 0);
    return p->fd >= 0 && connect(p->fd, (struct sockaddr *)&to, sizeof to) == 0;
}

static void hang_up(struct peer *p)
{
    if (p->fd >= 0) (void)close(p->fd);
    p->fd = -1;
}

/* Whoever waits long is shown what is waited for. */
static bool await(struct peer *p)
{
    struct pollfd wait = {.fd = p->fd, .events = POLLIN};
    for (unsigned waited_ms = 0; waited_ms < PATIENCE_MS;) {
        if (poll(&wait, 1, ANSWER_WAIT_MS) == 1) return true;
        waited_ms += ANSWER_WAIT_MS;
        if (p->waits) p->waits(p->owner, waited_ms);
    }
    return false;
}

/* False when nothing more comes. Who neither speaks nor hangs up has not answered, whatever came before. */
static bool more(struct peer *p, struct wr *in)
{
    uint8_t part[16384];
    p->silent = !await(p);
    if (p->silent) return false;
    const ssize_t n = recv(p->fd, part, sizeof part, 0);
    if (n <= 0) return false;
    wr_bytes(in, bytes_of(part, (size_t)n));
    return !in->bad;
}

/* An answer may come before all was sent, and the other side may close then. */
static void send_all(struct peer *p, bytes request)
{
    while (request.n) {
        const ssize_t n = send(p->fd, request.p, request.n, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return;
        request = bytes_part(request, (size_t)n, SIZE_MAX);
    }
}

struct head {
    size_t n; /* bytes, with the empty line */
    bool chunked;
    bool has_length;
    size_t length;
};

static void read_field(const char *line, size_t n, struct head *h, struct answer *out)
{
    char text[512];
    (void)snprintf(text, sizeof text, "%.*s", (int)n, line);
    char *value = strchr(text, ':');
    if (!value) return;
    *value++ = 0;
    value += strspn(value, " ");
    if (strcasecmp(text, "Content-Length") == 0) {
        h->has_length = true;
        h->length = (size_t)strtoull(value, NULL, 10);
    }
    if (strcasecmp(text, "Transfer-Encoding") == 0) h->chunked = strcasecmp(value, "chunked") == 0;
    if (strcasecmp(text, "Connection") == 0) out->close = strcasecmp(value, "close") == 0;
    if (strcasecmp(text, "Retry-After") == 0) out->says_when = value[0] >= '1' && value[0] <= '9';
    if (strcasecmp(text, "Content-Type") == 0) {
        (void)snprintf(out->type, sizeof out->type, "%s", value);
    }
}

static bool read_head(struct peer *p, struct wr *in, struct head *h, struct answer *out)
{
    const char *end;
    while (!(end = in->n ? memmem(in->p, in->n, "\r\n\r\n", 4) : NULL)) {
        if (!more(p, in)) return false;
    }
    const char *text = (const char *)in->p;
    *h = (struct head){.n = (size_t)(end - text) + 4};
    if (in->n < 12 || memcmp(text, "HTTP/1.", 7) != 0) return false;
    out->status = (unsigned)strtoul(text + 9, NULL, 10);
    out->close = text[7] == '0';
    out->type[0] = 0;
    out->says_when = false;
    const char *line = memchr(text, '\n', h->n);
    while (line && line + 1 < end) {
        const char *next = memmem(line + 1, h->n - (size_t)(line + 1 - text), "\r\n", 2);
        if (!next) break;
        read_field(line + 1, (size_t)(next - line - 1), h, out);
        line = next + 1;
    }
    return out->status >= 100 && out->status < 600;
}

static bool take(struct peer *p, struct wr *in, size_t n, struct wr *to)
{
    while (in->n < n) {
        if (!more(p, in)) return false;
    }
    if (to) wr_bytes(to, bytes_of(in->p, n));
    wr_consume(in, n);
    return true;
}

static bool read_chunks(struct peer *p, struct wr *in, struct wr *body)
{
    for (;;) {
        const uint8_t *end;
        while (!(end = in->n ? memmem(in->p, in->n, "\r\n", 2) : NULL)) {
            if (!more(p, in)) return false;
        }
        const size_t n = (size_t)strtoull((const char *)in->p, NULL, 16);
        wr_consume(in, (size_t)(end - in->p) + 2);
        if (!take(p, in, n, body) || !take(p, in, 2, NULL)) return false;
        if (n == 0) return true;
    }
}

static bool read_body(struct peer *p, struct wr *in, const struct head *h, struct answer *out)
{
    if (h->chunked) return read_chunks(p, in, &out->body);
    if (h->has_length) return take(p, in, h->length, &out->body);
    while (more(p, in)) {
    }
    out->close = true;
    return !p->silent && take(p, in, in->n, &out->body);
}

static bool read_answer(struct peer *p, bool head, struct answer *out, const char **why)
{
    struct wr in = wr_growing(ANSWER_MAX);
    struct head h;
    bool good;
    *why = "no answer";
    while ((good = read_head(p, &in, &h, out))) {
        wr_consume(&in, h.n);
        *why = "an answer that does not end";
        if (out->status >= 200) break;
    }
    const bool empty = head || out->status == 204 || out->status == 304;
    if (good && !empty) good = read_body(p, &in, &h, out);
    /* What never became a request is refused without having been read: its method is not known. */
    if (good && in.n && !(head && out->close)) {
        good = false;
        *why = "bytes behind the answer";
    }
    wr_drop(&in);
    return good;
}

static bool ask_once(struct peer *p, bytes request, bool head, struct answer *out, const char **why)
{
    *why = "no connection";
    if (p->fd < 0 && !(p->path ? open_unix(p) : open_tcp(p))) return false;
    p->silent = false;
    send_all(p, request);
    out->body = wr_growing(ANSWER_MAX);
    out->status = 0;
    if (read_answer(p, head, out, why)) return true;
    if (p->silent) *why = "silence";
    wr_drop(&out->body);
    return false;
}

bool answer_ask(struct peer *p, bytes request, bool head, struct answer *out, const char **why)
{
    const bool kept = p->fd >= 0;
    bool good = ask_once(p, request, head, out, why);
    if (!good && kept && !p->silent && out->status == 0) { /* it was closed while nobody asked */
        hang_up(p);
        good = ask_once(p, request, head, out, why);
    }
    if (!good || out->close) hang_up(p);
    return good;
}
