/* Whose an event is: of the organization or enterprise in which it happened, and of the one whose member or
 * token did it, so that what was done elsewhere is on both sides' record. */
#pragma once

#include "base/bytes.h"

#include <jansson.h>

/* A text member of an object, lent; empty when there is none. */
bytes event_text(const json_t *event, const char *name);
/* `id` is the text of a UUID. */
bool event_scope_is(const json_t *event, bytes id);
/* The same of an event as JSON. */
bool event_scope_holds(bytes event, bytes id);
/* False: certainly not, as a look at a line says without understanding it. */
bool event_scope_may_be(bytes line, bytes id);
