#include "export/delivery.h"

#include "model/destination.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HEADER_MAX = SECRET_MAX + 64, ANSWER_OK = 200, ANSWER_MORE = 300, ANSWER_TOO_LARGE = 413 };

/* --- what curl calls --- */

/* The address itself, for a name may lead anywhere, and elsewhere than a moment ago. */
static struct ip ip_of(const struct curl_sockaddr *to)
{
    struct ip a = {IP_NONE, {0}};
    if (to->family == AF_INET && to->addrlen >= sizeof(struct sockaddr_in)) {
        struct sockaddr_in v4;
        memcpy(&v4, &to->addr, sizeof v4);
        a.family = IP_V4;
        memcpy(a.b, &v4.sin_addr, 4);
    } else if (to->family == AF_INET6 && to->addrlen >= sizeof(struct sockaddr_in6)) {
        struct sockaddr_in6 v6;
        memcpy(&v6, &to->addr, sizeof v6);
        a = ip_of_v6(v6.sin6_addr.s6_addr);
    }
    return a;
}

static curl_socket_t open_socket(void *owner, curlsocktype purpose, struct curl_sockaddr *to)
{
    struct delivery *d = owner;
    const struct ip a = ip_of(to);
    (void)purpose;
    if (a.family == IP_NONE || !endpoint_may_connect(d->targets, d->by_operator, d->plain, &a, &d->refused)) {
        const struct ip_prefix one = {a, a.family == IP_V4 ? 32 : 128};
        if (a.family != IP_NONE) ip_prefix_write(&one, d->refused_to);
        return CURL_SOCKET_BAD;
    }
    return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

static size_t take_answer(char *data, size_t size, size_t n, void *owner)
{
    struct delivery *d = owner;
    const size_t bytes_n = size * n;
    for (size_t i = 0; i < bytes_n && d->answered + i < DELIVERY_SHOWN; i++) {
        d->answer[d->answered + i] = data[i] >= ' ' && data[i] <= '~' ? data[i] : ' ';
    }
    d->answered += bytes_n;
    return d->answered <= DELIVERY_ANSWER_MAX ? bytes_n : 0;
}

/* --- starting --- */

static void add_header(struct delivery *d, const char *text, bool *bad)
{
    struct curl_slist *longer = curl_slist_append(d->headers, text);
    *bad = *bad || !longer;
    if (longer) d->headers = longer;
}

static err add_headers(struct delivery *d, const struct delivery_options *o)
{
    char room[HEADER_MAX];
    struct wr w = wr_fixed(room, sizeof room);
    bool bad = false;
    wr_format(&w, "Content-Type: %s", message_type(o->to));
    wr_u8(&w, 0);
    add_header(d, room, &bad);
    add_header(d, "Expect:", &bad);
    if (o->token->n) {
        w = wr_fixed(room, sizeof room);
        wr_text(&w, o->to->destination == DESTINATION_SPLUNK ? "Authorization: Splunk " : "Authorization: Bearer ");
        wr_bytes(&w, secret_view(o->token));
        wr_u8(&w, 0);
        add_header(d, room, &bad);
        secret_wipe(room, sizeof room);
    }
    return bad || w.bad ? FAIL(NO_MEMORY) : DONE;
}

/* A connection that was made under fewer conditions is nobody else's. */
static void set_conditions(struct delivery *d, const struct delivery_options *o)
{
    CURL *c = d->easy;
    (void)curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    (void)curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
    (void)curl_easy_setopt(c, CURLOPT_PROXY, "");
    (void)curl_easy_setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    (void)curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    (void)curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)DELIVERY_CONNECT_MS);
    (void)curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)DELIVERY_WHOLE_MS);
    (void)curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
#if LIBCURL_VERSION_NUM >= 0x075700
    /* A name that is being looked up holds up nobody who ends. */
    (void)curl_easy_setopt(c, CURLOPT_QUICK_EXIT, 1L);
#endif
    (void)curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    (void)curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, d);
    (void)curl_easy_setopt(c, CURLOPT_FRESH_CONNECT, d->by_operator ? 0L : 1L);
    (void)curl_easy_setopt(c, CURLOPT_FORBID_REUSE, d->by_operator ? 0L : 1L);
#if LIBCURL_VERSION_NUM >= 0x075700
    /* A certificate that was added lately counts; libcurl remembers the file for a day otherwise. */
    (void)curl_easy_setopt(c, CURLOPT_CA_CACHE_TIMEOUT, 0L);
#endif
    if (o->ca_file && *o->ca_file) (void)curl_easy_setopt(c, CURLOPT_CAINFO, o->ca_file);
}

