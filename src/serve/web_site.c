/* Where browsers find the HTTP doors. An origin is compared byte for byte, so it is written here as
 * browsers write it: small letters, no port that goes without saying. */
#include "serve/web_site.h"

#include <ctype.h>
#include <stdio.h>

static bool goes_without_saying(bool tls, uint16_t port)
{
    return port == (tls ? 443 : 80);
}

static void add(struct web_site *w, bool tls, bytes host, uint16_t port)
{
    char *to = w->text[w->site.origins_n];
    const bool v6 = host.n && memchr(host.p, ':', host.n);
    int n = snprintf(to, WEB_SITE_TEXT, "%s://%s%.*s%s", tls ? "https" : "http", v6 ? "[" : "",
                     BYTES_FMT(host), v6 ? "]" : "");
    if (n > 0 && n < WEB_SITE_TEXT && !goes_without_saying(tls, port))
        n += snprintf(to + n, (size_t)(WEB_SITE_TEXT - n), ":%u", (unsigned)port);
    for (char *p = to; *p; p++) *p = (char)tolower((unsigned char)*p);
    w->site.origins[w->site.origins_n++] = bytes_of_text(to);
    w->site.secure = tls;
}

static bool is_local(bytes host)
{
    struct address a;
    if (bytes_eq_nocase(host, BYTES("localhost"))) return true;
    return err_is_ok(address_read_ip(host, &a)) && address_is_loopback(&a);
}

/* Browsers take cookies that are worth something over TLS, or from this machine. */
static void judge(struct web_site *w, bool good)
{
    w->site.base = w->site.origins[0];
    if (!good) w->site.origins_n = 0;
}

static err from_url(bytes url, struct web_site *w, struct note *note)
{
    const bool tls = bytes_has_prefix(url, BYTES("https://"));
    const size_t scheme = tls ? 8 : 7;
    bytes host = {0};
    uint16_t port = 0;
    if (url.n && url.p[url.n - 1] == '/') url.n--;
    if ((!tls && !bytes_has_prefix(url, BYTES("http://"))) ||
        !err_is_ok(address_split(bytes_part(url, scheme, url.n), tls ? 443 : 80, &host, &port))) {
        return note_fail(note, FAIL(BAD_INPUT), "public-url: \"%.*s\" is not http(s)://HOST[:PORT]",
                         BYTES_FMT(url));
    }
    add(w, tls, host, port);
    judge(w, tls || is_local(host));
    return DONE;
}

err web_site_read(const struct config *c, const struct address *listening, bool tls,
                  struct web_site *out, struct note *note)
{
    static const char *const names[] = {"127.0.0.1", "localhost", "::1"};
    const bytes url = bytes_of_text(config_text(c, SETTING_PUBLIC_URL));
    char ip[ADDRESS_TEXT_SIZE];
    *out = (struct web_site){0};
    if (url.n) return from_url(url, out, note);
    if (!address_is_loopback(listening)) {
        address_write_ip(listening, ip);
        add(out, tls, bytes_of_text(ip), listening->port);
        judge(out, false);
        return DONE;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        add(out, tls, bytes_of_text(names[i]), listening->port);
    judge(out, true);
    return DONE;
}
