/* Fields are tag (u8), length (u32), bytes, in the order of the tables below; a list is a repeated
 * tag. Tags are never reused. Unknown tags are kept as they came and written after the known ones. */
#include "model/record.h"

#include "base/check.h"
#include "base/clock.h"
#include "base/rd.h"

#include <endian.h>
#include <stdlib.h>

enum field_type { FIELD_BYTES, FIELD_UUID, FIELD_I64, FIELD_U16, FIELD_BOOL, FIELD_FIXED };

struct field {
    uint8_t tag;
    enum field_type type;
    size_t offset;    /* in struct record */
    size_t size;      /* of FIELD_FIXED */
};

#define AT(member) offsetof(struct record, of.member)

static const struct field enterprise_fields[] = {
    {1, FIELD_UUID, AT(enterprise.id), 0},
    {2, FIELD_BYTES, AT(enterprise.name), 0},
    {3, FIELD_I64, AT(enterprise.created_ns), 0},
    {0},
};
static const struct field organization_fields[] = {
    {1, FIELD_UUID, AT(organization.id), 0},
    {2, FIELD_UUID, AT(organization.enterprise), 0},
    {3, FIELD_BYTES, AT(organization.name), 0},
    {4, FIELD_BYTES, AT(organization.email), 0},
    {5, FIELD_I64, AT(organization.created_ns), 0},
    {6, FIELD_I64, AT(organization.default_lifetime_ms), 0},
    {7, FIELD_I64, AT(organization.maximum_lifetime_ms), 0},
    {8, FIELD_BOOL, AT(organization.ceiling_off), 0},
    {0},
};
static const struct field database_fields[] = {
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
static const struct field role_fields[] = {
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
static const struct field token_fields[] = {
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
static const struct field tombstone_fields[] = {
    {1, FIELD_FIXED, AT(tombstone.client_id), TOKEN_CLIENT_ID},
    {2, FIELD_UUID, AT(tombstone.scope), 0},
    {3, FIELD_I64, AT(tombstone.deleted_ms), 0},
    {0},
};

/* Lists, outside the tables. */
enum { TAG_DENY = 32, TAG_ACTION = 33, TAG_RESOURCE = 34, TAG_ROLE = 35 };

static const struct {
    const char *name;
    const struct field *fields;
    enum action write;
    enum action remove;
} kinds[RECORD_KINDS_END] = {
#define ENTERPRISE_FIELDS enterprise_fields
#define ORGANIZATION_FIELDS organization_fields
#define DATABASE_FIELDS database_fields
#define ROLE_FIELDS role_fields
#define TOKEN_FIELDS token_fields
#define TOMBSTONE_FIELDS tombstone_fields
#define RECORD(id, number, name, write, remove)                                                    \
    [number] = {name, id##_FIELDS, ACTION_##write, ACTION_##remove},
#include "model/record.def"
#undef RECORD
};

bool record_kind_is_known(unsigned number)
{
    return number < RECORD_KINDS_END && kinds[number].fields;
}

const char *record_kind_name(enum record_kind kind)
{
    CHECK(record_kind_is_known(kind));
    return kinds[kind].name;
}

enum action record_write_action(enum record_kind kind)
{
    CHECK(record_kind_is_known(kind));
    return kinds[kind].write;
}

enum action record_remove_action(enum record_kind kind)
{
    CHECK(record_kind_is_known(kind));
    return kinds[kind].remove;
}

static void write_field(struct wr *w, uint8_t tag, bytes value)
{
    wr_u8(w, tag);
    wr_bytes32(w, value);
}

static void write_number(struct wr *w, uint8_t tag, uint64_t value)
{
    const uint64_t wire = htobe64(value);
    if (value) write_field(w, tag, bytes_of(&wire, sizeof wire));
}

static void write_from(struct wr *w, const struct field *f, const uint8_t *at)
{
    switch (f->type) {
    case FIELD_BYTES: {
        bytes b;
        memcpy(&b, at, sizeof b);
        if (b.n) write_field(w, f->tag, b);
        break;
    }
    case FIELD_UUID:
        write_field(w, f->tag, bytes_of(at, sizeof(struct uuid)));
        break;
    case FIELD_I64: {
        int64_t v;
        memcpy(&v, at, sizeof v);
        write_number(w, f->tag, (uint64_t)v);
        break;
    }
    case FIELD_U16: {
        uint16_t v;
        memcpy(&v, at, sizeof v);
        write_number(w, f->tag, v);
        break;
    }
    case FIELD_BOOL:
        write_number(w, f->tag, *(const bool *)at);
        break;
    case FIELD_FIXED:
        write_field(w, f->tag, bytes_of(at, f->size));
        break;
    }
}

static void write_role_lists(const struct role *role, struct wr *w)
{
    write_number(w, TAG_DENY, role->policy.effect == EFFECT_DENY);
    for (size_t i = 0; i < role->policy.actions_n; i++) {
        write_field(w, TAG_ACTION, bytes_of_text(action_name(role->policy.actions[i])));
    }
    for (size_t i = 0; i < role->policy.resources_n; i++) {
        wr_u8(w, TAG_RESOURCE);
        const size_t hole = wr_hole_u32(w);
        resource_write(&role->policy.resources[i], w);
        wr_fill_u32(w, hole);
    }
}

void record_write(const struct record *r, struct wr *w)
{
    CHECK(record_kind_is_known(r->kind));
    const uint8_t *base = (const uint8_t *)r;
    for (const struct field *f = kinds[r->kind].fields; f->tag; f++) {
        write_from(w, f, base + f->offset);
    }
    if (r->kind == RECORD_ROLE) write_role_lists(&r->of.role, w);
    for (size_t i = 0; r->kind == RECORD_TOKEN && i < r->of.token.roles_n; i++) {
        write_field(w, TAG_ROLE, bytes_of(r->of.token.roles[i].b, sizeof r->of.token.roles[i].b));
    }
    wr_bytes(w, r->unknown);
}

static bool read_number(bytes value, uint64_t *out)
{
    struct rd r = rd_over(value);
    *out = rd_u64be(&r);
    return rd_at_end(&r);
}

static bool read_into(const struct field *f, bytes value, uint8_t *at)
{
    uint64_t v = 0;
    switch (f->type) {
    case FIELD_BYTES:
        memcpy(at, &value, sizeof value);
        return true;
    case FIELD_UUID:
    case FIELD_FIXED: {
        const size_t n = f->type == FIELD_UUID ? sizeof(struct uuid) : f->size;
        if (value.n != n) return false;
        memcpy(at, value.p, n);
        return true;
    }
    case FIELD_I64:
        if (!read_number(value, &v)) return false;
        memcpy(at, &v, sizeof v);
        return true;
    case FIELD_U16: {
        if (!read_number(value, &v) || v > UINT16_MAX) return false;
        const uint16_t small = (uint16_t)v;
        memcpy(at, &small, sizeof small);
        return true;
    }
    case FIELD_BOOL:
        if (!read_number(value, &v)) return false;
        *(bool *)at = v != 0;
        return true;
    }
    return false;
}

/* Room for as many list items as the body holds; counted before they are read. */
struct lists {
    enum action *actions;
    struct resource *resources;
    struct uuid *roles;
    size_t actions_n;
    size_t resources_n;
    size_t roles_n;
    struct wr unknown;
};

static err lists_prepare(struct lists *l, bytes body, struct arena *a)
{
    struct rd r = rd_over(body);
    size_t counts[256] = {0};
    while (r.left.n && !r.bad) {
        const uint8_t tag = rd_u8(&r);
        (void)rd_bytes32(&r);
        counts[tag]++;
    }
    if (r.bad) return FAIL(STORE_DAMAGED);
    l->actions = arena_take_array(a, counts[TAG_ACTION], sizeof *l->actions);
    l->resources = arena_take_array(a, counts[TAG_RESOURCE], sizeof *l->resources);
    l->roles = arena_take_array(a, counts[TAG_ROLE], sizeof *l->roles);
    return a->bad ? FAIL(NO_MEMORY) : DONE;
}

static bool read_list_item(uint8_t tag, bytes value, struct lists *l, struct record *out)
{
    if (out->kind == RECORD_ROLE && tag == TAG_DENY) {
        out->of.role.policy.effect = EFFECT_DENY;
    } else if (out->kind == RECORD_ROLE && tag == TAG_ACTION) {
        if (!action_find(value, &l->actions[l->actions_n])) return false;
        l->actions_n++;
    } else if (out->kind == RECORD_ROLE && tag == TAG_RESOURCE) {
        if (!err_is_ok(resource_read(value, &l->resources[l->resources_n]))) return false;
        l->resources_n++;
    } else if (out->kind == RECORD_TOKEN && tag == TAG_ROLE) {
        if (value.n != sizeof(struct uuid)) return false;
        memcpy(l->roles[l->roles_n++].b, value.p, sizeof(struct uuid));
    } else {
        write_field(&l->unknown, tag, value);
    }
    return true;
}

static bool read_field(uint8_t tag, bytes value, struct lists *l, struct record *out)
{
    for (const struct field *f = kinds[out->kind].fields; f->tag; f++) {
        if (f->tag == tag) return read_into(f, value, (uint8_t *)out + f->offset);
    }
    return read_list_item(tag, value, l, out);
}

static void lists_finish(const struct lists *l, struct record *out)
{
    if (out->kind == RECORD_ROLE) {
        out->of.role.policy.actions = l->actions;
        out->of.role.policy.actions_n = l->actions_n;
        out->of.role.policy.resources = l->resources;
        out->of.role.policy.resources_n = l->resources_n;
    }
    if (out->kind == RECORD_TOKEN) {
        out->of.token.roles = l->roles;
        out->of.token.roles_n = l->roles_n;
    }
    out->unknown = wr_view(&l->unknown);
}

err record_read(enum record_kind kind, bytes body, struct arena *a, struct record *out)
{
    if (!record_kind_is_known(kind) || body.n > RECORD_BODY_MAX) return FAIL(STORE_DAMAGED);
    struct record got = {.kind = kind};
    struct lists lists = {0};
    TRY(lists_prepare(&lists, body, a));
    /* Unknown fields are at most the body. */
    void *room = arena_take(a, body.n);
    if (!room && body.n) return FAIL(NO_MEMORY);
    lists.unknown = wr_fixed(room, body.n);
    struct rd r = rd_over(body);
    while (r.left.n) {
        const uint8_t tag = rd_u8(&r);
        const bytes value = rd_bytes32(&r);
        if (r.bad || !read_field(tag, value, &lists, &got)) return FAIL(STORE_DAMAGED);
    }
    lists_finish(&lists, &got);
    got.version = out->version;
    if (kind == RECORD_ROLE) got.of.role.version = got.version;
    *out = got;
    return DONE;
}

size_t record_id(const struct record *r, char out[RECORD_ID_MAX])
{
    switch (r->kind) {
    case RECORD_ENTERPRISE:
        uuid_write(&r->of.enterprise.id, out);
        return UUID_TEXT;
    case RECORD_ORGANIZATION:
        uuid_write(&r->of.organization.id, out);
        return UUID_TEXT;
    case RECORD_DATABASE:
        uuid_write(&r->of.database.id, out);
        return UUID_TEXT;
    case RECORD_ROLE:
        uuid_write(&r->of.role.id, out);
        return UUID_TEXT;
    case RECORD_TOKEN:
        memcpy(out, r->of.token.client_id, TOKEN_CLIENT_ID);
        return TOKEN_CLIENT_ID;
    case RECORD_TOMBSTONE:
        memcpy(out, r->of.tombstone.client_id, TOKEN_CLIENT_ID);
        return TOKEN_CLIENT_ID;
    }
    CHECK(false);
    return 0;
}

struct resource record_scope(const struct record *r)
{
    switch (r->kind) {
    case RECORD_ENTERPRISE:
        return resource_enterprise(&r->of.enterprise.id);
    case RECORD_ORGANIZATION:
        return resource_organization(&r->of.organization.id);
    case RECORD_DATABASE:
        return resource_organization(&r->of.database.organization);
    case RECORD_ROLE:
        return r->of.role.enterprise ? resource_enterprise(&r->of.role.scope)
                                     : resource_organization(&r->of.role.scope);
    case RECORD_TOKEN:
        return r->of.token.enterprise ? resource_enterprise(&r->of.token.scope)
                                      : resource_organization(&r->of.token.scope);
    case RECORD_TOMBSTONE:
        return resource_organization(&r->of.tombstone.scope);
    }
    CHECK(false);
    return (struct resource){0};
}

bytes record_claim(const struct record *r)
{
    if (r->kind == RECORD_ROLE) return r->of.role.name;
    if (r->kind == RECORD_DATABASE) return r->of.database.name;
    if (r->kind == RECORD_ORGANIZATION) return r->of.organization.name;
    return (bytes){0};
}
