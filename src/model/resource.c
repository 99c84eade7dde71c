#include "model/resource.h"

static bytes component(bytes *left)
{
    const uint8_t *colon = left->n ? memchr(left->p, ':', left->n) : NULL;
    const size_t n = colon ? (size_t)(colon - left->p) : left->n;
    const bytes got = {left->p, n};
    *left = bytes_part(*left, colon ? n + 1 : n, SIZE_MAX);
    if (colon && left->n == 0) left->p = NULL; /* a trailing colon: an empty component follows */
    return got;
}

static bool read_uuid(bytes text, struct uuid *id, uint32_t *capitals)
{
    unsigned digit = 0;
    if (!uuid_read(text, id)) return false;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '-') continue;
        *capitals |= (uint32_t)(text.p[i] >= 'A' && text.p[i] <= 'F') << digit++;
    }
    return true;
}

static bool read_id(bytes text, struct resource *r)
{
    r->id_any = bytes_eq_text(text, "*");
    return r->id_any || read_uuid(text, &r->id, &r->id_capitals);
}

static bool read_name(bytes text, bytes *name, bool *any)
{
    *any = bytes_eq_text(text, "*");
    if (!*any) *name = text;
    return text.n > 0;
}

static bool at_end(bytes left)
{
    return left.n == 0 && left.p != NULL;
}

static bool read_scope(bytes text, const char *own, struct resource *r)
{
    r->own_scope = bytes_eq_text(text, own);
    return r->own_scope || read_uuid(text, &r->scope, &r->scope_capitals);
}

static bool read_below_database(bytes left, struct resource *r)
{
    r->level = LEVEL_DATABASE;
    if (!read_id(component(&left), r)) return false;
    if (at_end(left)) return true;
    if (!bytes_eq_text(component(&left), "keyspace")) return false;
    r->level = LEVEL_KEYSPACE;
    if (!read_name(component(&left), &r->keyspace, &r->keyspace_any)) return false;
    if (at_end(left)) return true;
    if (!bytes_eq_text(component(&left), "table")) return false;
    r->level = LEVEL_TABLE;
    return read_name(component(&left), &r->table, &r->table_any) && at_end(left);
}

static bool read_below_organization(bytes left, struct resource *r)
{
    r->level = LEVEL_ORGANIZATION;
    if (at_end(left)) return true;
    const bytes word = component(&left);
    if (bytes_eq_text(word, "db")) return read_below_database(left, r);
    if (bytes_eq_text(word, "role")) {
        r->level = LEVEL_ROLE;
        return read_id(component(&left), r) && at_end(left);
    }
    if (bytes_eq_text(word, "stream")) {
        r->level = LEVEL_STREAM;
        return read_name(component(&left), &r->keyspace, &r->keyspace_any) && at_end(left);
    }
    return false;
}

static bool read_all(bytes left, struct resource *r)
{
    if (!bytes_eq_text(component(&left), "drn")) return false;
    if (!bytes_eq_text(component(&left), "astra")) return false;
    const bytes root = component(&left);
    const bytes scope = component(&left);
    if (bytes_eq_text(root, "enterprise")) {
        r->level = LEVEL_ENTERPRISE;
        return read_scope(scope, "__ENTERPRISE_ID__", r) && at_end(left);
    }
    if (!bytes_eq_text(root, "org")) return false;
    return read_scope(scope, "__ORG_ID__", r) && read_below_organization(left, r);
}

err resource_read(bytes text, struct resource *out)
{
    struct resource r = {0};
    if (text.n > RESOURCE_TEXT_MAX || !read_all(text, &r)) return FAIL(BAD_INPUT);
    *out = r;
    return DONE;
}

static void write_uuid(struct wr *w, const struct uuid *id, uint32_t capitals)
{
    char text[UUID_TEXT];
    unsigned digit = 0;
    uuid_write(id, text);
    for (size_t i = 0; i < UUID_TEXT; i++) {
        if (text[i] == '-') continue;
        if (capitals >> digit++ & 1) text[i] = (char)(text[i] - 'a' + 'A');
    }
    wr_bytes(w, bytes_of(text, sizeof text));
}

