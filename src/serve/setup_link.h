/* The file DIR/setup-link: the one-time link of a first start, for the owner of the folder alone. */
#pragma once

#include "config/config.h"
#include "people/link.h"
#include "store/folder.h"

/* Replaces a former one. `path`: where it is. */
MUST err setup_link_write(const char *data, bytes base, const struct link *l,
                          char path[FOLDER_PATH_MAX], struct note *note);
/* The settings say where a daemon will be found. BAD_INPUT. */
MUST err setup_link_check(const struct config *c, struct note *note);
/* setup_link_write, before a daemon runs. */
MUST err setup_link_write_for(const char *data, const struct config *c, const struct link *l,
                              char path[FOLDER_PATH_MAX], struct note *note);
/* The link was used: its file goes. Another's stays. */
void setup_link_remove(const char *data, bytes secret);
