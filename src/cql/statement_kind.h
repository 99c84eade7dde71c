/* The kinds of CQL statements, by name, and what each of them broadly is. */
#pragma once

#include <stdbool.h>

enum statement_kind {
#define KIND(id, name, class, reason) STATEMENT_##id,
#include "cql/statement_kind.def"
#undef KIND
    STATEMENT_KINDS
};

enum statement_class {
    STATEMENT_CLASS_READ,
    STATEMENT_CLASS_WRITE,
    STATEMENT_CLASS_TRUNC,
    STATEMENT_CLASS_LOCAL,      /* USE and DESCRIBE: about the session or the schema */
    STATEMENT_CLASS_DDL,
    STATEMENT_CLASS_REFUSED     /* recognised, never forwarded */
};

/* "CREATE TABLE". */
const char *statement_kind_name(enum statement_kind kind);
enum statement_class statement_kind_class(enum statement_kind kind);
/* Why a refused kind is refused; "" for the others. */
const char *statement_kind_reason(enum statement_kind kind);
