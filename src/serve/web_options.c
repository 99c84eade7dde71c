/* What the settings say about the HTTP doors; whatever is not understood keeps the daemon from
 * starting, for a list that is shorter than somebody thinks is a hole. */
#include "serve/web_options.h"

/* A list of settings on its way into an array of views. */
struct filling {
    enum setting setting;
    const char *name;
    bytes *to;
    size_t max;
    size_t *n;
};

static err add(const struct filling *f, bytes item, struct note *note)
{
    if (*f->n == f->max) return note_fail(note, FAIL(BAD_INPUT), "%s: at most %zu", f->name, f->max);
    f->to[(*f->n)++] = item;
    return DONE;
}

static err fill(const struct config *c, const struct filling *f, struct note *note)
{
    const char *at = config_text(c, f->setting);
    bytes item;
    while (config_next(&at, &item))
        TRY(add(f, item, note));
    return DONE;
}

/* "http://HOST[:PORT]" with nothing behind it. */
static bool read_origin(bytes text, bytes *host)
{
    const bytes schemes[] = {BYTES("https://"), BYTES("http://")};
    uint16_t port = 0;
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        if (!bytes_has_prefix(text, schemes[i])) continue;
        const bytes rest = bytes_part(text, schemes[i].n, text.n);
        return err_is_ok(address_split(rest, 443, host, &port)) && host->p[0] != '*';
    }
    return false;
}

/* What a Host field holds for the host: an IPv6 address has its brackets there. */
static bytes as_in_field(bytes host)
{
    const bool bracketed = memchr(host.p, ':', host.n) && host.p[-1] == '[';
    return bracketed ? bytes_of(host.p - 1, host.n + 2) : host;
}

static err read_public_url(const struct config *c, bytes *host, struct note *note)
{
    const char *text = config_text(c, SETTING_PUBLIC_URL);
    bytes url = bytes_of_text(text);
    if (url.n && url.p[url.n - 1] == '/') url.n--;
    if (url.n == 0) return DONE;
    if (read_origin(url, host)) return DONE;
    return note_fail(note, FAIL(BAD_INPUT), "public-url: \"%s\" is not http(s)://HOST[:PORT]", text);
}

/* The listen address as a Host field names it; the text is in the setting. */
static bytes listen_host(const struct config *c)
{
    bytes host = {0};
    uint16_t port = 0;
    const bytes text = bytes_of_text(config_text(c, SETTING_HTTP_LISTEN));
    return err_is_ok(address_split(text, 1, &host, &port)) ? as_in_field(host) : host;
}

static bool has_any(const struct http_door_options *o)
{
    for (size_t i = 0; i < o->hosts_n; i++) {
        if (bytes_eq_text(o->hosts[i], "*")) return true;
    }
    return false;
}

/* Named hosts; else any on loopback; else those by which we are known. An address that stands for
 * all of the machine's is no name: then public-url or allowed-hosts has to be given. */
static err read_hosts(const struct config *c, const struct address *listening,
                      struct http_door_options *o, struct note *note)
{
    const struct filling f = {SETTING_ALLOWED_HOSTS, "allowed-hosts", o->hosts,
                              HTTP_DOOR_HOSTS_MAX, &o->hosts_n};
    bytes known = {0};
    TRY(read_public_url(c, &known, note));
    TRY(fill(c, &f, note));
    if (has_any(o)) o->hosts_n = 0;
    const bool named = o->hosts_n > 0;
    if (!named && (address_is_loopback(listening) || *config_text(c, SETTING_ALLOWED_HOSTS)))
        return DONE;
    if (known.n) TRY(add(&f, as_in_field(known), note));
    if (named) return DONE;
    if (!address_is_any(listening)) return add(&f, listen_host(c), note);
    if (known.n) return DONE;
    return note_fail(note, FAIL(BAD_INPUT),
                     "%s is every address of this machine: say by which names clients know it "
                     "(public-url, or allowed-hosts; * for any)",
                     config_text(c, SETTING_HTTP_LISTEN));
}

static err read_proxies(const struct config *c, struct http_door_options *o, struct note *note)
{
    const char *at = config_text(c, SETTING_TRUSTED_PROXIES);
    bytes item;
    while (config_next(&at, &item)) {
        if (o->proxies_n == HTTP_DOOR_PROXIES_MAX)
            return note_fail(note, FAIL(BAD_INPUT), "trusted-proxies: at most %d",
                             HTTP_DOOR_PROXIES_MAX);
        if (!err_is_ok(address_read_cidr(item, &o->proxies[o->proxies_n])))
            return note_fail(note, FAIL(BAD_INPUT), "trusted-proxies: \"%.*s\" is not a network",
                             BYTES_FMT(item));
        o->proxies_n++;
    }
    return DONE;
}

static err read_origins(const struct config *c, struct http_door_options *o, struct note *note)
{
    const struct filling f = {SETTING_CORS_ORIGINS, "cors-origins", o->origins,
                              HTTP_DOOR_ORIGINS_MAX, &o->origins_n};
    bytes host;
    TRY(fill(c, &f, note));
    for (size_t i = 0; i < o->origins_n; i++) {
        if (bytes_eq_text(o->origins[i], "*") || read_origin(o->origins[i], &host)) continue;
        return note_fail(note, FAIL(BAD_INPUT),
                         "cors-origins: \"%.*s\" is neither http(s)://HOST[:PORT] nor *",
                         BYTES_FMT(o->origins[i]));
    }
    return DONE;
}

static err read_prefixes(const struct config *c, struct http_door_options *o, struct note *note)
{
    const struct filling f = {SETTING_TOKEN_PREFIXES, "token-prefixes", o->prefixes,
                              HTTP_DOOR_PREFIXES_MAX, &o->prefixes_n};
    return fill(c, &f, note);
}

static err read_tls(const struct config *c, struct http_door_options *o, struct note *note)
{
    const bytes text = bytes_of_text(config_text(c, SETTING_TLS_MINIMUM));
    o->tls_minimum = bytes_eq_text(text, "1.3") ? HTTP_TLS_1_3 : HTTP_TLS_1_2;
    if (o->tls_minimum == HTTP_TLS_1_3 || bytes_eq_text(text, "1.2")) return DONE;
    return note_fail(note, FAIL(BAD_INPUT), "tls-minimum: \"%.*s\" is neither 1.2 nor 1.3",
                     BYTES_FMT(text));
}

err web_options_read(const struct config *c, const struct address *listening,
                     struct http_door_options *out, struct note *note)
{
    TRY(read_hosts(c, listening, out, note));
    TRY(read_proxies(c, out, note));
    TRY(read_origins(c, out, note));
    TRY(read_prefixes(c, out, note));
    return read_tls(c, out, note);
}
