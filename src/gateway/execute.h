/* EXECUTE: an id that any session may have prepared, decided for this token. */
#pragma once

#include "gateway/session.h"

enum envelope_fate execute_handle(struct envelope *e);
