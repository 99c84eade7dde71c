/* The snapshot: everything but the tokens (enterprises, organizations, databases, roles) at one
 * version; immutable, complete, replaced whole. Views are lent until the RCU read section ends. */
#pragma once

#include "model/record.h"

struct snapshot;

uint64_t snapshot_version(const struct snapshot *s);

/* NULL: there is none. Roles include the built-in ones, whatever the scope. */
const struct record_enterprise *snapshot_enterprise(const struct snapshot *s, const struct uuid *id);
const struct record_organization *snapshot_organization(const struct snapshot *s,
                                                        const struct uuid *id);
const struct record_database *snapshot_database(const struct snapshot *s, const struct uuid *id);
const struct record_person *snapshot_person(const struct snapshot *s, const struct uuid *id);
/* By address, ignoring case. */
const struct record_person *snapshot_person_called(const struct snapshot *s, bytes email);
/* NULL for somebody who is no member; invited ones are there. */
const struct record_membership *snapshot_membership(const struct snapshot *s,
                                                    const struct uuid *person,
                                                    const struct uuid *scope);
const struct record_session *snapshot_session(const struct snapshot *s, const struct uuid *id);
/* Of a database, or of an organization's API; NULL: never set, so open. */
const struct record_access_list *snapshot_access_list(const struct snapshot *s,
                                                      const struct uuid *id);
const struct record_replay *snapshot_replay(const struct snapshot *s, const struct uuid *id);
/* Of an organization; of everybody, under the zero UUID. */
const struct record_audit_export *snapshot_audit_export(const struct snapshot *s, const struct uuid *id);
const struct role *snapshot_role(const struct snapshot *s, const struct uuid *id);

/* The role that a token or member of this scope may hold: of the right level, and built in or of this
 * scope; else NULL, whatever the reason (decisions 1.5). */
const struct role *snapshot_role_of(const struct snapshot *s, const struct uuid *scope,
                                    bool enterprise, const struct uuid *id);
/* By name, ignoring case, among the scope's own. */
const struct role *snapshot_role_named(const struct snapshot *s, const struct uuid *scope,
                                       bytes name);
const struct record_database *snapshot_database_named(const struct snapshot *s,
                                                      const struct uuid *organization, bytes name);
/* The role that was made for this database by one click (decisions 1.11). */
const struct role *snapshot_role_for_database(const struct snapshot *s,
                                              const struct uuid *organization,
                                              const struct uuid *database);
/* Version of the record in the store; 0: there is none. */
uint64_t snapshot_record_version(const struct snapshot *s, enum record_kind kind,
                                 const struct uuid *id);
/* The whole record, for a change of it that keeps unknown fields; NULL: there is none. */
const struct record *snapshot_record(const struct snapshot *s, enum record_kind kind,
                                     const struct uuid *id);

/* Records of one kind, of one scope; a slice of the snapshot, ordered by name, ignoring case. */
struct snapshot_list {
    const struct record *const *records;
    size_t n;
};
/* Custom roles of an organization or enterprise. */
struct snapshot_list snapshot_roles(const struct snapshot *s, const struct uuid *scope);
/* Databases of an organization. */
struct snapshot_list snapshot_databases(const struct snapshot *s, const struct uuid *organization);
/* Those that an organization had, and has unregistered not long ago. */
struct snapshot_list snapshot_former_databases(const struct snapshot *s, const struct uuid *organization);
/* Members of an enterprise; of the zero UUID: those without one. */
struct snapshot_list snapshot_organizations(const struct snapshot *s, const struct uuid *enterprise);
/* Memberships of an organization or enterprise, by address. */
struct snapshot_list snapshot_members(const struct snapshot *s, const struct uuid *scope);
/* Requests that made something in a scope, by id. */
struct snapshot_list snapshot_replays(const struct snapshot *s, const struct uuid *scope);
/* Sessions of a person. */
struct snapshot_list snapshot_sessions(const struct snapshot *s, const struct uuid *person);
/* Everything of a listed kind, ordered by what it is listed under. */
struct snapshot_list snapshot_all(const struct snapshot *s, enum record_kind kind);

/* The built-in roles of this level in wire order, then the scope's own by name. Stops at false. */
typedef bool snapshot_visit_role(void *owner, const struct role *role);
void snapshot_each_role(const struct snapshot *s, const struct uuid *scope, bool enterprise,
                        snapshot_visit_role *visit, void *owner);

/* --- lifetimes (decisions 2.1); `o` may be NULL: a scope without a policy --- */

/* When a token without a stated expiry ends: now + min(default, maximum), or CLOCK_NEVER_MS. */
int64_t snapshot_default_expiry(const struct record_organization *o, int64_t now_ms);
/* BAD_INPUT with a note: a stated time in the past, or past the maximum. */
MUST err snapshot_check_expiry(const struct record_organization *o, int64_t now_ms,
                               int64_t expires_ms, struct note *note);
/* min(expiry, created + maximum); of when it was created the whole seconds count, for the table of tokens
 * keeps no more, and what is shown is what is enforced. */
int64_t snapshot_valid_until(const struct record_organization *o, int64_t created_ms,
                             int64_t expires_ms);

/* --- building; the index is the only caller outside tests --- */

/* A copy of `from` (NULL: empty) with the changes applied; changes of tokens and tombstones are
 * skipped, and so are older versions of what is there. It shares with `from` what it can. `version`
 * must be another than that of any snapshot it shares with. NO_MEMORY leaves everything as it was. */
struct change;
MUST err snapshot_build(const struct snapshot *from, const struct change *changes, size_t n,
                        uint64_t version, struct snapshot **out);
/* Frees `s`, and of its contents what `next` does not share, after a grace period. */
void snapshot_retire(struct snapshot *s, const struct snapshot *next);
/* Frees it with all contents, at once. */
void snapshot_free(struct snapshot *s);
size_t snapshot_bytes(const struct snapshot *s);
