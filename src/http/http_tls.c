/* The certificate of the HTTPS doors: handshakes read one atomic pointer; what was replaced is kept
 * until the end, for a handshake may still hold it. */
#include "http/http_tls.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { CHAIN_MAX = 16 };

struct material {
    gnutls_pcert_st chain[CHAIN_MAX];
    unsigned chain_n;
    gnutls_privkey_t key;
    struct material *former;
};

static _Atomic(struct material *) current;

static void drop(struct material *m)
{
    for (unsigned i = 0; i < m->chain_n; i++)
        gnutls_pcert_deinit(&m->chain[i]);
    if (m->key) gnutls_privkey_deinit(m->key);
    free(m);
}

static err load_file(const char *path, gnutls_datum_t *out, struct note *note)
{
    errno = 0;
    const int r = gnutls_load_file(path, out);
    if (r == GNUTLS_E_SUCCESS) return DONE;
    return note_fail(note, err_of_errno(errno), "cannot read %s: %s", path,
                     errno ? strerror(errno) : gnutls_strerror(r));
}

static err read_chain(const char *path, struct material *m, struct note *note)
{
    gnutls_datum_t pem = {0};
    unsigned n = CHAIN_MAX;
    TRY(load_file(path, &pem, note));
    const int r = gnutls_pcert_list_import_x509_raw(m->chain, &n, &pem, GNUTLS_X509_FMT_PEM, 0);
    gnutls_free(pem.data);
    if (r != GNUTLS_E_SUCCESS || n == 0) {
        return note_fail(note, FAIL(BAD_INPUT), "%s holds no certificate chain in PEM: %s", path,
                         gnutls_strerror(r));
    }
    m->chain_n = n;
    return DONE;
}

static err read_key(const char *path, struct material *m, struct note *note)
{
    gnutls_datum_t pem = {0};
    TRY(load_file(path, &pem, note));
    int r = gnutls_privkey_init(&m->key);
    if (r == GNUTLS_E_SUCCESS) {
        r = gnutls_privkey_import_x509_raw(m->key, &pem, GNUTLS_X509_FMT_PEM, NULL, 0);
    }
    gnutls_memset(pem.data, 0, pem.size);
    gnutls_free(pem.data);
    if (r == GNUTLS_E_SUCCESS) return DONE;
    return note_fail(note, FAIL(BAD_INPUT), "%s holds no private key in PEM: %s", path,
                     gnutls_strerror(r));
}

/* A key of another certificate would fail every handshake. */
static err check_pair(const struct material *m, const char *key_file, struct note *note)
{
    uint8_t of_chain[64];
    uint8_t of_key[64];
    size_t chain_n = sizeof of_chain;
    size_t key_n = sizeof of_key;
    gnutls_pubkey_t pub = NULL;
    bool same =
        gnutls_pubkey_init(&pub) == GNUTLS_E_SUCCESS &&
        gnutls_pubkey_import_privkey(pub, m->key, 0, 0) == GNUTLS_E_SUCCESS &&
        gnutls_pubkey_get_key_id(pub, 0, of_key, &key_n) == GNUTLS_E_SUCCESS &&
        gnutls_pubkey_get_key_id(m->chain[0].pubkey, 0, of_chain, &chain_n) == GNUTLS_E_SUCCESS;
    same = same && key_n == chain_n && memcmp(of_key, of_chain, key_n) == 0;
    if (pub) gnutls_pubkey_deinit(pub);
    if (same) return DONE;
    return note_fail(note, FAIL(BAD_INPUT), "%s is not the key of the certificate", key_file);
}

static err read_all(const char *cert_file, const char *key_file, struct material *m,
                    struct note *note)
{
    TRY(read_chain(cert_file, m, note));
    TRY(read_key(key_file, m, note));
    return check_pair(m, key_file, note);
}

err http_tls_load(const char *cert_file, const char *key_file, struct note *note)
{
    struct material *m = calloc(1, sizeof *m);
    if (!m) return FAIL(NO_MEMORY);
    const err e = read_all(cert_file, key_file, m, note);
    if (!err_is_ok(e)) {
        drop(m);
        return e;
    }
    m->former = atomic_load(&current);
    atomic_store(&current, m);
    return DONE;
}

void http_tls_unload(void)
{
    struct material *m = atomic_exchange(&current, NULL);
    while (m) {
        struct material *former = m->former;
        drop(m);
        m = former;
    }
}

const char *http_tls_priorities(enum http_tls_minimum minimum)
{
    switch (minimum) {
    case HTTP_TLS_1_2:
        return "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2";
    case HTTP_TLS_1_3:
        return "NORMAL:-VERS-ALL:+VERS-TLS1.3";
    }
    return "NORMAL:-VERS-ALL:+VERS-TLS1.3";
}

int http_tls_retrieve(gnutls_session_t session, const gnutls_datum_t *issuers, int issuers_n,
                      const gnutls_pk_algorithm_t *algorithms, int algorithms_n,
                      gnutls_pcert_st **chain, unsigned *chain_n, gnutls_privkey_t *key)
{
    struct material *m = atomic_load(&current);
    (void)session;
    (void)issuers;
    (void)issuers_n;
    (void)algorithms;
    (void)algorithms_n;
    if (!m) return -1;
    *chain = m->chain;
    *chain_n = m->chain_n;
    *key = m->key;
    return 0;
}
