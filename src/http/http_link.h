/* One connection of an HTTP door: heads and bodies are read, requests are begun one after the other, and
 * what they answer is written. */
#pragma once

#include "http/inside.h"

/* Takes over the descriptor and what source_limit counted for `peer`, whatever happens. */
void http_link_begin(struct http_door *d, int fd, const struct address *peer, uint32_t uid);
/* It is looked at before the turn ends. */
void http_link_later(struct http_link *c);
/* Ends it, once no request of it waits any more. */
void http_link_hang_up(struct http_link *c);
/* Ends it at once; no request of it may wait. */
void http_link_free(struct http_link *c);
