/* What a durable create is compared with, on the same disk in the same minutes. */
#pragma once

#include <stdint.h>

struct yardstick;

/* Both files are made in `folder`; ends the program where that fails. */
struct yardstick *yardstick_open(const char *folder);
/* Blocks of a file that is there already, and their sync. */
void yardstick_overwrite(struct yardstick *y, int blocks);
/* SQLite and nothing else, on the calling thread: a transaction with the rows of a create (a record with its index,
 * an event of its size, the counters), WAL, synchronous FULL. */
void yardstick_insert(struct yardstick *y);
void yardstick_close(struct yardstick *y);

enum { YARDSTICK_BLOCK = 4096 };
