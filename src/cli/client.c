#include "cli/client.h"

#include "base/secret.h"
#include "base/wr.h"
#include "store/folder.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <strings.h>
#include <unistd.h>

enum { ANSWER_MAX = 1 << 30, TOKEN_FILE_MAX = 4096, CONNECT_TIMEOUT_MS = 10000,
       PERMISSION_MISSING = 350403 /* also with the status 401 of database paths */ };

#define OPERATOR_PATHS "/v2/operator/"

struct exchange {
    CURL *curl;
    struct curl_slist *headers;
    struct wr body;
    char *sent;
    char error[CURL_ERROR_SIZE];
};

void client_answer_drop(struct client_answer *a)
{
    json_decref(a->body);
    *a = (struct client_answer){0};
}

static size_t take_body(char *data, size_t size, size_t n, void *user)
{
    struct wr *w = user;
    wr_bytes(w, bytes_of(data, size * n));
    return w->bad ? 0 : size * n;
}

/* The value of a header line, where it has this name and fits. */
static void take_field(bytes line, const char *name, char *out, size_t size)
{
    size_t from = strlen(name) + 1;
    size_t end = line.n;
    if (line.n < from || line.p[from - 1] != ':') return;
    if (!bytes_eq_nocase(bytes_part(line, 0, from - 1), bytes_of_text(name))) return;
    while (from < end && line.p[from] == ' ') from++;
    while (end > from && (line.p[end - 1] == '\r' || line.p[end - 1] == '\n')) end--;
    if (end - from >= size) return;
    memcpy(out, line.p + from, end - from);
    out[end - from] = 0;
}

static size_t take_header(char *data, size_t size, size_t n, void *user)
{
    struct client_answer *a = user;
    const bytes line = bytes_of(data, size * n);
    take_field(line, "Location", a->location, sizeof a->location);
    take_field(line, "X-Latchkey-Total", a->total, sizeof a->total);
    take_field(line, "X-Latchkey-Tokens-Made", a->tokens_made, sizeof a->tokens_made);
    take_field(line, "X-Latchkey-Token-Ids", a->token_ids, sizeof a->token_ids);
    return size * n;
}

static void add_header(struct exchange *x, const char *name, const char *value)
{
    struct wr w = wr_growing(8192);
    wr_format(&w, "%s: %s", name, value);
    wr_u8(&w, 0);
    if (!w.bad) x->headers = curl_slist_append(x->headers, (const char *)w.p);
    if (w.p) secret_wipe(w.p, w.n);
    wr_drop(&w);
}

static err read_token(const struct cli *c, char **out, struct note *note)
{
    const char *from_environment = getenv("LATCHKEY_TOKEN");
    size_t n;
    if (c->token) {
        *out = strdup(c->token);
        n = strlen(c->token);
    } else if (c->token_file) {
        TRY(cli_read_file(c->token_file, TOKEN_FILE_MAX, out, &n, note));
    } else if (from_environment) {
        *out = strdup(from_environment);
        n = strlen(from_environment);
    } else {
        return note_fail(note, FAIL(TOKEN_MALFORMED),
                         "--url needs a token: set LATCHKEY_TOKEN or give --token-file");
    }
    while (*out && n > 0 && ((*out)[n - 1] == '\n' || (*out)[n - 1] == '\r' || (*out)[n - 1] == ' ')) {
        (*out)[--n] = 0;
    }
    return *out ? DONE : FAIL(NO_MEMORY);
}

