/* What one connection of a door reads and writes: into the door's memory for the length of a turn, into its
 * own for what is left at the end of it. */
#pragma once

#include "http/inside.h"

enum {
    LINK_OUT_ENOUGH = 64 << 10, /* is written before more of it is made */
    LINK_OUT_MAX = 1 << 20,
    LINK_KEPT_MAX = HEAD_MAX + 2 * DOOR_READ_SIZE,
    LINK_LAST_MS = 2000 /* for the other side to close, after all is said */
};

/* The deadline runs anew, but for the one of a reader that takes nothing: that one stays until all is written. */
void link_arm(struct http_link *c, uint64_t ms);

/* True: there is more in c->rest than before. At the end of what comes the connection is cut, once
 * everything is written. */
bool link_read_more(struct http_link *c);
/* Before the door's memory is the next link's. */
void link_keep_rest(struct http_link *c);
/* Wipes what was read, for passwords and tokens come this way. */
void link_wipe_read(struct http_link *c);

/* c->out lives in memory that the door lends, while it can be given back empty. */
void link_lend_room(struct http_link *c);
void link_give_room_back(struct http_link *c);
bool link_is_written(const struct http_link *c);
/* True: nothing is left to be written. */
bool link_write_out(struct http_link *c);
