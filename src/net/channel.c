#include "net/channel.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct channel_tls {
    gnutls_certificate_credentials_t credentials;
    gnutls_priority_t priorities;
    gnutls_datum_t protocol;
};

static err prepare(struct channel_tls *t, gnutls_certificate_retrieve_function2 *certificate,
                   const char *priorities)
{
    if (gnutls_certificate_allocate_credentials(&t->credentials) != GNUTLS_E_SUCCESS)
        return FAIL(NO_MEMORY);
    gnutls_certificate_set_retrieve_function2(t->credentials, certificate);
    const int r = gnutls_priority_init(&t->priorities, priorities, NULL);
    if (r == GNUTLS_E_SUCCESS) return DONE;
    return r == GNUTLS_E_MEMORY_ERROR ? FAIL(NO_MEMORY) : FAIL(BAD_INPUT);
}

err channel_tls_new(gnutls_certificate_retrieve_function2 *certificate, const char *priorities,
                    const char *protocol, struct channel_tls **out)
{
    struct channel_tls *t = calloc(1, sizeof *t);
    if (!t) return FAIL(NO_MEMORY);
    t->protocol.data = (unsigned char *)strdup(protocol);
    t->protocol.size = (unsigned)strlen(protocol);
    const err e = t->protocol.data ? prepare(t, certificate, priorities) : FAIL(NO_MEMORY);
    if (err_is_ok(e)) {
        *out = t;
        return DONE;
    }
    channel_tls_free(t);
    return e;
}

void channel_tls_free(struct channel_tls *t)
{
    if (!t) return;
    if (t->priorities) gnutls_priority_deinit(t->priorities);
    if (t->credentials) gnutls_certificate_free_credentials(t->credentials);
    free(t->protocol.data);
    free(t);
}

static bool begin_session(struct channel *c, struct channel_tls *t)
{
    const unsigned flags = GNUTLS_SERVER | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL;
    if (gnutls_init(&c->session, flags) != GNUTLS_E_SUCCESS) return false;
    gnutls_transport_set_int(c->session, c->fd);
    gnutls_handshake_set_timeout(c->session, GNUTLS_INDEFINITE_TIMEOUT);
    return gnutls_priority_set(c->session, t->priorities) == GNUTLS_E_SUCCESS &&
           gnutls_credentials_set(c->session, GNUTLS_CRD_CERTIFICATE, t->credentials) ==
               GNUTLS_E_SUCCESS &&
           gnutls_alpn_set_protocols(c->session, &t->protocol, 1, 0) == GNUTLS_E_SUCCESS;
}

err channel_open(struct channel *c, int fd, struct channel_tls *tls)
{
    *c = (struct channel){.fd = fd, .shaken = !tls};
    if (!tls || begin_session(c, tls)) return DONE;
    channel_close(c);
    return FAIL(NO_MEMORY);
}

void channel_close(struct channel *c)
{
    if (c->session) gnutls_deinit(c->session);
    if (c->fd >= 0) (void)close(c->fd);
    *c = (struct channel){.fd = -1};
}

/* --- under TLS --- */

/* What a call of the library means; warnings are not the end. */
static enum channel_got got_of(ssize_t r)
{
    if (r > 0) return CHANNEL_SOME;
    return r == GNUTLS_E_AGAIN || r == GNUTLS_E_INTERRUPTED ? CHANNEL_LATER : CHANNEL_END;
}

static enum channel_got shake(struct channel *c)
{
    int r = GNUTLS_E_SUCCESS;
    if (c->shaken) return CHANNEL_SOME;
    do {
        r = gnutls_handshake(c->session);
    } while (r == GNUTLS_E_INTERRUPTED || r == GNUTLS_E_WARNING_ALERT_RECEIVED);
    if (r == GNUTLS_E_SUCCESS) {
        c->shaken = true;
        return CHANNEL_SOME;
    }
    if (got_of(r) == CHANNEL_END) (void)gnutls_alert_send_appropriate(c->session, r);
    return got_of(r);
}

static enum channel_got read_record(struct channel *c, uint8_t *to, size_t size, size_t *n)
{
    const enum channel_got ready = shake(c);
    if (ready != CHANNEL_SOME) return ready;
    const ssize_t r = gnutls_record_recv(c->session, to, size);
    *n = r > 0 ? (size_t)r : 0;
    return got_of(r);
}

/* A record that was made goes out before anything else: the library then wants no bytes, and tells how
 * many it had taken. */
static enum channel_got write_record(struct channel *c, const uint8_t *from, size_t size, size_t *n)
{
    const enum channel_got ready = shake(c);
    if (ready != CHANNEL_SOME) return ready;
    const ssize_t r = c->owes ? gnutls_record_send(c->session, NULL, 0)
                              : gnutls_record_send(c->session, from, size);
    const enum channel_got got = got_of(r);
    c->owes = got == CHANNEL_LATER;
    *n = r > 0 ? (size_t)r : 0;
    return got;
}

/* --- plain --- */

static enum channel_got got_of_call(ssize_t r, size_t *n)
{
    *n = r > 0 ? (size_t)r : 0;
    if (r > 0) return CHANNEL_SOME;
    const bool later = r < 0 && (errno == EAGAIN || errno == EINTR);
    return later ? CHANNEL_LATER : CHANNEL_END;
}

enum channel_got channel_read(struct channel *c, uint8_t *to, size_t size, size_t *n)
{
    *n = 0;
    if (c->session) return read_record(c, to, size, n);
    return got_of_call(recv(c->fd, to, size, 0), n);
}

enum channel_got channel_write(struct channel *c, const uint8_t *from, size_t size, size_t *n)
{
    *n = 0;
    if (c->session) return write_record(c, from, size, n);
    return got_of_call(send(c->fd, from, size, MSG_NOSIGNAL), n);
}

bool channel_holds(const struct channel *c)
{
    return c->session && gnutls_record_check_pending(c->session) > 0;
}

void channel_finish(struct channel *c)
{
    if (c->session && c->shaken) (void)gnutls_bye(c->session, GNUTLS_SHUT_WR);
    (void)shutdown(c->fd, SHUT_WR);
}

void channel_break(struct channel *c)
{
    const struct linger at_once = {.l_onoff = 1};
    (void)setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

bool channel_wants_write(const struct channel *c)
{
    return c->session && !c->shaken && gnutls_record_get_direction(c->session) == 1;
}
