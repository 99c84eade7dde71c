/* Proving who one is. The password comes first and always costs its time; of the second factor
 * nobody hears that it was wrong who did not know the password, and not even then. */
#include "people/proof.h"

#include "base/random.h"
#include "model/seal.h"
#include "people/password.h"
#include "people/recovery.h"
#include "people/totp.h"

void proof_seal(const struct server_key *key, const struct uuid *person, const struct secret *seed,
                struct wr *w)
{
    uint8_t nonce[SEAL_NONCE];
    char id[UUID_TEXT];
    random_fill(nonce, sizeof nonce);
    uuid_write(person, id);
    seal_write(key, bytes_of(id, sizeof id), nonce, secret_view(seed), w);
}

err proof_open(const struct server_keys *keys, const struct uuid *person, bytes sealed,
               struct secret *seed)
{
    char id[UUID_TEXT];
    uuid_write(person, id);
    return seal_read(keys, bytes_of(id, sizeof id), sealed, seed);
}

static void check_second(const struct record_person *p, const struct secret *seed,
                         const struct proof_given *given, int64_t now_ms, struct proof *out)
{
    if (p->sealed_totp.n == 0) {
        out->holds = true;
    } else if (given->recovery.n) {
        out->holds = recovery_find(given->recovery, p->recovery, p->recovery_n, &out->recovery);
        if (!out->holds) out->why = "wrong recovery code";
    } else {
        out->holds = totp_find(seed, given->code, now_ms, p->totp_step, &out->step);
        if (!out->holds) out->why = given->code.n ? "wrong or used code" : "no code";
    }
}

void proof_check(const struct record_person *p, const struct secret *seed,
                 const struct proof_given *given, int64_t now_ms, struct proof *out)
{
    const bytes encoded = p ? p->password : (bytes){0};
    *out = (struct proof){.recovery = SIZE_MAX};
    if (password_is(encoded, given->password)) {
        check_second(p, seed, given, now_ms, out);
    } else {
        out->why = !p ? "no such account" : p->password.n ? "wrong password" : "no password yet";
    }
}

void proof_spend(const struct proof *proof, struct record_person *p, struct record_hash *room)
{
    size_t n = 0;
    if (proof->step) p->totp_step = proof->step;
    if (proof->recovery == SIZE_MAX) return;
    for (size_t i = 0; i < p->recovery_n; i++) {
        if (i != proof->recovery) room[n++] = p->recovery[i];
    }
    p->recovery = room;
    p->recovery_n = n;
}
