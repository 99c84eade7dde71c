/* What is asked of a snapshot. */
#include "index/snapshot_inside.h"

#include "base/check.h"

enum { KINDS = RECORD_KINDS_END };

uint64_t snapshot_version(const struct snapshot *s)
{
    return s->version;
}

const struct record *snapshot_record(const struct snapshot *s, enum record_kind kind,
                                     const struct uuid *id)
{
    CHECK((int)kind < KINDS);
    return listing_find(s->kind[kind], id);
}

uint64_t snapshot_record_version(const struct snapshot *s, enum record_kind kind,
                                 const struct uuid *id)
{
    const struct record *r = snapshot_record(s, kind, id);
    return r ? r->version : 0;
}

const struct record_enterprise *snapshot_enterprise(const struct snapshot *s, const struct uuid *id)
{
    const struct record *r = snapshot_record(s, RECORD_ENTERPRISE, id);
    return r ? &r->of.enterprise : NULL;
}

const struct record_organization *snapshot_organization(const struct snapshot *s,
                                                        const struct uuid *id)
{
    const struct record *r = snapshot_record(s, RECORD_ORGANIZATION, id);
    return r ? &r->of.organization : NULL;
}

const struct record_database *snapshot_database(const struct snapshot *s, const struct uuid *id)
{
    const struct record *r = snapshot_record(s, RECORD_DATABASE, id);
    return r ? &r->of.database : NULL;
}

const struct record_person *snapshot_person(const struct snapshot *s, const struct uuid *id)
{
    const struct record *r = snapshot_record(s, RECORD_PERSON, id);
    return r ? &r->of.person : NULL;
}

const struct record_membership *snapshot_membership(const struct snapshot *s,
                                                    const struct uuid *person,
                                                    const struct uuid *scope)
{
    const struct uuid id = record_membership_id(person, scope);
    const struct record *r = snapshot_record(s, RECORD_MEMBERSHIP, &id);
    return r ? &r->of.membership : NULL;
}

const struct record_session *snapshot_session(const struct snapshot *s, const struct uuid *id)
{
    const struct record *r = snapshot_record(s, RECORD_SESSION, id);
    return r ? &r->of.session : NULL;
}

const struct record_access_list *snapshot_access_list(const struct snapshot *s,
                                                      const struct uuid *id)
{
    const struct record *r = snapshot_record(s, RECORD_ACCESS_LIST, id);
    return r ? &r->of.access_list : NULL;
}

const struct record_replay *snapshot_replay(const struct snapshot *s, const struct uuid *id)
{
    const struct record *r = snapshot_record(s, RECORD_REPLAY, id);
    return r ? &r->of.replay : NULL;
}

const struct record_audit_export *snapshot_audit_export(const struct snapshot *s, const struct uuid *id)
{
    const struct record *r = snapshot_record(s, RECORD_AUDIT_EXPORT, id);
    return r ? &r->of.audit_export : NULL;
}

const struct role *snapshot_role(const struct snapshot *s, const struct uuid *id)
{
    const struct role *builtin = builtin_role(id);
    if (builtin) return builtin;
    const struct record *r = snapshot_record(s, RECORD_ROLE, id);
    return r ? &r->of.role : NULL;
}

const struct role *snapshot_role_of(const struct snapshot *s, const struct uuid *scope,
                                    bool enterprise, const struct uuid *id)
{
    const struct role *r = snapshot_role(s, id);
    if (!r || r->enterprise != enterprise) return NULL;
    return r->builtin || uuid_eq(&r->scope, scope) ? r : NULL;
}

static struct snapshot_list slice(const struct snapshot *s, enum record_kind kind, const struct uuid *scope)
{
    struct snapshot_list list;
    list.records = listing_under(s->kind[kind], scope, &list.n);
    return list;
}

static const struct record *find_named(struct snapshot_list list, bytes name)
{
    return listing_find_label(list.records, list.n, name);
}

struct snapshot_list snapshot_roles(const struct snapshot *s, const struct uuid *scope)
{
    return slice(s, RECORD_ROLE, scope);
}

struct snapshot_list snapshot_databases(const struct snapshot *s, const struct uuid *organization)
{
    return slice(s, RECORD_DATABASE, organization);
}

struct snapshot_list snapshot_former_databases(const struct snapshot *s, const struct uuid *organization)
{
    return slice(s, RECORD_FORMER_DATABASE, organization);
}

struct snapshot_list snapshot_organizations(const struct snapshot *s, const struct uuid *enterprise)
{
    return slice(s, RECORD_ORGANIZATION, enterprise);
}

struct snapshot_list snapshot_all(const struct snapshot *s, enum record_kind kind)
{
    CHECK((int)kind < KINDS);
    const struct listing *l = s->kind[kind];
    return (struct snapshot_list){l ? l->order[LISTING_BY_NAME] : NULL, l ? l->n : 0};
}

struct snapshot_list snapshot_members(const struct snapshot *s, const struct uuid *scope)
{
    return slice(s, RECORD_MEMBERSHIP, scope);
}

struct snapshot_list snapshot_replays(const struct snapshot *s, const struct uuid *scope)
{
    return slice(s, RECORD_REPLAY, scope);
}

struct snapshot_list snapshot_sessions(const struct snapshot *s, const struct uuid *person)
{
    return slice(s, RECORD_SESSION, person);
}

const struct record_person *snapshot_person_called(const struct snapshot *s, bytes email)
{
    static const struct uuid top;
    const struct record *r = find_named(slice(s, RECORD_PERSON, &top), email);
    return r ? &r->of.person : NULL;
}

const struct role *snapshot_role_named(const struct snapshot *s, const struct uuid *scope, bytes name)
{
    const struct record *r = find_named(snapshot_roles(s, scope), name);
    return r ? &r->of.role : NULL;
}

const struct record_database *snapshot_database_named(const struct snapshot *s,
                                                      const struct uuid *organization, bytes name)
{
    const struct record *r = find_named(snapshot_databases(s, organization), name);
    return r ? &r->of.database : NULL;
}

const struct role *snapshot_role_for_database(const struct snapshot *s,
                                              const struct uuid *organization,
                                              const struct uuid *database)
{
    const struct snapshot_list list = snapshot_roles(s, organization);
    for (size_t i = 0; i < list.n; i++) {
        if (uuid_eq(&list.records[i]->of.role.database, database)) return &list.records[i]->of.role;
    }
    return NULL;
}

void snapshot_each_role(const struct snapshot *s, const struct uuid *scope, bool enterprise,
                        snapshot_visit_role *visit, void *owner)
{
    const struct role *builtin;
    const size_t n = builtin_roles(&builtin);
    for (size_t i = 0; i < n; i++) {
        if (builtin[i].enterprise == enterprise && !visit(owner, &builtin[i])) return;
    }
    const struct snapshot_list list = snapshot_roles(s, scope);
    for (size_t i = 0; i < list.n; i++) {
        if (!visit(owner, &list.records[i]->of.role)) return;
    }
}
