/* How far an export has come, kept in a file of its own: lost, records are sent again, never left out. */
#pragma once

#include "base/err.h"
#include "model/uuid.h"

/* `folder` is made when it is not there (0700). IO. */
MUST err place_file_open(const char *folder, struct note *note);
/* False: nothing is known of this series. */
bool place_file_read(const char *folder, const struct uuid *id, const struct uuid *series, uint64_t *seq);
/* On the disk when it returns. IO. */
MUST err place_file_write(const char *folder, const struct uuid *id, const struct uuid *series, uint64_t seq,
                          struct note *note);
void place_file_remove(const char *folder, const struct uuid *id);
