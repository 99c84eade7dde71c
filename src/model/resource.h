/* Resource names (drn:astra:…): read, written, compared by component and never by joining text. */
#pragma once

#include "base/err.h"
#include "base/wr.h"
#include "model/action.h"
#include "model/uuid.h"

/* The longest text of a resource name that is read. */
enum { RESOURCE_TEXT_MAX = 1024 };

/* A name, or a pattern where a component is `any` (written `*`). Views are borrowed. */
struct resource {
    enum level level;
    struct uuid scope;     /* organization, or enterprise at LEVEL_ENTERPRISE */
    struct uuid id;        /* database, or role at LEVEL_ROLE */
    uint32_t id_capitals;  /* how it was spelled: its hex digits in capitals, the first is bit 0 */
    bytes keyspace;
    bytes table;
    bool own_scope;        /* written __ORG_ID__ or __ENTERPRISE_ID__: the holder's own */
    bool id_any;
    bool keyspace_any;
    bool table_any;
    uint32_t scope_capitals;
};

/* What was read is written as it was spelled: Terraform compares a policy's lines letter by letter.
 * Nothing else looks at capitals.
 * decisions: `*` is a whole component; a name is one or more bytes other than ':'. BAD_INPUT. */
MUST err resource_read(bytes text, struct resource *out);
void resource_write(const struct resource *r, struct wr *w);

/* Every target that `target` stands for is one that `pattern` stands for: `*` is covered only by `*`. */
bool resource_covers(const struct resource *pattern, const struct resource *target);
/* Some target is one that both stand for. */
bool resource_meets(const struct resource *a, const struct resource *b);

struct resource resource_organization(const struct uuid *org);
struct resource resource_enterprise(const struct uuid *enterprise);
struct resource resource_database(const struct uuid *org, const struct uuid *db);
/* db:* of the organization. */
struct resource resource_any_database(const struct uuid *org);
struct resource resource_keyspace(const struct uuid *org, const struct uuid *db, bytes keyspace);
struct resource resource_table(const struct uuid *org, const struct uuid *db, bytes keyspace,
                               bytes table);
struct resource resource_role(const struct uuid *org, const struct uuid *role);
