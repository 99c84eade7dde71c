/* Every kind of record as a row: its fields, and where its id, its scope and its name stand. */
#include "model/record_field.h"

#include "base/check.h"

#include <nettle/sha2.h>


#define AT(member) offsetof(struct record, of.member)

static const struct record_field enterprise_fields[] = {
    {1, FIELD_UUID, AT(enterprise.id), 0},
    {2, FIELD_BYTES, AT(enterprise.name), 0},
    {3, FIELD_I64, AT(enterprise.created_ns), 0},
    {0},
};
static const struct record_field organization_fields[] = {
    {1, FIELD_UUID, AT(organization.id), 0},
    {2, FIELD_UUID, AT(organization.enterprise), 0},
    {3, FIELD_BYTES, AT(organization.name), 0},
    {4, FIELD_BYTES, AT(organization.email), 0},
    {5, FIELD_I64, AT(organization.created_ns), 0},
    {6, FIELD_I64, AT(organization.default_lifetime_ms), 0},
    {7, FIELD_I64, AT(organization.maximum_lifetime_ms), 0},
    {8, FIELD_BOOL, AT(organization.ceiling_off), 0},
    {9, FIELD_BOOL, AT(organization.inherit_expiry), 0},
    {0},
};
static const struct record_field database_fields[] = {
    {1, FIELD_UUID, AT(database.id), 0},
    {2, FIELD_UUID, AT(database.organization), 0},
    {3, FIELD_BYTES, AT(database.name), 0},
    {4, FIELD_BYTES, AT(database.contact_points), 0},
    {5, FIELD_BYTES, AT(database.datacenter), 0},
    {6, FIELD_BYTES, AT(database.username), 0},
    {7, FIELD_BYTES, AT(database.sealed_password), 0},
    {8, FIELD_BYTES, AT(database.listen), 0},
    {9, FIELD_BYTES, AT(database.advertise), 0},
    {10, FIELD_BYTES, AT(database.owner), 0},
    {11, FIELD_I64, AT(database.created_ns), 0},
    {0},
};
static const struct record_field former_database_fields[] = {
    {1, FIELD_UUID, AT(former_database.id), 0},
    {2, FIELD_UUID, AT(former_database.organization), 0},
    {3, FIELD_BYTES, AT(former_database.name), 0},
    {4, FIELD_BYTES, AT(former_database.datacenter), 0},
    {5, FIELD_BYTES, AT(former_database.address), 0},
    {6, FIELD_BYTES, AT(former_database.owner), 0},
    {7, FIELD_I64, AT(former_database.created_ns), 0},
    {8, FIELD_I64, AT(former_database.removed_ns), 0},
    {0},
};
static const struct record_field role_fields[] = {
    {1, FIELD_UUID, AT(role.id), 0},
    {2, FIELD_UUID, AT(role.scope), 0},
    {3, FIELD_BOOL, AT(role.enterprise), 0},
    {4, FIELD_BYTES, AT(role.name), 0},
    {5, FIELD_BYTES, AT(role.policy.description), 0},
    {6, FIELD_UUID, AT(role.database), 0},
    {7, FIELD_I64, AT(role.updated_ns), 0},
    {8, FIELD_BYTES, AT(role.updated_by), 0},
    {0},
};
static const struct record_field token_fields[] = {
    {1, FIELD_FIXED, AT(token.client_id), TOKEN_CLIENT_ID},
    {2, FIELD_UUID, AT(token.scope), 0},
    {3, FIELD_BOOL, AT(token.enterprise), 0},
    {4, FIELD_U16, AT(token.key_id), 0},
    {5, FIELD_FIXED, AT(token.verifier), SERVER_KEY_VERIFIER},
    {6, FIELD_I64, AT(token.created_ns), 0},
    {7, FIELD_I64, AT(token.expires_ms), 0},
    {8, FIELD_BYTES, AT(token.description), 0},
    {9, FIELD_BYTES, AT(token.created_by), 0},
    {0},
};
static const struct record_field tombstone_fields[] = {
    {1, FIELD_FIXED, AT(tombstone.client_id), TOKEN_CLIENT_ID},
    {2, FIELD_UUID, AT(tombstone.scope), 0},
    {3, FIELD_I64, AT(tombstone.deleted_ms), 0},
    {0},
};

