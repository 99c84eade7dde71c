/* The nodes of a door at one worker: those of the picture that may be used. */
#pragma once

#include "gateway/worker.h"

/* Makes the list equal to the newest picture. */
void nodes_follow(struct worker_door *door);
/* A node was announced up: it is dialled without waiting for the end of its pause. */
void nodes_hurry(struct worker_door *door, bytes ip);
/* Closes all; what is in flight is answered as lost. */
void nodes_close(struct worker_door *door);