static void write_scope(struct wr *w, const struct resource *r, const char *own)
{
    if (r->own_scope) {
        wr_text(w, own);
    } else {
        write_uuid(w, &r->scope, r->scope_capitals);
    }
}

static void write_name(struct wr *w, const char *word, bytes name, bool any)
{
    wr_text(w, word);
    wr_bytes(w, any ? BYTES("*") : name);
}

void resource_write(const struct resource *r, struct wr *w)
{
    if (r->level == LEVEL_ENTERPRISE) {
        wr_text(w, "drn:astra:enterprise:");
        write_scope(w, r, "__ENTERPRISE_ID__");
        return;
    }
    wr_text(w, "drn:astra:org:");
    write_scope(w, r, "__ORG_ID__");
    if (r->level == LEVEL_STREAM) write_name(w, ":stream:", r->keyspace, r->keyspace_any);
    if (r->level == LEVEL_ROLE || r->level == LEVEL_DATABASE || r->level == LEVEL_KEYSPACE ||
        r->level == LEVEL_TABLE) {
        wr_text(w, r->level == LEVEL_ROLE ? ":role:" : ":db:");
        if (r->id_any) {
            wr_text(w, "*");
        } else {
            write_uuid(w, &r->id, r->id_capitals);
        }
    }
    if (r->level == LEVEL_KEYSPACE || r->level == LEVEL_TABLE) {
        write_name(w, ":keyspace:", r->keyspace, r->keyspace_any);
    }
    if (r->level == LEVEL_TABLE) write_name(w, ":table:", r->table, r->table_any);
}

static bool same_scope(const struct resource *a, const struct resource *b)
{
    return a->level == b->level && a->own_scope == b->own_scope &&
           (a->own_scope || uuid_eq(&a->scope, &b->scope));
}

bool resource_covers(const struct resource *pattern, const struct resource *target)
{
    if (!same_scope(pattern, target)) return false;
    if (!pattern->id_any && (target->id_any || !uuid_eq(&pattern->id, &target->id))) return false;
    if (!pattern->keyspace_any &&
        (target->keyspace_any || !bytes_eq(pattern->keyspace, target->keyspace))) {
        return false;
    }
    return pattern->table_any || (!target->table_any && bytes_eq(pattern->table, target->table));
}

bool resource_meets(const struct resource *a, const struct resource *b)
{
    if (!same_scope(a, b)) return false;
    if (!a->id_any && !b->id_any && !uuid_eq(&a->id, &b->id)) return false;
    if (!a->keyspace_any && !b->keyspace_any && !bytes_eq(a->keyspace, b->keyspace)) return false;
    return a->table_any || b->table_any || bytes_eq(a->table, b->table);
}

struct resource resource_organization(const struct uuid *org)
{
    return (struct resource){.level = LEVEL_ORGANIZATION, .scope = *org};
}

struct resource resource_enterprise(const struct uuid *enterprise)
{
    return (struct resource){.level = LEVEL_ENTERPRISE, .scope = *enterprise};
}

struct resource resource_database(const struct uuid *org, const struct uuid *db)
{
    return (struct resource){.level = LEVEL_DATABASE, .scope = *org, .id = *db};
}

struct resource resource_any_database(const struct uuid *org)
{
    return (struct resource){.level = LEVEL_DATABASE, .scope = *org, .id_any = true};
}

struct resource resource_keyspace(const struct uuid *org, const struct uuid *db, bytes keyspace)
{
    return (struct resource){
        .level = LEVEL_KEYSPACE, .scope = *org, .id = *db, .keyspace = keyspace};
}

struct resource resource_table(const struct uuid *org, const struct uuid *db, bytes keyspace,
                               bytes table)
{
    return (struct resource){.level = LEVEL_TABLE,
                             .scope = *org,
                             .id = *db,
                             .keyspace = keyspace,
                             .table = table};
}

struct resource resource_role(const struct uuid *org, const struct uuid *role)
{
    return (struct resource){.level = LEVEL_ROLE, .scope = *org, .id = *role};
}
