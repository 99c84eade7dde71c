/* E-mail addresses, as names of people; whether one can be reached nobody here can say. */
#pragma once

#include "base/bytes.h"

enum { EMAIL_MAX = 254 };

bool email_is_plausible(bytes text);
