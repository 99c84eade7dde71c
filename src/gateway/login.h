/* The way in: OPTIONS, STARTUP and SASL PLAIN. */
#pragma once

#include "gateway/session.h"

enum envelope_fate login_options(struct envelope *e);
enum envelope_fate login_startup(struct envelope *e);
enum envelope_fate login_response(struct envelope *e);