static const struct record_field person_fields[] = {
    {1, FIELD_UUID, AT(person.id), 0},
    {2, FIELD_BYTES, AT(person.email), 0},
    {3, FIELD_BYTES, AT(person.password), 0},
    {4, FIELD_BYTES, AT(person.sealed_totp), 0},
    {5, FIELD_I64, AT(person.totp_step), 0},
    {6, FIELD_I64, AT(person.created_ns), 0},
    {7, FIELD_I64, AT(person.credentials_ns), 0},
    {8, FIELD_FIXED, AT(person.setup), RECORD_HASH},
    {9, FIELD_I64, AT(person.setup_ends_ms), 0},
    {10, FIELD_BOOL, AT(person.password_is_short), 0},
    {11, FIELD_BYTES, AT(person.networks), 0},
    {0},
};
static const struct record_field membership_fields[] = {
    {1, FIELD_UUID, AT(membership.id), 0},
    {2, FIELD_UUID, AT(membership.person), 0},
    {3, FIELD_UUID, AT(membership.scope), 0},
    {4, FIELD_BOOL, AT(membership.enterprise), 0},
    {5, FIELD_BYTES, AT(membership.email), 0},
    {6, FIELD_BOOL, AT(membership.invited), 0},
    {7, FIELD_FIXED, AT(membership.invitation), RECORD_HASH},
    {8, FIELD_I64, AT(membership.invitation_ends_ms), 0},
    {9, FIELD_I64, AT(membership.created_ns), 0},
    {10, FIELD_BYTES, AT(membership.created_by), 0},
    {0},
};
static const struct record_field session_fields[] = {
    {1, FIELD_UUID, AT(session.id), 0},
    {2, FIELD_UUID, AT(session.person), 0},
    {3, FIELD_FIXED, AT(session.verifier), RECORD_HASH},
    {4, FIELD_I64, AT(session.created_ms), 0},
    {5, FIELD_I64, AT(session.seen_ms), 0},
    {6, FIELD_I64, AT(session.proved_ms), 0},
    {7, FIELD_BYTES, AT(session.address), 0},
    {8, FIELD_BYTES, AT(session.agent), 0},
    {0},
};
static const struct record_field access_list_fields[] = {
    {1, FIELD_UUID, AT(access_list.id), 0},
    {2, FIELD_UUID, AT(access_list.organization), 0},
    {3, FIELD_BOOL, AT(access_list.enabled), 0},
    {0},
};
static const struct record_field replay_fields[] = {
    {1, FIELD_UUID, AT(replay.id), 0},
    {2, FIELD_UUID, AT(replay.scope), 0},
    {3, FIELD_FIXED, AT(replay.body), RECORD_HASH},
    {4, FIELD_FIXED, AT(replay.client_id), TOKEN_CLIENT_ID},
    {5, FIELD_I64, AT(replay.ends_ms), 0},
    {0},
};
static const struct record_field audit_export_fields[] = {
    {1, FIELD_UUID, AT(audit_export.id), 0},
    {2, FIELD_UUID, AT(audit_export.series), 0},
    {3, FIELD_I64, AT(audit_export.after), 0},
    {4, FIELD_U16, AT(audit_export.destination), 0},
    {5, FIELD_BYTES, AT(audit_export.endpoint), 0},
    {6, FIELD_BYTES, AT(audit_export.sealed_token), 0},
    {7, FIELD_BYTES, AT(audit_export.index), 0},
    {8, FIELD_BYTES, AT(audit_export.source), 0},
    {9, FIELD_BYTES, AT(audit_export.sourcetype), 0},
    {10, FIELD_BOOL, AT(audit_export.by_operator), 0},
    {11, FIELD_BYTES, AT(audit_export.updated_by), 0},
    {12, FIELD_I64, AT(audit_export.updated_ns), 0},
    {0},
};

