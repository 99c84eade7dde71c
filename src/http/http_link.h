/* One connection of an HTTP door, with a daemon of the library for itself: so we know whose bytes
 * the library is reading when it finds fault with them, and answer in its place. */
#pragma once

#include "http/inside.h"

/* Takes over the descriptor and what source_limit counted for `peer`, whatever happens. */
void http_link_begin(struct http_door *d, int fd, const struct address *peer, uint32_t uid);
/* The library looks at it before the turn ends. */
void http_link_later(struct inside_connection *c);
/* Cuts it; the library notices by itself and cleans up. */
void http_link_hang_up(struct inside_connection *c);
/* Closes it at once. Not inside one of the library's callbacks; no request of it may wait. */
void http_link_free(struct inside_connection *c);
