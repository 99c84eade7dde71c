/* The 64 actions: names, levels, and sets of them as one 64-bit word. */
#pragma once

#include "base/bytes.h"

/* What a resource name, an action or a role is about. ROLE and STREAM are levels of resources only. */
enum level {
    LEVEL_ENTERPRISE,
    LEVEL_ORGANIZATION,
    LEVEL_DATABASE,
    LEVEL_KEYSPACE,
    LEVEL_TABLE,
    LEVEL_ROLE,
    LEVEL_STREAM,
    LEVELS
};

enum action {
#define ACTION(id, name, level, display, group) ACTION_##id,
#include "model/action.def"
#undef ACTION
    ACTIONS
};

/* One bit an action. */
typedef uint64_t action_set;

static inline action_set action_bit(enum action a)
{
    return UINT64_C(1) << a;
}

const char *action_name(enum action a);
const char *action_display(enum action a);
const char *action_group(enum action a);
enum level action_level(enum action a);
/* All actions of one level. */
action_set action_of_level(enum level level);
bool action_find(bytes name, enum action *out);
const char *level_name(enum level level);
