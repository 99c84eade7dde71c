/* A small cluster as pictures in tests show it: one node, a keyspace "app" with two tables, a view,
 * an index and types within types, and a keyspace "other". */
#pragma once

#include "unit.h"

#include "cluster/picture.h"

enum { PICTURE_OF_CELLS = 10 };

struct picture_of_row {
    bytes cells[PICTURE_OF_CELLS];
};

#define TEXT_TYPE BYTES("\x00\x0d")
#define INT_TYPE BYTES("\x00\x09")
#define UUID_TYPE BYTES("\x00\x0c")
#define INET_TYPE BYTES("\x00\x10")
#define LIST_TYPE BYTES("\x00\x20\x00\x0d")
#define SET_TYPE BYTES("\x00\x22\x00\x0d")
#define MAP_TYPE BYTES("\x00\x21\x00\x0d\x00\x0d")

/* Adds one page of rows of a table. */
void picture_of_add(struct picture *p, const char *keyspace, const char *table,
                    const struct response_column *columns, size_t columns_n,
                    const struct picture_of_row *rows, size_t rows_n);
/* Finished; free it with picture_free. */
struct picture *picture_of_cluster(void);
/* Its tables, not yet finished. */
struct picture *picture_of_tables(void);
