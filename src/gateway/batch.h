/* BATCH: every entry, text or id, is decided; what goes on is written anew. */
#pragma once

#include "gateway/session.h"

enum envelope_fate batch_handle(struct envelope *e);
