/* The certificate of the HTTPS doors, replaced while it is in use. One for the process: the TLS
 * library asks for it through a function that knows nothing but the session. */
#pragma once

#include "base/err.h"
#include "http/http_door.h"

#include <gnutls/abstract.h>

/* Reads a chain and its key, PEM, and uses them for every handshake from now on; on failure the
 * former ones stay. BAD_INPUT, IO: the note names the file. One thread at a time. */
MUST err http_tls_load(const char *cert_file, const char *key_file, struct note *note);
/* After the doors. */
void http_tls_unload(void);

/* Priorities of the TLS library: this version and newer ones. */
const char *http_tls_priorities(enum http_tls_minimum minimum);

/* gnutls_certificate_retrieve_function2. */
int http_tls_retrieve(gnutls_session_t session, const gnutls_datum_t *issuers, int issuers_n,
                      const gnutls_pk_algorithm_t *algorithms, int algorithms_n,
                      gnutls_pcert_st **chain, unsigned *chain_n, gnutls_privkey_t *key);
