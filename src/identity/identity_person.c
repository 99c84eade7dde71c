/* A session's secret has 256 bits of randomness: its plain hash finds it, and nobody guesses it. */
#include "identity/identity_person.h"

static const struct record_session *find_session(const struct snapshot *s, bytes secret)
{
    const struct record_hash h = record_hash_of(secret);
    const struct uuid id = record_hash_id(&h);
    const struct record_session *found = snapshot_session(s, &id);
    if (!found) return NULL;
    const bytes want = bytes_of(found->verifier.b, sizeof found->verifier.b);
    return secret_eq(bytes_of(h.b, sizeof h.b), want) ? found : NULL;
}

static int64_t session_end(const struct record_session *s)
{
    const int64_t idle = s->seen_ms + IDENTITY_SESSION_IDLE_MS;
    const int64_t whole = s->created_ms + IDENTITY_SESSION_MS;
    return idle < whole ? idle : whole;
}

/* Organizations before enterprises: that is where the work is. */
static const struct record_membership *first_membership(const struct snapshot *s,
                                                        const struct uuid *person)
{
    const struct record_membership *first = NULL;
    const struct snapshot_list all = snapshot_all(s, RECORD_MEMBERSHIP);
    for (size_t i = 0; i < all.n; i++) {
        const struct record_membership *m = &all.records[i]->of.membership;
        if (!uuid_eq(&m->person, person) || m->invited) continue;
        if (!m->enterprise) return m;
        if (!first) first = m;
    }
    return first;
}

static struct principal principal_of(const struct record_session *s, uint64_t version)
{
    struct principal who = {.kind = PRINCIPAL_PERSON,
                            .role_set = INDEX_NO_ROLE_SET,
                            .live = INDEX_NO_LIVE,
                            .valid_until_ms = session_end(s),
                            .index_version = version,
                            .person = s->person,
                            .session = s->id,
                            .proved_ms = s->proved_ms};
    uuid_text(&s->person, who.name);
    return who;
}

enum identity_reason identity_person_find(const struct index *index, const struct credential *cred,
                                          int64_t now_ms, uint64_t version, struct principal *who)
{
    const struct snapshot *s = index_snapshot(index);
    const struct record_session *session = find_session(s, cred->session);
    if (!session || !snapshot_person(s, &session->person)) return IDENTITY_NO_SESSION;
    if (now_ms >= session_end(session)) return IDENTITY_NO_SESSION;
    struct principal p = principal_of(session, version);
    const bool chosen = !uuid_is_zero(&cred->scope);
    const struct record_membership *m = chosen
                                            ? snapshot_membership(s, &session->person, &cred->scope)
                                            : first_membership(s, &session->person);
    struct index_member member;
    const bool found = m && !m->invited && index_find_member(index, &m->id, &member);
    if (chosen && !found) return IDENTITY_NOT_A_MEMBER;
    if (found) {
        p.scope = m->scope;
        p.enterprise = m->enterprise;
        p.role_set = member.role_set;
        p.live = member.live;
        p.live_word = member.live_word;
    }
    *who = p;
    return IDENTITY_OK;
}
