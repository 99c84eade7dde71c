#include "model/action.h"

#include "base/check.h"

#include <assert.h>

static_assert(ACTIONS == 64, "a set of actions is one 64-bit word");

static const struct row {
    const char *name;
    enum level level;
    const char *display;
    const char *group;
} rows[ACTIONS] = {
#define ACTION(id, name, level, display, group)                                                    \
    [ACTION_##id] = {name, LEVEL_##level, display, group},
#include "model/action.def"
#undef ACTION
};

static const struct row *row(enum action a)
{
    CHECK((unsigned)a < ACTIONS);
    return &rows[a];
}

const char *action_name(enum action a)
{
    return row(a)->name;
}

const char *action_display(enum action a)
{
    return row(a)->display;
}

const char *action_group(enum action a)
{
    return row(a)->group;
}

enum level action_level(enum action a)
{
    return row(a)->level;
}

action_set action_of_level(enum level level)
{
    action_set set = 0;
    for (unsigned a = 0; a < ACTIONS; a++) {
        if (rows[a].level == level) set |= action_bit((enum action)a);
    }
    return set;
}

bool action_find(bytes name, enum action *out)
{
    for (unsigned a = 0; a < ACTIONS; a++) {
        if (!bytes_eq_text(name, rows[a].name)) continue;
        *out = (enum action)a;
        return true;
    }
    return false;
}

const char *level_name(enum level level)
{
    static const char *const names[LEVELS] = {"enterprise", "organization", "database", "keyspace",
                                              "table",      "role",         "stream"};
    return names[level];
}
