/* Every attempt costs one keyed hash, one look-up and one constant-time compare, whatever is wrong
 * with it: an unknown token is compared with a verifier of zeros. */
#include "identity/identity.h"
#include "identity/identity_person.h"

#include "base/check.h"

#include <stdio.h>

void identity_keys_init(struct identity_keys *keys, const struct server_keys *from)
{
    CHECK(from->n > 0 && from->n <= SERVER_KEYS_MAX);
    keys->n = from->n;
    for (size_t i = 0; i < from->n; i++) {
        keys->list[i].id = from->list[i].id;
        struct hmac_sha256_ctx keyed;
        hmac_sha256_set_key(&keyed, SERVER_KEY_SIZE, from->list[i].key);
        keys->list[i].inner = keyed.inner;
        keys->list[i].outer = keyed.outer;
        secret_wipe(&keyed, sizeof keyed);
    }
}

void identity_keys_drop(struct identity_keys *keys)
{
    secret_wipe(keys, sizeof *keys);
}

const char *identity_reason_text(enum identity_reason reason)
{
    static const char *const texts[IDENTITY_REASONS] = {
        [IDENTITY_OK] = "recognised",
        [IDENTITY_MALFORMED] = "not in the form of a token",
        [IDENTITY_UNKNOWN] = "no token with this client id",
        [IDENTITY_WRONG_SECRET] = "wrong secret",
        [IDENTITY_EXPIRED] = "expired",
        [IDENTITY_REVOKED] = "revoked",
        [IDENTITY_KEY_MISSING] = "made with a server key that is not here",
        [IDENTITY_NO_SESSION] = "no such session, or it has ended",
        [IDENTITY_NOT_A_MEMBER] = "not a member of the scope that was asked for",
    };
    return texts[reason];
}

/* --- what was presented: a client id and the digest that a token ends in --- */

struct presented {
    bytes client_id;
    struct index_place place;
    uint8_t digest[TOKEN_DIGEST];
};

/* Memory fetches the token's slot while the rest of the text is read. */
static bool read_token(const struct index *index, bytes token, const bytes *prefixes,
                       size_t prefixes_n, struct presented *p)
{
    struct token_parts parts;
    for (size_t i = 0; i < prefixes_n; i++) {
        const bytes id = token_client_id(token, prefixes[i]);
        if (!id.n) continue;
        p->place = index_expect_token(index, id);
        if (!err_is_ok(token_read(token, prefixes[i], &parts))) continue;
        p->client_id = parts.client_id;
        memcpy(p->digest, parts.digest, sizeof p->digest);
        secret_wipe(&parts, sizeof parts);
        return true;
    }
    return false;
}

static bool read_pair(const struct index *index, bytes client_id, bytes secret, struct presented *p)
{
    if (!token_is_client_id(client_id) || secret.n > IDENTITY_SECRET_MAX) return false;
    p->place = index_expect_token(index, client_id);
    token_digest(secret, p->digest);
    p->client_id = client_id;
    return true;
}

static bool read_presented(const struct index *index, const struct credential *cred,
                           const bytes *prefixes, size_t prefixes_n, struct presented *p)
{
    switch (cred->kind) {
    case CREDENTIAL_TOKEN:
        return read_token(index, cred->token, prefixes, prefixes_n, p);
    case CREDENTIAL_PAIR:
        return read_pair(index, cred->client_id, cred->secret, p);
    case CREDENTIAL_NONE:
    case CREDENTIAL_UID:
    case CREDENTIAL_SESSION:
        break;
    }
    return false;
}

/* --- the check --- */

static const struct identity_key *find_key(const struct identity_keys *keys, uint16_t id)
{
    for (size_t i = keys->n; i-- > 0;) {
        if (keys->list[i].id == id) return &keys->list[i];
    }
    return NULL;
}

struct verifier {
    uint8_t b[SERVER_KEY_VERIFIER];
};

static void make_verifier(const struct identity_key *key, const uint8_t digest[TOKEN_DIGEST],
                          struct verifier *out)
{
    uint8_t middle[SHA256_DIGEST_SIZE];
    struct sha256_ctx sha = key->inner;
    sha256_update(&sha, TOKEN_DIGEST, digest);
    sha256_digest(&sha, sizeof middle, middle);
    sha = key->outer;
    sha256_update(&sha, sizeof middle, middle);
    sha256_digest(&sha, sizeof out->b, out->b);
    secret_wipe(&sha, sizeof sha);
    secret_wipe(middle, sizeof middle);
}

