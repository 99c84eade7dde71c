#include "export/endpoint.h"

#include "model/destination.h"

#include <curl/curl.h>
#include <stdio.h>
#include <strings.h>

static bool is_in(const struct endpoint_targets *targets, const struct ip *a)
{
    for (size_t i = 0; i < targets->n; i++) {
        if (ip_is_in(a, &targets->list[i])) return true;
    }
    return false;
}

static bool is_loopback(const struct ip *a)
{
    static const uint8_t v6[16] = {[15] = 1};
    return a->family == IP_V4 ? a->b[0] == 127 : memcmp(a->b, v6, sizeof v6) == 0;
}

/* --- the text --- */

/* The address that a host is, with or without brackets. */
static bool read_host(const char *host, struct ip *out)
{
    bytes text = bytes_of_text(host);
    if (text.n > 2 && text.p[0] == '[') text = bytes_part(text, 1, text.n - 2);
    return err_is_ok(ip_read(text, out));
}

/* A part, freed by the caller with curl_free; NULL: it is not there. */
static char *part(CURLU *url, CURLUPart which)
{
    char *text = NULL;
    return curl_url_get(url, which, &text, 0) == CURLUE_OK ? text : NULL;
}

static bool has(CURLU *url, CURLUPart which)
{
    char *text = part(url, which);
    curl_free(text);
    return text != NULL;
}

static err refuse(struct note *note, const char *why)
{
    return note_fail(note, FAIL(BAD_INPUT), "endpoint: %s", why);
}

static err check_form(CURLU *url, const char *scheme, const char *host, struct note *note)
{
    struct ip a;
    const bool https = scheme && strcasecmp(scheme, "https") == 0;
    const bool plain = scheme && strcasecmp(scheme, "http") == 0;
    if (!host || (!https && !plain)) return refuse(note, "must be an https:// URL");
    if (has(url, CURLUPART_USER) || has(url, CURLUPART_PASSWORD)) {
        return refuse(note, "must be without a name and password: what proves who is sending is \"token\"");
    }
    if (has(url, CURLUPART_FRAGMENT)) return refuse(note, "must be without a fragment (#...)");
    const bool here = strcasecmp(host, "localhost") == 0 || (read_host(host, &a) && is_loopback(&a));
    return https || here ? DONE : refuse(note, "http:// would send records in clear: only https:// leaves this machine");
}

static err check_target(const struct endpoint_targets *targets, const char *host, struct note *note)
{
    struct ip a;
    if (targets->n > 0 && (!read_host(host, &a) || is_in(targets, &a))) return DONE;
    return note_fail(note, FAIL(NOT_ALLOWED),
                     "endpoint: an export is set up by the local operator (`latchkey audit export` on the daemon's"
                     " machine), or to addresses in the setting audit-export-targets; %.200s is in none of its"
                     " networks", host);
}

/* NULL when it is no URL; freed by the caller with curl_url_cleanup. */
static CURLU *read_url(bytes endpoint)
{
    char text[ENDPOINT_MAX];
    CURLU *url = curl_url();
    bool plain = endpoint.n > 0 && endpoint.n < sizeof text;
    for (size_t i = 0; plain && i < endpoint.n; i++) {
        plain = endpoint.p[i] > ' ' && endpoint.p[i] <= '~' && endpoint.p[i] != '"';
    }
    if (plain) (void)snprintf(text, sizeof text, "%.*s", BYTES_FMT(endpoint));
    if (plain && url && curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK) return url;
    curl_url_cleanup(url);
    return NULL;
}

err endpoint_check(const struct record_audit_export *e, const struct endpoint_targets *targets, struct note *note)
{
    CURLU *url = read_url(e->endpoint);
    if (!url) return refuse(note, "must be an https:// URL, in ASCII, without spaces and quotation marks, a port"
                                  " at most 65535");
    char *scheme = part(url, CURLUPART_SCHEME);
    char *host = part(url, CURLUPART_HOST);
    err done = check_form(url, scheme, host, note);
    if (err_is_ok(done) && !e->by_operator) done = check_target(targets, host, note);
    curl_free(scheme);
    curl_free(host);
    curl_url_cleanup(url);
    return done;
}

bool endpoint_url(const struct record_audit_export *e, char out[ENDPOINT_MAX])
{
    CURLU *url = read_url(e->endpoint);
    if (!url) return false;
    char *path = part(url, CURLUPART_PATH);
    if (path && strcmp(path, "/") == 0) {
        (void)curl_url_set(url, CURLUPART_PATH, destination_path((enum destination)e->destination), 0);
    }
    char *whole = part(url, CURLUPART_URL);
    const int n = snprintf(out, ENDPOINT_MAX, "%s", whole ? whole : "");
    curl_free(whole);
    curl_free(path);
    curl_url_cleanup(url);
    return n > 0 && n < ENDPOINT_MAX;
}

/* --- the address --- */

bool endpoint_may_connect(const struct endpoint_targets *targets, bool by_operator, bool plain, const struct ip *to,
                          const char **why)
{
    *why = NULL;
    if (plain && !is_loopback(to)) {
        *why = "it is not this machine, and http:// goes no further";
    } else if (!by_operator && !is_in(targets, to)) {
        *why = "it is in no network of the setting audit-export-targets";
    }
    return *why == NULL;
}
