#include "serve/register.h"


enum { CQL_PORT = 9042, CONTACTS_MAX = 16 };

static bool in_list(const char *list, const struct address *a)
{
    bytes item;
    struct cidr range;
    while (config_next(&list, &item)) {
        if (err_is_ok(address_read_cidr(item, &range)) && address_in_cidr(a, &range)) return true;
    }
    return false;
}

err register_listen(const struct record_database *d, struct address *out, struct note *note)
{
    if (err_is_ok(address_read(d->listen, CQL_PORT, out)) && out->port != 0) return DONE;
    return note_fail(note, FAIL(BAD_INPUT), "listen: \"%.*s\" is not ADDRESS:PORT", BYTES_FMT(d->listen));
}

static err check_listen(const struct config *c, bool operator, const struct record_database *d,
                        struct note *note)
{
    struct address a;
    TRY(register_listen(d, &a, note));
    if (!operator && !in_list(config_text(c, SETTING_REGISTER_LISTEN), &a)) {
        return note_fail(note, FAIL(NOT_ALLOWED),
                         "listen: a door is opened by the local operator (`latchkey db add` on the daemon's "
                         "machine), or at an address in the setting register-listen; %.*s is in none of "
                         "its networks",
                         BYTES_FMT(d->listen));
    }
    if (!address_is_loopback(&a) && !config_is_on(c, SETTING_ALLOW_PLAINTEXT)) {
        return note_fail(note, FAIL(BAD_INPUT),
                         "listen: %.*s is beyond this machine, and this door has no TLS yet: listen on "
                         "loopback or set allow-plaintext = yes",
                         BYTES_FMT(d->listen));
    }
    if (d->advertise.n && !err_is_ok(address_read(d->advertise, CQL_PORT, &a))) {
        return note_fail(note, FAIL(BAD_INPUT), "advertise: \"%.*s\" is not ADDRESS:PORT",
                         BYTES_FMT(d->advertise));
    }
    return DONE;
}

static err check_contact(const struct config *c, bool operator, bytes contact, struct note *note)
{
    bytes host;
    uint16_t port;
    struct address a;
    if (!err_is_ok(address_split(contact, CQL_PORT, &host, &port))) {
        return note_fail(note, FAIL(BAD_INPUT), "contactPoints: \"%.*s\" is not HOST:PORT", BYTES_FMT(contact));
    }
    if (operator) return DONE;
    if (err_is_ok(address_read_ip(host, &a)) && in_list(config_text(c, SETTING_REGISTER_TARGETS), &a)) {
        return DONE;
    }
    return note_fail(note, FAIL(NOT_ALLOWED),
                     "contactPoints: a cluster is registered by the local operator (`latchkey db add` on the "
                     "daemon's machine), or by IP addresses in the setting register-targets; %.*s is in none "
                     "of its networks",
                     BYTES_FMT(contact));
}

err register_check(const struct config *c, const struct principal *who, const struct record_database *d,
                   struct note *note)
{
    const bool operator = who->kind == PRINCIPAL_OPERATOR;
    bytes left = d->contact_points;
    size_t n = 0;
    TRY(check_listen(c, operator, d, note));
    while (left.n) {
        const uint8_t *comma = memchr(left.p, ',', left.n);
        const size_t part = comma ? (size_t)(comma - left.p) : left.n;
        TRY(check_contact(c, operator, bytes_part(left, 0, part), note));
        left = bytes_part(left, part + 1, SIZE_MAX);
        n++;
    }
    if (n > 0 && n <= CONTACTS_MAX) return DONE;
    return note_fail(note, FAIL(BAD_INPUT), "contactPoints: 1 to %d addresses, separated by commas", CONTACTS_MAX);
}
