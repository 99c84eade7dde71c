/* The two directions of a client's socket: one read and one write a turn, each into and out of a
 * buffer that the session holds only while there is something in it. */
#pragma once

#include "gateway/session.h"

void session_io_ready(struct loop *l, struct loop_io *io, uint32_t got);
void session_io_flush(struct loop *l, struct loop_flush *f);
/* Drops what was read and not yet handled. */
void session_io_forget(struct session *s);
/* Drops what was not yet written. */
void session_io_drop(struct session *s);
