/* What the settings say about the HTTP doors: hosts, proxies, origins, token prefixes, TLS. */
#pragma once

#include "config/config.h"
#include "http/http_door.h"

/* Fills the lists and the TLS version; views are in the settings, or static. `listening` is the
 * address of the doors. BAD_INPUT, said in the note. */
MUST err web_options_read(const struct config *c, const struct address *listening,
                          struct http_door_options *out, struct note *note);
