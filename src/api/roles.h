/* Roles as JSON. */
#pragma once

#include "api/api_call.h"

void roles_write(struct json_out *j, const struct role *r);