/* The newest key made most tokens: its verifier is computed while memory fetches the slot. A token of
 * an older key, which is known by then, costs a second one. */
static enum identity_reason check(const struct index *index, const struct identity_keys *keys,
                                  const struct presented *p, int64_t now_ms,
                                  struct index_token *token)
{
    const struct identity_key *newest = &keys->list[keys->n - 1];
    struct verifier made;
    memset(token, 0, sizeof *token);
    make_verifier(newest, p->digest, &made);
    const bool known = index_find_token_at(index, &p->place, token);
    const struct identity_key *key = known ? find_key(keys, token->key_id) : newest;
    if (key && key != newest) make_verifier(key, p->digest, &made);
    const bool same =
        secret_eq(bytes_of(made.b, sizeof made.b), bytes_of(token->verifier, sizeof made.b));
    secret_wipe(&made, sizeof made);
    if (!known) return IDENTITY_UNKNOWN;
    if (!key) return IDENTITY_KEY_MISSING;
    if (!same) return IDENTITY_WRONG_SECRET;
    if (now_ms >= token->valid_until_ms) return IDENTITY_EXPIRED;
    return index_token_is_active(token) ? IDENTITY_OK : IDENTITY_REVOKED;
}

static struct principal principal_from(const struct index_token *t, bytes client_id,
                                       uint64_t version)
{
    struct principal who = {.kind = PRINCIPAL_TOKEN,
                            .scope = t->scope,
                            .enterprise = t->enterprise,
                            .role_set = t->role_set,
                            .live = t->live,
                            .live_word = t->live_word,
                            .valid_until_ms = t->valid_until_ms,
                            .index_version = version};
    memcpy(who.name, client_id.p, client_id.n);
    return who;
}

static struct principal operator_of(uint32_t uid, uint64_t version)
{
    struct principal who = {.kind = PRINCIPAL_OPERATOR,
                            .role_set = INDEX_NO_ROLE_SET,
                            .live = INDEX_NO_LIVE,
                            .valid_until_ms = INT64_MAX,
                            .index_version = version,
                            .uid = uid};
    (void)snprintf(who.name, sizeof who.name, "operator uid=%u", uid);
    return who;
}

static void find_rekey(const struct identity_keys *keys, const struct presented *p, uint16_t key_id,
                       struct identity_rekey *out)
{
    const struct identity_key *newest = &keys->list[keys->n - 1];
    struct verifier made;
    *out = (struct identity_rekey){0};
    if (key_id == newest->id) return;
    make_verifier(newest, p->digest, &made);
    out->from = key_id;
    out->to = newest->id;
    memcpy(out->verifier, made.b, sizeof out->verifier);
    secret_wipe(&made, sizeof made);
}

enum identity_reason identity_find(const struct index *index, const struct identity_keys *keys,
                                   const bytes *prefixes, size_t prefixes_n,
                                   const struct credential *cred, int64_t now_ms,
                                   struct principal *who, struct identity_rekey *rekey)
{
    /* Before the slot is read: what changes later shows as a difference of versions. */
    const uint64_t version = index_version(index);
    if (rekey) rekey->from = 0; /* only a token's verifier can be of an older key */
    if (cred->kind == CREDENTIAL_UID) {
        *who = operator_of(cred->uid, version);
        return IDENTITY_OK;
    }
    if (cred->kind == CREDENTIAL_SESSION) {
        return identity_person_find(index, cred, now_ms, version, who);
    }
    struct presented p = {0};
    if (!read_presented(index, cred, prefixes, prefixes_n, &p)) return IDENTITY_MALFORMED;
    struct index_token token;
    const enum identity_reason reason = check(index, keys, &p, now_ms, &token);
    const bool ended = reason == IDENTITY_EXPIRED || reason == IDENTITY_REVOKED;
    if (reason == IDENTITY_OK || ended) *who = principal_from(&token, p.client_id, version);
    if (reason == IDENTITY_OK && rekey) find_rekey(keys, &p, token.key_id, rekey);
    secret_wipe(&p, sizeof p);
    secret_wipe(&token, sizeof token);
    return reason;
}
