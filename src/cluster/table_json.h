/* toJson(column) of the system tables that the gateway answers, for drivers that read `replication`
 * so. */
#pragma once

#include "base/wr.h"

/* Text, numbers, ids, and collections of text: what stands in those tables. `type` is a column's
 * [option]. */
bool table_json_knows(bytes type);
/* One cell of a type that is known, as a node writes it. */
void table_json_write(struct wr *w, bytes type, bytes cell);
