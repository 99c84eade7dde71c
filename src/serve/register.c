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

static bool is_digits_and_dots(bytes host)
{
    for (size_t i = 0; i < host.n; i++) {
        if ((host.p[i] < '0' || host.p[i] > '9') && host.p[i] != '.') return false;
    }
    return true;
}

/* What cannot be right, whoever asks: "10.0.0.256" is no name, and nobody is called at 0.0.0.0. */
static err read_contact(bytes contact, bytes *host, struct note *note)
{
    uint16_t port = 0;
    struct address a;
    const err e = address_split(contact, CQL_PORT, host, &port);
    const bool ip = err_is_ok(e) && err_is_ok(address_read_ip(*host, &a));
    if (!err_is_ok(e) || port == 0 || (!ip && is_digits_and_dots(*host))) {
        return note_fail(note, FAIL(BAD_INPUT), "contactPoints: \"%.*s\" is not HOST:PORT", BYTES_FMT(contact));
    }
    if (!ip || !address_is_any(&a)) return DONE;
    return note_fail(note, FAIL(BAD_INPUT),
                     "contactPoints: \"%.*s\" stands for every address of a machine, and nobody can be called there",
                     BYTES_FMT(contact));
}

static err check_contact(const struct config *c, bool operator, bytes contact, struct note *note)
{
    bytes host;
    struct address a;
    TRY(read_contact(contact, &host, note));
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

static bytes next_contact(bytes *left)
{
    const uint8_t *comma = memchr(left->p, ',', left->n);
    const size_t n = comma ? (size_t)(comma - left->p) : left->n;
    const bytes contact = bytes_part(*left, 0, n);
    *left = bytes_part(*left, n + 1, SIZE_MAX);
    return contact;
}

static err read_contacts(bytes left, struct note *note)
{
    size_t n = 0;
    bytes host;
    for (; left.n && n <= CONTACTS_MAX; n++) TRY(read_contact(next_contact(&left), &host, note));
    if (n > 0 && n <= CONTACTS_MAX) return DONE;
    return note_fail(note, FAIL(BAD_INPUT), "contactPoints: 1 to %d addresses, separated by commas", CONTACTS_MAX);
}

/* What cannot be right is said before what is not allowed: nobody is sent to the operator with it. */
err register_check(const struct config *c, const struct principal *who, const struct record_database *d,
                   struct note *note)
{
    const bool operator = who->kind == PRINCIPAL_OPERATOR;
    TRY(read_contacts(d->contact_points, note));
    TRY(check_listen(c, operator, d, note));
    for (bytes left = d->contact_points; left.n;)
        TRY(check_contact(c, operator, next_contact(&left), note));
    return DONE;
}
