/* requirement.def at work: the actions that a resolved statement asks for. */
#pragma once

#include "statement/resolve.h"
#include "statement/statement.h"

/* DROP or ALTER … IF EXISTS, of what one word names: not of a view, which is its table's matter. */
bool need_is_guarded(const struct parser_statement *p);
/* Fills out->needs, out->needs_n and out->unknown_relation. NO_MEMORY. */
MUST err need_list(const struct resolve *r, struct statement *out);
/* The rows of one kind and role, for a name that was found otherwise. NO_MEMORY. */
MUST err need_of(const struct resolve *r, struct statement *out, enum statement_kind kind,
                 enum parser_role role, const struct resolve_name *name);
/* One more, for what the table cannot say; NO_MEMORY. */
MUST err need_add(struct arena *arena, struct statement *out, const struct statement_need *need);