#define NOWHERE SIZE_MAX

struct kind {
    const char *name;
    const struct record_field *fields;
    enum action write;
    enum action remove;
    /* Where these stand in struct record, or NOWHERE. */
    size_t id;
    size_t scope;
    size_t enterprise;    /* the flag that says of which level the scope is */
    size_t under;
    size_t label;
    bool listed;
    bool claims;          /* the label is unique in the scope */
};

static const struct kind kinds[RECORD_KINDS_END] = {
#define ENTERPRISE_PLACES                                                                          \
    enterprise_fields, AT(enterprise.id), AT(enterprise.id), NOWHERE, NOWHERE,                     \
        AT(enterprise.name), true, false
#define ORGANIZATION_PLACES                                                                        \
    organization_fields, AT(organization.id), AT(organization.id), NOWHERE,                        \
        AT(organization.enterprise), AT(organization.name), true, true
#define DATABASE_PLACES                                                                            \
    database_fields, AT(database.id), AT(database.organization), NOWHERE,                          \
        AT(database.organization), AT(database.name), true, true
#define ROLE_PLACES                                                                                \
    role_fields, AT(role.id), AT(role.scope), AT(role.enterprise), AT(role.scope), AT(role.name),  \
        true, true
#define TOKEN_PLACES                                                                               \
    token_fields, AT(token.client_id), AT(token.scope), AT(token.enterprise), NOWHERE, NOWHERE,    \
        false, false
#define TOMBSTONE_PLACES                                                                           \
    tombstone_fields, AT(tombstone.client_id), AT(tombstone.scope), NOWHERE, NOWHERE, NOWHERE,     \
        false, false
#define PERSON_PLACES                                                                              \
    person_fields, AT(person.id), AT(person.id), NOWHERE, NOWHERE, AT(person.email), true, true
#define MEMBERSHIP_PLACES                                                                          \
    membership_fields, AT(membership.id), AT(membership.scope), AT(membership.enterprise),         \
        AT(membership.scope), AT(membership.email), true, false
#define SESSION_PLACES                                                                             \
    session_fields, AT(session.id), AT(session.person), NOWHERE, AT(session.person), NOWHERE,      \
        true, false
#define ACCESS_LIST_PLACES                                                                         \
    access_list_fields, AT(access_list.id), AT(access_list.organization), NOWHERE,                 \
        AT(access_list.organization), NOWHERE, true, false
#define REPLAY_PLACES                                                                              \
    replay_fields, AT(replay.id), AT(replay.scope), NOWHERE, AT(replay.scope), NOWHERE, true, false
#define AUDIT_EXPORT_PLACES                                                                        \
    audit_export_fields, AT(audit_export.id), AT(audit_export.id), NOWHERE, AT(audit_export.id),   \
        NOWHERE, true, false
#define FORMER_DATABASE_PLACES                                                                     \
    former_database_fields, AT(former_database.id), AT(former_database.organization), NOWHERE,     \
        AT(former_database.organization), AT(former_database.name), true, false
#define KIND(title, writes, removes, table, ...) {title, table, writes, removes, __VA_ARGS__}
#define RECORD(kind_id, number, title, writes, removes)                                            \
    [number] = KIND_OF(title, ACTION_##writes, ACTION_##removes, kind_id##_PLACES),
#define KIND_OF(title, writes, removes, places) KIND(title, writes, removes, places)
#include "model/record.def"
#undef RECORD
};

bool record_kind_is_known(unsigned number)
{
    return number < RECORD_KINDS_END && kinds[number].fields;
}

static const struct kind *kind_of(enum record_kind kind)
{
    CHECK(record_kind_is_known(kind));
    return &kinds[kind];
}

const struct record_field *record_kind_fields(enum record_kind kind)
{
    return kind_of(kind)->fields;
}

const char *record_kind_name(enum record_kind kind)
{
    return kind_of(kind)->name;
}

enum action record_write_action(enum record_kind kind)
{
    return kind_of(kind)->write;
}

enum action record_remove_action(enum record_kind kind)
{
    return kind_of(kind)->remove;
}

bool record_is_listed(enum record_kind kind)
{
    return kind_of(kind)->listed;
}

static struct uuid uuid_at(const struct record *r, size_t place)
{
    struct uuid u = {{0}};
    if (place != NOWHERE) memcpy(&u, (const uint8_t *)r + place, sizeof u);
    return u;
}

static bytes text_at(const struct record *r, size_t place)
{
    bytes b = {0};
    if (place != NOWHERE) memcpy(&b, (const uint8_t *)r + place, sizeof b);
    return b;
}

static bool has_client_id(enum record_kind kind)
{
    return kind == RECORD_TOKEN || kind == RECORD_TOMBSTONE;
}

struct uuid record_uuid(const struct record *r)
{
    CHECK(!has_client_id(r->kind));
    return uuid_at(r, kind_of(r->kind)->id);
}

struct uuid record_under(const struct record *r)
{
    return uuid_at(r, kind_of(r->kind)->under);
}

bytes record_label(const struct record *r)
{
    return text_at(r, kind_of(r->kind)->label);
}

bytes record_claim(const struct record *r)
{
    return kind_of(r->kind)->claims ? record_label(r) : (bytes){0};
}

size_t record_id(const struct record *r, char out[RECORD_ID_MAX])
{
    const struct kind *k = kind_of(r->kind);
    if (has_client_id(r->kind)) {
        memcpy(out, (const uint8_t *)r + k->id, TOKEN_CLIENT_ID);
        return TOKEN_CLIENT_ID;
    }
    const struct uuid id = uuid_at(r, k->id);
    uuid_write(&id, out);
    return UUID_TEXT;
}

struct resource record_scope(const struct record *r)
{
    const struct kind *k = kind_of(r->kind);
    const struct uuid scope = uuid_at(r, k->scope);
    const bool enterprise =
        r->kind == RECORD_ENTERPRISE ||
        (k->enterprise != NOWHERE && *(const bool *)((const uint8_t *)r + k->enterprise));
    return enterprise ? resource_enterprise(&scope) : resource_organization(&scope);
}

void record_each_text(struct record *r, void (*visit)(void *owner, bytes *text), void *owner)
{
    for (const struct record_field *f = kind_of(r->kind)->fields; f->tag; f++) {
        if (f->type == FIELD_BYTES) visit(owner, (bytes *)(void *)((uint8_t *)r + f->offset));
    }
    visit(owner, &r->unknown);
}

/* --- hashes and the ids made of them --- */

struct record_hash record_hash_of(bytes secret)
{
    struct record_hash h;
    struct sha256_ctx ctx;
    sha256_init(&ctx);
    sha256_update(&ctx, secret.n, secret.p);
    sha256_digest(&ctx, sizeof h.b, h.b);
    secret_wipe(&ctx, sizeof ctx);
    return h;
}

bool record_hash_is_zero(const struct record_hash *h)
{
    static const struct record_hash zero;
    return memcmp(h, &zero, sizeof zero) == 0;
}

struct uuid record_hash_id(const struct record_hash *h)
{
    return uuid_from_random(h->b);
}

struct uuid record_membership_id(const struct uuid *person, const struct uuid *scope)
{
    uint8_t both[2 * sizeof person->b];
    memcpy(both, person->b, sizeof person->b);
    memcpy(both + sizeof person->b, scope->b, sizeof scope->b);
    const struct record_hash h = record_hash_of(bytes_of(both, sizeof both));
    return record_hash_id(&h);
}
