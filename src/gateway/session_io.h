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

/* A reply that comes in pieces, its header being the first: until its end, whatever else the client
 * is told waits aside. Only while session_is_open. */
void session_io_begin_pieces(struct session *s, const struct upstream *from);
void session_io_piece(struct session *s, bytes piece);
void session_io_end_pieces(struct session *s);
