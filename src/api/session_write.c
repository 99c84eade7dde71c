/* Sessions as JSON and as changes. */
#include "api/session_write.h"

#include "base/hex.h"
#include "base/random.h"
#include "base/secret.h"
#include "base/utf8.h"

/* As identity.h has them; what is longer ago is no session any more. */
enum { SESSION_MS = COOKIE_SECONDS * 1000, IDLE_MS = 30 * 60 * 1000 };

int64_t session_end_ms(const struct record_session *s)
{
    const int64_t idle = s->seen_ms + IDLE_MS;
    const int64_t whole = s->created_ms + SESSION_MS;
    return idle < whole ? idle : whole;
}

bytes session_scope_name(const struct snapshot *s, const struct record_membership *m)
{
    const struct record_enterprise *e = m->enterprise ? snapshot_enterprise(s, &m->scope) : NULL;
    const struct record_organization *o = m->enterprise ? NULL : snapshot_organization(s, &m->scope);
    return e ? e->name : o ? o->name : (bytes){0};
}

static void write_time(struct json_out *j, const char *key, int64_t utc_ms)
{
    json_out_key(j, key);
    json_out_time(j, utc_ms * 1000000, 3);
}

static void write_person(struct json_out *j, const struct record_person *p)
{
    json_out_key(j, "person");
    json_out_object(j);
    json_out_pair_uuid(j, "id", &p->id);
    json_out_pair(j, "email", p->email);
    json_out_key(j, "secondFactor");
    json_out_bool(j, p->sealed_totp.n > 0);
    json_out_key(j, "recoveryCodesLeft");
    json_out_int(j, (int64_t)p->recovery_n);
    json_out_end(j);
}

static void write_roles(struct json_out *j, const struct snapshot *s, const struct record_membership *m)
{
    json_out_key(j, "roles");
    json_out_array(j);
    for (size_t i = 0; i < m->roles_n; i++) {
        const struct role *r = snapshot_role(s, &m->roles[i]);
        json_out_object(j);
        json_out_pair_uuid(j, "id", &m->roles[i]);
        json_out_pair(j, "name", r ? r->name : (bytes){0});
        json_out_end(j);
    }
    json_out_end(j);
}

static void write_memberships(struct json_out *j, const struct snapshot *s, const struct uuid *person)
{
    const struct snapshot_list all = snapshot_all(s, RECORD_MEMBERSHIP);
    json_out_key(j, "memberships");
    json_out_array(j);
    for (size_t i = 0; i < all.n; i++) {
        const struct record_membership *m = &all.records[i]->of.membership;
        if (m->invited || !uuid_eq(&m->person, person)) continue;
        json_out_object(j);
        json_out_pair_uuid(j, "scope", &m->scope);
        json_out_pair(j, "kind", m->enterprise ? BYTES("enterprise") : BYTES("organization"));
        json_out_pair(j, "name", session_scope_name(s, m));
        write_roles(j, s, m);
        json_out_end(j);
    }
    json_out_end(j);
}

void session_write(struct http_request *rq, const struct record_session *s,
                   const struct record_person *p, bytes secret)
{
    char csrf[COOKIE_CSRF];
    struct json_out j = json_out_to(http_json(rq, 200));
    rq->answer.secret = true;
    cookie_csrf(secret, csrf);
    json_out_object(&j);
    json_out_pair_uuid(&j, "id", &s->id);
    json_out_pair(&j, "csrfToken", bytes_of(csrf, sizeof csrf));
    write_time(&j, "createdOn", s->created_ms);
    write_time(&j, "expiresOn", s->created_ms + SESSION_MS);
    write_time(&j, "provedOn", s->proved_ms);
    write_time(&j, "proofHoldsUntil", s->proved_ms + API_PROOF_MS);
    write_person(&j, p);
    write_memberships(&j, api_snapshot(rq), &p->id);
    json_out_end(&j);
}

void session_make(struct http_request *rq, const struct uuid *person, struct session_new *out)
{
    uint8_t random[COOKIE_SECRET / 2];
    const bytes agent = bytes_part(http_header(rq, "User-Agent"), 0, API_AGENT_MAX);
    random_fill(random, sizeof random);
    hex_write(bytes_of(random, sizeof random), out->secret);
    secret_wipe(random, sizeof random);
    const struct record_hash h = record_hash_of(bytes_of(out->secret, sizeof out->secret));
    out->record = (struct record_session){
        .id = record_hash_id(&h),
        .person = *person,
        .verifier = h,
        .created_ms = rq->call.now_ms,
        .seen_ms = rq->call.now_ms,
        .proved_ms = rq->call.now_ms,
        .address = bytes_of_text(rq->call.peer),
        .agent = utf8_is_plain(agent, API_AGENT_MAX) ? agent : (bytes){0},
    };
}

static struct change removal(const struct record *r)
{
    return (struct change){.verb = CHANGE_REMOVE,
                           .expect = CHANGE_GONE_TOO,
                           .by = gate_own(&r->of.session.person),
                           .record = *r};
}

/* How many live ones were made after this one. */
static size_t younger(const struct snapshot_list *all, const struct record_session *s, int64_t now_ms)
{
    size_t n = 0;
    for (size_t i = 0; i < all->n; i++) {
        const struct record_session *o = &all->records[i]->of.session;
        n += now_ms < session_end_ms(o) && o->created_ms > s->created_ms;
    }
    return n;
}

static bool is_surplus(const struct snapshot_list *all, const struct record_session *s, int64_t now_ms)
{
    return now_ms >= session_end_ms(s) || younger(all, s, now_ms) + 1 >= API_SESSIONS_MAX;
}

err session_ends_of(struct http_request *rq, const struct uuid *person, const struct uuid *kept,
                    bool surplus, size_t more, struct session_ends *out)
{
    const struct snapshot_list all = snapshot_sessions(api_snapshot(rq), person);
    *out = (struct session_ends){
        .changes = arena_take_array(&rq->call.arena, all.n + more, sizeof *out->changes)};
    if (!out->changes) return FAIL(NO_MEMORY);
    for (size_t i = 0; i < all.n && out->n + more < CHANGE_LIST_MAX; i++) {
        const struct record_session *s = &all.records[i]->of.session;
        if (kept && uuid_eq(&s->id, kept)) continue;
        if (surplus && !is_surplus(&all, s, rq->call.now_ms)) continue;
        out->changes[out->n++] = removal(all.records[i]);
    }
    return DONE;
}
