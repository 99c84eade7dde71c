/* A SELECT on a table that the gateway answers itself, in the one simple form that it can. */
#pragma once

#include "statement/resolve.h"
#include "statement/statement.h"

/* Leaves out->simple false where the statement has another shape. NO_MEMORY. */
MUST err local_select_read(const struct resolve *r, struct statement_select *out);
