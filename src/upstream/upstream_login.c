/* How the gateway introduces itself to a node: STARTUP, PLAIN, and it is in or it says why not. */
#include "upstream/upstream_login.h"

#include "cql/response.h"
#include "cql/sasl.h"
#include "cql/startup.h"

#include <stdio.h>

enum { LOGIN_STREAM = 0 };

static void refuse(struct upstream *u, err why, const char *words, bytes detail)
{
    (void)snprintf(u->why, sizeof u->why, "%s%s%.*s", words, detail.n ? ": " : "",
                   BYTES_FMT(detail));
    upstream_close(u, why);
}

static void end_frame(struct upstream *u, size_t begun)
{
    frame_end(&u->out.now, begun);
    if (u->out.now.bad) {
        refuse(u, FAIL(NO_MEMORY), "no memory to log in", (bytes){0});
        return;
    }
    loop_flush_later(u->set.loop, &u->flush);
}

void upstream_login_begin(struct upstream *u)
{
    /* Without THROW_ON_OVERLOAD an overloaded node stops reading, and all who share this wait. */
    const struct startup_option options[] = {
        {BYTES("CQL_VERSION"), BYTES("3.0.0")},
        {BYTES("DRIVER_NAME"), BYTES("Latchkey")},
        {BYTES("DRIVER_VERSION"), BYTES(LATCHKEY_VERSION)},
        {BYTES("THROW_ON_OVERLOAD"), BYTES("1")},
    };
    const size_t begun = frame_begin(&u->out.now, u->set.version, 0, LOGIN_STREAM, OPCODE_STARTUP);
    sm_move(&u->state, UPSTREAM_STARTUP);
    startup_write(&u->out.now, options, sizeof options / sizeof options[0]);
    end_frame(u, begun);
}

static void send_password(struct upstream *u)
{
    const struct upstream_credentials *c = u->set.credentials;
    const size_t begun =
        frame_begin(&u->out.now, u->set.version, 0, LOGIN_STREAM, OPCODE_AUTH_RESPONSE);
    sm_move(&u->state, UPSTREAM_LOGIN);
    sasl_write_plain(&u->out.now, secret_view(&c->user), secret_view(&c->password));
    end_frame(u, begun);
}

static void enter(struct upstream *u)
{
    /* The password went through it; it was answered, so nothing of it is unsent. */
    outbox_wipe(&u->out);
    sm_move(&u->state, UPSTREAM_READY);
    if (u->set.events->on_ready) u->set.events->on_ready(u);
}

static void read_refusal(struct upstream *u, const struct frame_header *h, bytes body)
{
    struct response_prefix prefix;
    struct response_error e;
    if (!err_is_ok(response_open(h->flags, body, &prefix)) ||
        !err_is_ok(response_read_error(prefix.message, &e))) {
        refuse(u, FAIL(FRAME_BAD), "the node sent a malformed refusal", (bytes){0});
    } else if (e.code == RESPONSE_BAD_CREDENTIALS) {
        refuse(u, FAIL(NODE_REFUSED), "the node refuses the service role", e.message);
    } else {
        refuse(u, FAIL(NOT_READY), "the node refuses the connection", e.message);
    }
}

void upstream_login_answer(struct upstream *u, const struct frame_header *h, bytes body)
{
    const bool asked = u->state.state == UPSTREAM_LOGIN;
    if (h->opcode == OPCODE_ERROR) {
        read_refusal(u, h, body);
    } else if (h->opcode == OPCODE_AUTHENTICATE && !asked) {
        send_password(u);
    } else if ((h->opcode == OPCODE_READY && !asked) ||
               (h->opcode == OPCODE_AUTH_SUCCESS && asked)) {
        enter(u);
    } else if (h->opcode == OPCODE_AUTH_CHALLENGE) {
        refuse(u, FAIL(NODE_REFUSED), "the node asks for a login other than a password",
               (bytes){0});
    } else {
        refuse(u, FAIL(FRAME_BAD), "the node answered the login out of order", (bytes){0});
    }
}
