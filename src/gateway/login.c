/* A client says hello, is asked for a token, and is let in or told that it is not. */
#include "gateway/login.h"

#include "base/log.h"
#include "base/metric.h"
#include "cql/compression.h"
#include "cql/sasl.h"
#include "cql/startup.h"
#include "gateway/ledger.h"

#include <stdio.h>

#define AUTHENTICATOR "org.apache.cassandra.auth.PasswordAuthenticator"
#define CQL_VERSION_UNKNOWN "3.4.5" /* until the cluster has told its own */

enum { CQL_VERSION_MAX = 32 };

/* The cluster's CQL version as text. */
static void read_cql_version(const struct session *s, char out[CQL_VERSION_MAX])
{
    const struct picture *p = cluster_picture(s->door->door->cluster);
    const bytes v = p ? p->cql_version : (bytes){0};
    if (v.n > 0)
        (void)snprintf(out, CQL_VERSION_MAX, "%.*s", BYTES_FMT(v));
    else
        (void)snprintf(out, CQL_VERSION_MAX, "%s", CQL_VERSION_UNKNOWN);
}

/* Never the node's own SUPPORTED: drivers act on what it says about shards and compression. */
enum envelope_fate login_options(struct envelope *e)
{
    static const char *const versions[] = {"3/v3", "4/v4"};
    static const char *const compressions[] = {
#define COMPRESSION(id, name) name,
#include "cql/compression.def"
#undef COMPRESSION
    };
    struct session *s = e->session;
    char cql_version[CQL_VERSION_MAX];
    read_cql_version(s, cql_version);
    const char *const cql[] = {cql_version};
    const struct response_option options[] = {{"CQL_VERSION", cql, 1},
                                              {"COMPRESSION", compressions, COMPRESSIONS - 1},
                                              {"PROTOCOL_VERSIONS", versions, 2}};
    response_write_supported(session_out(s), envelope_to(e), options,
                             sizeof options / sizeof options[0]);
    return ENVELOPE_DONE;
}

static enum envelope_fate refuse(struct envelope *e, err why, const struct note *note)
{
    session_refuse(e->session, e->head.stream, why, note);
    session_finish(e->session);
    return ENVELOPE_DONE;
}

enum envelope_fate login_startup(struct envelope *e)
{
    struct session *s = e->session;
    struct startup asked;
    struct note note;
    enum compression compression = COMPRESSION_NONE;
    const err bad = startup_read(e->message, &asked);
    if (!err_is_ok(bad)) return refuse(e, bad, NULL);
    if (asked.compression.n > 0 && !compression_find(asked.compression, &compression)) {
        return refuse(e,
                      note_fail(&note, FAIL(FRAME_BAD), "Unknown compression algorithm: %.*s",
                                BYTES_FMT(bytes_part(asked.compression, 0, 64))),
                      &note);
    }
    usage_count_write_by(asked.driver_name, asked.driver_version, s->who.by);
    s->compression = (uint8_t)compression;
    s->lane = &s->door->lanes[s->version - FRAME_VERSION_MIN];
    sm_move(&s->state, SESSION_SASL);
    response_write_authenticate(session_out(s), envelope_to(e), BYTES(AUTHENTICATOR));
    return ENVELOPE_DONE;
}

/* The user "token" brings the whole token as password; any other user is a client id with its
 * secret. */
static struct credential credential_of(const struct sasl_plain *plain)
{
    if (bytes_eq_text(plain->user, "token")) {
        return (struct credential){.kind = CREDENTIAL_TOKEN, .token = plain->password};
    }
    return (struct credential){
        .kind = CREDENTIAL_PAIR, .client_id = plain->user, .secret = plain->password};
}

/* Who is calling, and may they come in here? Leaves the answer in the session. */
static err identify(struct session *s, const struct sasl_plain *plain, struct call *call)
{
    struct gateway_worker *w = session_worker(s);
    const struct credential cred = credential_of(plain);
    TRY(gate_identify(worker_gate(w), call, &cred));
    return gate_open_session(w->gate, call, &s->door->door->database, &s->gate);
}

static struct call *begin_call(struct session *s)
{
    struct gateway_worker *w = session_worker(s);
    struct call *call = &w->call;
    arena_reset(&call->arena);
    call->door = CALL_CQL;
    call->now_ms = loop_now_utc_ms(worker_loop(w));
    call->who = (struct principal){0};
    call->refused = (struct call_refused){0};
    call->note.text[0] = '\0';
    call->permits = NULL;
    (void)snprintf(call->id, sizeof call->id, "cql-%u-%u", w->number, s->generation);
    address_write(&s->peer, call->peer);
    return call;
}

/* All that is not recognised gets one and the same answer; only a good token is told what it lacks.
 */
static void answer_refused(struct envelope *e, err why, const struct call *call)
{
    struct session *s = e->session;
    static _Thread_local struct log_limit limit;
    const bool told = why.code == ERR_TOKEN_NO_LOGIN && call->note.text[0];
    metric_add(METRIC_LOGINS_REFUSED, 1);
    ledger_login_refused(s, call);
    if (!told || log_limit_pass(&limit, loop_now_ms(worker_loop(session_worker(s))), 60)) {
        log_line(told ? LOG_WARN : LOG_DEBUG, "login_refused", "peer=%s client=%s reason=\"%s\"",
                 call->peer, call->who.name, call->note.text[0] ? call->note.text : err_text(why));
    }
    session_error(s, e->head.stream, RESPONSE_BAD_CREDENTIALS,
                  told ? call->note.text : "Provided username and/or password are incorrect");
    session_finish(s);
}

static void enter(struct envelope *e)
{
    struct session *s = e->session;
    ledger_login(s, loop_now_utc_ms(worker_loop(session_worker(s))));
    if (!err_is_ok(session_ready(s))) {
        gate_close_session(session_worker(s)->gate, &s->gate);
        session_close(s, "no memory");
        return;
    }
    metric_add(METRIC_LOGINS, 1);
    if (session_is_open(s)) response_write_auth_success(session_out(s), envelope_to(e));
}

/* The peer's secret lies in a buffer of ours, which is only lent to readers as constant. */
static void wipe(bytes secret)
{
    secret_wipe((void *)(uintptr_t)secret.p, secret.n);
}

enum envelope_fate login_response(struct envelope *e)
{
    struct session *s = e->session;
    if (!s->mechanism && sasl_is_mechanism(e->message)) {
        s->mechanism = true;
        response_write_challenge(session_out(s), envelope_to(e), BYTES("PLAIN-START"));
        return ENVELOPE_DONE;
    }
    struct call *call = begin_call(s);
    struct sasl_plain plain;
    err why = sasl_read_plain(e->message, &plain);
    if (err_is_ok(why)) why = identify(s, &plain, call);
    wipe(e->message);
    if (err_is_ok(why))
        enter(e);
    else
        answer_refused(e, why, call);
    return ENVELOPE_DONE;
}