static bool is_loopback_host(const char *host)
{
    struct in_addr v4;
    struct in6_addr v6;
    char inner[INET6_ADDRSTRLEN] = "";
    if (strcasecmp(host, "localhost") == 0) return true;
    if (inet_pton(AF_INET, host, &v4) == 1) return ntohl(v4.s_addr) >> 24 == 127;
    const size_t n = strlen(host);
    if (host[0] != '[' || n < 3 || n - 2 >= sizeof inner) return false;
    memcpy(inner, host + 1, n - 2);
    return inet_pton(AF_INET6, inner, &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

/* By the host that curl itself would go to: what a text begins with says little. */
static bool is_loopback_url(const char *url)
{
    CURLU *parts = curl_url();
    char *host = NULL;
    const bool read = parts && curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
                      curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK;
    const bool loopback = read && is_loopback_host(host);
    curl_free(host);
    curl_url_cleanup(parts);
    return loopback;
}

/* What could end a header field, or is none at all, stays here. */
static err check_token(const char *token, struct note *note)
{
    if (!*token) return note_fail(note, FAIL(TOKEN_MALFORMED), "the token in LATCHKEY_TOKEN or --token-file is empty");
    for (const char *c = token; *c; c++) {
        if (*c > ' ' && *c <= '~') continue;
        return note_fail(note, FAIL(TOKEN_MALFORMED), "the token in LATCHKEY_TOKEN or --token-file holds a space, a line"
                         " end or another character that no token has");
    }
    return DONE;
}

static err add_bearer(const struct cli *c, struct exchange *x, struct note *note)
{
    char *token = NULL;
    TRY(read_token(c, &token, note));
    const err e = check_token(token, note);
    char *bearer = malloc(strlen(token) + 16);
    if (bearer && err_is_ok(e)) {
        (void)sprintf(bearer, "Bearer %s", token);
        add_header(x, "Authorization", bearer);
        secret_wipe(bearer, strlen(bearer));
    }
    free(bearer);
    secret_wipe(token, strlen(token));
    free(token);
    return e;
}

static bool ends_in_v2(const char *url)
{
    const size_t n = strlen(url);
    const size_t end = n && url[n - 1] == '/' ? n - 1 : n;
    return end >= 3 && strncmp(url + end - 3, "/v2", 3) == 0;
}

/* curl fails on it later, and says little of why. */
static err check_ca_file(const struct cli *c, struct note *note)
{
    if (access(c->ca_file, R_OK) == 0) return DONE;
    return note_fail(note, err_of_errno(errno), "%s: %s", c->ca_file, strerror(errno));
}

static err aim_remote(const struct cli *c, struct exchange *x, struct note *note)
{
    if (strncmp(c->url, "https://", 8) != 0 && strncmp(c->url, "http://", 7) != 0) {
        return note_fail(note, FAIL(BAD_INPUT), "--url \"%s\" is no https:// address", c->url);
    }
    if (ends_in_v2(c->url)) {
        return note_fail(note, FAIL(BAD_INPUT), "--url is the daemon's address alone: leave out /v2");
    }
    if (c->organization || c->enterprise) {
        return note_fail(note, FAIL(USAGE), "--org and --enterprise are the local operator's: with --url the "
                         "token says where it belongs");
    }
    if (strncmp(c->url, "https://", 8) != 0 && !is_loopback_url(c->url) && !c->plaintext) {
        return note_fail(note, FAIL(BAD_INPUT),
                         "%s would send the token in clear; use https:// or say --plaintext", c->url);
    }
    TRY(add_bearer(c, x, note));
    /* In clear it goes straight there, whatever http_proxy says. */
    if (strncmp(c->url, "http://", 7) == 0) (void)curl_easy_setopt(x->curl, CURLOPT_PROXY, "");
    if (c->ca_file) TRY(check_ca_file(c, note));
    if (c->ca_file) (void)curl_easy_setopt(x->curl, CURLOPT_CAINFO, c->ca_file);
    return DONE;
}

static err aim(const struct cli *c, struct exchange *x, const char *path, struct note *note)
{
    char url[4096];
    const size_t base_n = c->url ? strlen(c->url) : 0;
    const int trim = base_n && c->url[base_n - 1] == '/' ? (int)base_n - 1 : (int)base_n;
    const int n = snprintf(url, sizeof url, "%.*s%s", c->url ? trim : 16,
                           c->url ? c->url : "http://localhost", path);
    if (n < 0 || (size_t)n >= sizeof url) return note_fail(note, FAIL(BAD_INPUT), "URL too long");
    (void)curl_easy_setopt(x->curl, CURLOPT_URL, url);
    if (c->url) return aim_remote(c, x, note);
    char socket_path[FOLDER_PATH_MAX];
    TRY(folder_path(c->data, FOLDER_SOCKET, socket_path, note));
    (void)curl_easy_setopt(x->curl, CURLOPT_UNIX_SOCKET_PATH, socket_path);
    if (c->token) return add_bearer(c, x, note);
    if (c->organization && !*c->organization) {
        return note_fail(note, FAIL(USAGE), "--org is empty; `latchkey org list` shows them");
    }
    if (c->organization) add_header(x, "X-Latchkey-Organization", c->organization);
    if (c->enterprise) add_header(x, "X-Latchkey-Enterprise", "true");
    return DONE;
}

static void attach_body(struct exchange *x, const char *method, const json_t *body)
{
    (void)curl_easy_setopt(x->curl, CURLOPT_CUSTOMREQUEST, method);
    add_header(x, "Expect", "");
    if (body) {
        x->sent = json_dumps(body, JSON_COMPACT);
        add_header(x, "Content-Type", "application/json");
    }
    if (body || strcmp(method, "POST") == 0 || strcmp(method, "PUT") == 0) {
        (void)curl_easy_setopt(x->curl, CURLOPT_POSTFIELDS, x->sent ? x->sent : "");
    }
}

static err class_error(long status)
{
    switch (status) {
    case 400: case 405: case 413: case 414: case 421: case 422: case 431: return FAIL(BAD_INPUT);
    case 401: return FAIL(TOKEN_UNKNOWN);
    case 403: return FAIL(NOT_ALLOWED);
    case 404: return FAIL(NOT_FOUND);
    case 409: case 412: return FAIL(CONFLICT);
    case 429: case 503: case 504: case 507: return FAIL(STORE_BUSY);
    default: return FAIL(BUG);
    }
}

static err answer_error(const struct client_answer *a, struct note *note)
{
    const json_t *first = json_array_get(json_object_get(a->body, "errors"), 0);
    const char *message = json_string_value(json_object_get(first, "message"));
    const bool missing = json_integer_value(json_object_get(first, "ID")) == PERMISSION_MISSING;
    const err e = missing ? FAIL(NOT_ALLOWED) : class_error(a->status);
    return note_fail(note, e, "%s", message ? message : err_text(e));
}

/* What may be wrong with an address under which somebody answers, but not as they should. */
static const char *advice(const struct cli *c, CURLcode code)
{
    const bool secure = strncmp(c->url, "https://", 8) == 0;
    switch ((int)code) {
    case CURLE_SSL_CONNECT_ERROR: return "is this door plain, so that it takes http://?";
    case CURLE_PEER_FAILED_VERIFICATION: return "name the certificates to trust with --ca-file FILE";
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY: return secure ? "is it the daemon's address?" : "is this a door with TLS, so that it takes https://?";
    default: return "is `latchkey serve` running?";
    }
}

static err no_answer(const struct cli *c, CURLcode code, const char *why, struct note *note)
{
    char path[FOLDER_PATH_MAX];
    if (c->url) return note_fail(note, FAIL(NO_DAEMON), "%s does not answer (%s); %s", c->url, why, advice(c, code));
    TRY(folder_path(c->data, FOLDER_SOCKET, path, note));
    if (access(path, W_OK) != 0 && errno == EACCES) {
        return note_fail(note, FAIL(NOT_ALLOWED), "%s is not yours: be its owner or root, or use --url with a token", c->data);
    }
    return note_fail(note, FAIL(NO_DAEMON), "nobody answers on %s; is `latchkey serve --data %s` running?", path, c->data);
}

static err perform(const struct cli *c, struct exchange *x, struct client_answer *out, struct note *note)
{
    (void)curl_easy_setopt(x->curl, CURLOPT_HTTPHEADER, x->headers);
    const CURLcode code = curl_easy_perform(x->curl);
    if (code != CURLE_OK) return no_answer(c, code, x->error[0] ? x->error : curl_easy_strerror(code), note);
    (void)curl_easy_getinfo(x->curl, CURLINFO_RESPONSE_CODE, &out->status);
    if (x->body.n) {
        out->body = json_loadb((const char *)x->body.p, x->body.n, JSON_DECODE_ANY, NULL);
    }
    return out->status >= 400 ? answer_error(out, note) : DONE;
}

static void exchange_drop(struct exchange *x)
{
    if (x->sent) secret_wipe(x->sent, strlen(x->sent));
    free(x->sent);
    if (x->body.p) secret_wipe(x->body.p, x->body.n);
    wr_drop(&x->body);
    curl_slist_free_all(x->headers);
    curl_easy_cleanup(x->curl);
}

err client_call(const struct cli *c, const char *method, const char *path, const json_t *body,
                struct client_answer *out, struct note *note)
{
    *out = (struct client_answer){0};
    if (strncmp(path, OPERATOR_PATHS, strlen(OPERATOR_PATHS)) == 0) TRY(cli_local_only(c, note));
    struct exchange x = {.curl = curl_easy_init(), .body = wr_growing(ANSWER_MAX)};
    if (!x.curl) return FAIL(NO_MEMORY);
    (void)curl_easy_setopt(x.curl, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(x.curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_TIMEOUT_MS);
    (void)curl_easy_setopt(x.curl, CURLOPT_ERRORBUFFER, x.error);
    (void)curl_easy_setopt(x.curl, CURLOPT_WRITEFUNCTION, take_body);
    (void)curl_easy_setopt(x.curl, CURLOPT_WRITEDATA, &x.body);
    (void)curl_easy_setopt(x.curl, CURLOPT_HEADERFUNCTION, take_header);
    (void)curl_easy_setopt(x.curl, CURLOPT_HEADERDATA, out);
    err e = aim(c, &x, path, note);
    if (err_is_ok(e)) {
        attach_body(&x, method, body);
        e = perform(c, &x, out, note);
    }
    exchange_drop(&x);
    if (!err_is_ok(e)) client_answer_drop(out);
    return e;
}

/* "?name=value", or "&name=value" after others, escaped; nothing without a value. */
bool client_add_argument(char *path, size_t size, const char *name, const char *value)
{
    if (!value) return true;
    char *escaped = curl_easy_escape(NULL, value, 0);
    const size_t n = strlen(path);
    const int more = escaped ? snprintf(path + n, size - n, "%c%s=%s", strchr(path, '?') ? '&' : '?', name, escaped) : -1;
    curl_free(escaped);
    return more >= 0 && (size_t)more < size - n;
}