static void set_request(struct delivery *d, const char *url)
{
    CURL *c = d->easy;
    (void)curl_easy_setopt(c, CURLOPT_URL, url);
    (void)curl_easy_setopt(c, CURLOPT_USERAGENT, "latchkey/" LATCHKEY_VERSION);
    (void)curl_easy_setopt(c, CURLOPT_HTTPHEADER, d->headers);
    (void)curl_easy_setopt(c, CURLOPT_POST, 1L);
    (void)curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)d->message.body.n);
    (void)curl_easy_setopt(c, CURLOPT_POSTFIELDS, d->message.body.p);
    (void)curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_answer);
    (void)curl_easy_setopt(c, CURLOPT_WRITEDATA, d);
    (void)curl_easy_setopt(c, CURLOPT_ERRORBUFFER, d->error);
    (void)curl_easy_setopt(c, CURLOPT_PRIVATE, d);
}

static err start(CURLM *multi, const struct delivery_options *o, struct delivery *d)
{
    char url[ENDPOINT_MAX];
    if (d->message.body.bad) return FAIL(NO_MEMORY);
    if (!endpoint_url(o->to, url)) return FAIL(BAD_INPUT);
    d->plain = strncmp(url, "https:", 6) != 0;
    d->easy = curl_easy_init();
    if (!d->easy) return FAIL(NO_MEMORY);
    TRY(add_headers(d, o));
    set_conditions(d, o);
    set_request(d, url);
    return curl_multi_add_handle(multi, d->easy) == CURLM_OK ? DONE : FAIL(NO_MEMORY);
}

err delivery_start(CURLM *multi, const struct delivery_options *o, struct message *m, struct delivery **out)
{
    struct delivery *d = calloc(1, sizeof *d);
    if (!d) {
        message_drop(m);
        return FAIL(NO_MEMORY);
    }
    d->message = *m;
    d->targets = o->targets;
    d->by_operator = o->to->by_operator;
    const err e = start(multi, o, d);
    if (!err_is_ok(e)) {
        delivery_free(multi, d);
        return e;
    }
    *out = d;
    return DONE;
}

/* --- ending --- */

static const char *remark(const struct delivery *d, long status)
{
    if (status / 100 == 3) return " (redirects are not followed)";
    return status == ANSWER_TOO_LARGE && d->message.records == 1 ? " to one record alone" : "";
}

/* What a server says is told where the operator chose it: others must not read servers through us. */
static void judge_status(const struct delivery *d, long status, struct delivery_end *out)
{
    curl_off_t seconds = 0;
    (void)curl_easy_getinfo(d->easy, CURLINFO_RETRY_AFTER, &seconds);
    out->arrived = status >= ANSWER_OK && status < ANSWER_MORE;
    out->too_large = status == ANSWER_TOO_LARGE;
    if (seconds > 0 && seconds <= INT32_MAX) out->wait_ms = (uint64_t)seconds * 1000;
    if (out->arrived) return;
    const bool shown = d->by_operator && d->answer[0];
    (void)note_fail(&out->why, FAIL(IO), "the server answers %ld%s%s%s", status, remark(d, status), shown ? ": " : "",
                    shown ? d->answer : "");
}

static void judge_broken(const struct delivery *d, CURLcode result, struct delivery_end *out)
{
    (void)note_fail(&out->why, FAIL(IO), "%s%s", d->error[0] ? d->error : curl_easy_strerror(result),
                    result == CURLE_PEER_FAILED_VERIFICATION
                        ? " (the certificates that are trusted: the setting audit-export-ca, or the system's)" : "");
}

/* Nor do others learn what addresses the names inside have. */
void delivery_judge(const struct delivery *d, CURLcode result, struct delivery_end *out)
{
    long status = 0;
    *out = (struct delivery_end){.too_slow = result == CURLE_OPERATION_TIMEDOUT};
    (void)curl_easy_getinfo(d->easy, CURLINFO_RESPONSE_CODE, &status);
    if (result == CURLE_OK || status >= ANSWER_MORE || d->answered > DELIVERY_ANSWER_MAX) {
        judge_status(d, status, out);    /* also when another address of the name was refused meanwhile */
    } else if (d->refused) {
        (void)note_fail(&out->why, FAIL(NOT_ALLOWED), "not sent to the address %s: %s",
                        d->by_operator ? d->refused_to : "it leads to", d->refused);
    } else {
        judge_broken(d, result, out);
    }
}

void delivery_free(CURLM *multi, struct delivery *d)
{
    if (!d) return;
    if (d->easy) {
        (void)curl_multi_remove_handle(multi, d->easy);
        curl_easy_cleanup(d->easy);
    }
    for (struct curl_slist *h = d->headers; h; h = h->next) secret_wipe(h->data, strlen(h->data));
    curl_slist_free_all(d->headers);
    message_drop(&d->message);
    free(d);
}
