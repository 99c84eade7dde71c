/* What every backend refuses in the same words. */
#include "store/backend.h"

struct uuid store_claim_scope(const struct record *r)
{
    static const struct uuid everywhere;
    if (r->kind == RECORD_ORGANIZATION) return r->of.organization.enterprise;
    if (r->kind == RECORD_PERSON) return everywhere;
    return record_scope(r).scope;
}

err store_expect(struct change *c, bool found, uint64_t version, const struct uuid *scope,
                 struct note *note)
{
    struct record *r = &c->record;
    const char *kind = record_kind_name(r->kind);
    char id[RECORD_ID_MAX];
    const int id_n = (int)record_id(r, id);
    const struct resource own = record_scope(r);
    if (found && c->expect == CHANGE_ABSENT) {
        return note_fail(note, FAIL(CONFLICT), "%s %.*s exists already", kind, id_n, id);
    }
    const bool foreign = found && !uuid_eq(scope, &own.scope);
    const bool any = c->expect == CHANGE_ANY_VERSION || c->expect == CHANGE_GONE_TOO;
    const bool must_exist = c->verb == CHANGE_REMOVE ? c->expect != CHANGE_GONE_TOO
                                                     : !any && c->expect != CHANGE_ABSENT;
    if (foreign || (!found && must_exist)) {
        return note_fail(note, FAIL(NOT_FOUND), "%s %.*s not found", kind, id_n, id);
    }
    if (found && !any && c->expect != version) {
        return note_fail(note, FAIL(VERSION_CHANGED), "%s %.*s was changed by somebody else meanwhile",
                         kind, id_n, id);
    }
    r->version = found ? version + 1 : 1;
    if (r->kind == RECORD_ROLE) r->of.role.version = r->version;
    return DONE;
}

err store_name_taken(const struct record *r, struct note *note)
{
    const bytes name = record_claim(r);
    return note_fail(note, FAIL(NAME_TAKEN), "the %s name \"%.*s\" is taken", record_kind_name(r->kind),
                     BYTES_FMT(name));
}
