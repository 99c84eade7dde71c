/* A new password on its way into somebody's record. */
#include "api/new_password.h"

#include "http/body.h"
#include "http/http_work.h"
#include "people/password.h"
#include "people/people.h"

struct new_password {
    bytes password; /* borrowed from the body */
    char hash[PASSWORD_ENCODED];
};

/* On a thread for password hashing. */
static err hash_it(struct http_request *rq)
{
    struct new_password *n = rq->work;
    return password_hash(n->password, n->hash);
}

err new_password_take(struct http_request *rq, const struct record_person *person,
                      err (*then)(struct http_request *rq))
{
    const struct json_in *body = NULL;
    struct new_password *n = arena_take(&rq->call.arena, sizeof *n);
    if (!n) return FAIL(NO_MEMORY);
    TRY(body_object(rq, &body));
    TRY(body_text(rq, body, F(PASSWORD_NEW_PASSWORD), &n->password));
    TRY(password_check(n->password, person->email, person->sealed_totp.n > 0, &rq->call.note));
    rq->work = n;
    return http_work_then(rq, api_of(rq)->people->hashes, hash_it, then);
}

void new_password_put(const struct http_request *rq, struct record_person *after)
{
    const struct new_password *n = rq->work;
    after->password = bytes_of_text(n->hash);
    after->password_is_short = password_is_short(n->password);
}
