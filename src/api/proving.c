/* Proving who one is, over HTTP. */
#include "api/proving.h"

#include "http/http_work.h"
#include "people/known.h"
#include "people/people.h"

enum { NAME_MAX = 254 };

static bytes account_of(struct http_request *rq, const struct record *r, bytes name)
{
    if (r) return arena_copy(&rq->call.arena, bytes_of(r->of.person.id.b, sizeof r->of.person.id.b));
    uint8_t folded[NAME_MAX];
    const bytes part = bytes_part(name, 0, sizeof folded);
    for (size_t i = 0; i < part.n; i++) {
        const uint8_t c = part.p[i];
        folded[i] = c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c;
    }
    return arena_copy(&rq->call.arena, bytes_of(folded, part.n));
}

/* On a thread for password hashing. */
static err check(struct http_request *rq)
{
    struct proving *p = rq->work;
    proof_check(p->known ? &p->person.of.person : NULL, &p->seed, &p->given, rq->call.now_ms,
                &p->proof);
    secret_drop(&p->seed);
    return DONE;
}

static err checked(struct http_request *rq)
{
    struct proving *p = rq->work;
    struct record_person *person = &p->person.of.person;
    /* From outside, what is right is answered as what is wrong: nobody tries passwords from there. */
    if (!p->proof.holds || p->outside) {
        const char *why = p->proof.holds ? "outside of the access list" : p->proof.why;
        gate_refuse_proof(rq->gate, &rq->call, p->known ? &person->id : NULL, why);
        return FAIL(SIGN_IN_FAILED);
    }
    delay_clear(api_of(rq)->people->delays, p->account, http_network(rq), loop_now_ms(rq->loop));
    proof_spend(&p->proof, person, p->room);
    known_note(person, gate_server_keys(rq->gate), http_network(rq), rq->call.now_ms, p->networks);
    return p->then(rq, p);
}

static err check_wait(struct http_request *rq, const struct proving *p)
{
    uint64_t wait_ms = 0;
    const bytes network = http_network(rq);
    const bool known = p->known && known_has(&p->person.of.person, gate_server_keys(rq->gate), network,
                                             rq->call.now_ms);
    if (delay_take(api_of(rq)->people->delays, p->account, network, known, loop_now_ms(rq->loop), &wait_ms))
        return DONE;
    http_wait(rq, wait_ms);
    return FAIL(TOO_MANY);
}

err proving_begin(struct http_request *rq, const struct record *r, bytes name,
                  const struct proof_given *given,
                  err (*then)(struct http_request *rq, struct proving *p), void *more)
{
    struct proving *p = arena_take(&rq->call.arena, sizeof *p);
    if (!p) return FAIL(NO_MEMORY);
    *p = (struct proving){.given = *given, .known = r != NULL, .then = then, .more = more};
    p->account = account_of(rq, r, name);
    if (r) TRY(api_call_copy(rq, r, &p->person));
    p->outside = r && !gate_person_is_inside(rq->gate, &rq->call, &r->of.person.id);
    TRY(check_wait(rq, p));
    const struct record_person *person = &p->person.of.person;
    if (r && person->sealed_totp.n)
        TRY(proof_open(gate_server_keys(rq->gate), &person->id, person->sealed_totp, &p->seed));
    rq->work = p;
    const err e = http_work_then(rq, api_of(rq)->people->hashes, check, checked);
    if (!err_is_ok(e)) secret_drop(&p->seed);
    return e;
}

struct change proving_change(const struct proving *p)
{
    return (struct change){.verb = CHANGE_PUT,
                           .expect = p->person.version,
                           .by = gate_own(&p->person.of.person.id),
                           .record = p->person};
}
