/* Registered clusters: the database object on the wire. */
#pragma once

#include "api/api_call.h"

void databases_write(struct json_out *j, const struct record_database *d,
                     const struct api_cluster *c);
