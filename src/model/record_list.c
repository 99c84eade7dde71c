/* Lists in records: which kind has which, and how an item is encoded. */
#include "model/record_field.h"

#include "base/rd.h"

enum {
    TAG_DENY = 32,
    TAG_ACTION = 33,
    TAG_RESOURCE = 34,
    TAG_ROLE = 35,
    TAG_RECOVERY = 36,
    TAG_ACCESS = 37
};

/* Within an item of an access list. */
enum {
    ACCESS_ADDRESS = 1,
    ACCESS_DESCRIPTION = 2,
    ACCESS_ENABLED = 3,
    ACCESS_UPDATED = 4,
    ACCESS_CREATED = 5
};

/* --- writing --- */

static void write_policy(const struct policy *p, struct wr *w)
{
    record_write_number(w, TAG_DENY, p->effect == EFFECT_DENY);
    for (size_t i = 0; i < p->actions_n; i++) {
        record_write_field(w, TAG_ACTION, bytes_of_text(action_name(p->actions[i])));
    }
    for (size_t i = 0; i < p->resources_n; i++) {
        wr_u8(w, TAG_RESOURCE);
        const size_t hole = wr_hole_u32(w);
        resource_write(&p->resources[i], w);
        wr_fill_u32(w, hole);
    }
}

static void write_roles(const struct uuid *roles, size_t n, struct wr *w)
{
    for (size_t i = 0; i < n; i++) {
        record_write_field(w, TAG_ROLE, bytes_of(roles[i].b, sizeof roles[i].b));
    }
}

static void write_access(const struct record_access *e, struct wr *w)
{
    wr_u8(w, TAG_ACCESS);
    const size_t hole = wr_hole_u32(w);
    record_write_field(w, ACCESS_ADDRESS, e->address);
    record_write_field(w, ACCESS_DESCRIPTION, e->description);
    record_write_number(w, ACCESS_ENABLED, e->enabled);
    record_write_number(w, ACCESS_UPDATED, (uint64_t)e->updated_ns);
    record_write_number(w, ACCESS_CREATED, (uint64_t)e->created_ns);
    wr_fill_u32(w, hole);
}

void record_lists_write(const struct record *r, struct wr *w)
{
    const struct record_person *p = &r->of.person;
    const struct record_access_list *a = &r->of.access_list;
    if (r->kind == RECORD_ROLE) write_policy(&r->of.role.policy, w);
    if (r->kind == RECORD_TOKEN) write_roles(r->of.token.roles, r->of.token.roles_n, w);
    if (r->kind == RECORD_MEMBERSHIP) {
        write_roles(r->of.membership.roles, r->of.membership.roles_n, w);
    }
    for (size_t i = 0; r->kind == RECORD_PERSON && i < p->recovery_n; i++) {
        record_write_field(w, TAG_RECOVERY, bytes_of(p->recovery[i].b, sizeof p->recovery[i].b));
    }
    for (size_t i = 0; r->kind == RECORD_ACCESS_LIST && i < a->entries_n; i++) {
        write_access(&a->entries[i], w);
    }
}

/* --- reading --- */

err record_lists_prepare(struct record_lists *l, bytes body, struct arena *a)
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
    l->recovery = arena_take_array(a, counts[TAG_RECOVERY], sizeof *l->recovery);
    l->access = arena_take_array(a, counts[TAG_ACCESS], sizeof *l->access);
    return a->bad ? FAIL(NO_MEMORY) : DONE;
}

static bool read_access(bytes value, struct record_access *out)
{
    struct rd r = rd_over(value);
    *out = (struct record_access){0};
    while (r.left.n) {
        uint64_t n = 0;
        const uint8_t tag = rd_u8(&r);
        const bytes v = rd_bytes32(&r);
        if (r.bad) return false;
        if (tag == ACCESS_ADDRESS) out->address = v;
        if (tag == ACCESS_DESCRIPTION) out->description = v;
        if (tag != ACCESS_ENABLED && tag != ACCESS_UPDATED && tag != ACCESS_CREATED) continue;
        if (!record_read_number(v, &n)) return false;
        if (tag == ACCESS_ENABLED) out->enabled = n != 0;
        if (tag == ACCESS_UPDATED) out->updated_ns = (int64_t)n;
        if (tag == ACCESS_CREATED) out->created_ns = (int64_t)n;
    }
    return true;
}

static bool read_whole(bytes value, void *to, size_t size)
{
    if (value.n != size) return false;
    memcpy(to, value.p, size);
    return true;
}

static bool read_policy(struct record_lists *l, uint8_t tag, bytes value)
{
    if (tag == TAG_DENY) {
        l->deny = true;
        return true;
    }
    if (tag == TAG_ACTION) return action_find(value, &l->actions[l->actions_n++]);
    return err_is_ok(resource_read(value, &l->resources[l->resources_n++]));
}

static bool belongs(uint8_t tag, enum record_kind kind)
{
    switch (tag) {
    case TAG_DENY:
    case TAG_ACTION:
    case TAG_RESOURCE:
        return kind == RECORD_ROLE;
    case TAG_ROLE:
        return kind == RECORD_TOKEN || kind == RECORD_MEMBERSHIP;
    case TAG_RECOVERY:
        return kind == RECORD_PERSON;
    case TAG_ACCESS:
        return kind == RECORD_ACCESS_LIST;
    default:
        return false;
    }
}

bool record_lists_read(struct record_lists *l, uint8_t tag, bytes value, enum record_kind kind)
{
    if (!belongs(tag, kind)) {
        record_write_field(&l->unknown, tag, value);
        return true;
    }
    if (tag == TAG_ROLE) return read_whole(value, &l->roles[l->roles_n++], sizeof *l->roles);
    if (tag == TAG_RECOVERY) {
        return read_whole(value, &l->recovery[l->recovery_n++], sizeof *l->recovery);
    }
    if (tag == TAG_ACCESS) return read_access(value, &l->access[l->access_n++]);
    return read_policy(l, tag, value);
}

static void finish_policy(const struct record_lists *l, struct policy *p)
{
    if (l->deny) p->effect = EFFECT_DENY;
    p->actions = l->actions;
    p->actions_n = l->actions_n;
    p->resources = l->resources;
    p->resources_n = l->resources_n;
}

void record_lists_finish(const struct record_lists *l, struct record *out)
{
    if (out->kind == RECORD_ROLE) finish_policy(l, &out->of.role.policy);
    if (out->kind == RECORD_TOKEN) {
        out->of.token.roles = l->roles;
        out->of.token.roles_n = l->roles_n;
    }
    if (out->kind == RECORD_MEMBERSHIP) {
        out->of.membership.roles = l->roles;
        out->of.membership.roles_n = l->roles_n;
    }
    if (out->kind == RECORD_PERSON) {
        out->of.person.recovery = l->recovery;
        out->of.person.recovery_n = l->recovery_n;
    }
    if (out->kind == RECORD_ACCESS_LIST) {
        out->of.access_list.entries = l->access;
        out->of.access_list.entries_n = l->access_n;
    }
    out->unknown = wr_view(&l->unknown);
}
