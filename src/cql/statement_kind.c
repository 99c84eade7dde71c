#include "cql/statement_kind.h"

struct kind_row {
    const char *name;
    enum statement_class class;
    const char *reason;
};

static const struct kind_row rows[STATEMENT_KINDS] = {
#define KIND(id, name, class, reason) [STATEMENT_##id] = {name, STATEMENT_CLASS_##class, reason},
#include "cql/statement_kind.def"
#undef KIND
};

const char *statement_kind_name(enum statement_kind kind)
{
    return rows[kind].name;
}

enum statement_class statement_kind_class(enum statement_kind kind)
{
    return rows[kind].class;
}

const char *statement_kind_reason(enum statement_kind kind)
{
    return rows[kind].reason;
}
