/* A connected socket that never blocks, plain or under TLS, as the side that was called. */
#pragma once

#include "base/err.h"

#include <gnutls/abstract.h>
#include <stddef.h>

/* What the sessions of one door share. */
struct channel_tls;

/* `certificate` is asked at every handshake; `priorities` as GnuTLS reads them; `protocol` is agreed on
 * with whoever asks for one (ALPN). BAD_INPUT, NO_MEMORY. */
MUST err channel_tls_new(gnutls_certificate_retrieve_function2 *certificate,
                         const char *priorities, const char *protocol, struct channel_tls **out);
/* After the channels that were opened with it. */
void channel_tls_free(struct channel_tls *t);

struct channel {
    int fd;
    gnutls_session_t session; /* NULL: plain */
    bool shaken;              /* the handshake is over */
    bool owes;                /* a record was made and not sent whole: it goes first */
};

enum channel_got { CHANNEL_SOME, CHANNEL_LATER, CHANNEL_END };

/* Takes over a non-blocking descriptor, even when this fails. NO_MEMORY. */
MUST err channel_open(struct channel *c, int fd, struct channel_tls *tls);
/* Closes at once. */
void channel_close(struct channel *c);

/* SOME: *n bytes were read, at least one. END: the other side has ended, or the connection is broken. */
enum channel_got channel_read(struct channel *c, uint8_t *to, size_t size, size_t *n);
/* SOME: *n bytes were taken. After LATER the next call must begin with the same bytes. */
enum channel_got channel_write(struct channel *c, const uint8_t *from, size_t size, size_t *n);
/* Something can be read although the descriptor may not say so. */
bool channel_holds(const struct channel *c);
/* Says that nothing more will be written. */
void channel_finish(struct channel *c);
/* The close to come is told as a failure, not as an end. */
void channel_break(struct channel *c);

/* TLS has to write before it can go on reading. */
bool channel_wants_write(const struct channel *c);
