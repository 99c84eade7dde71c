/* Registered clusters: the database object on the wire. */
#pragma once

#include "api/api_call.h"

/* The database that the path's first parameter names; NULL: absent, or another organization's. */
const struct record_database *databases_find(const struct http_request *rq,
                                             const struct api_scope *scope);
void databases_write_datacenter(struct json_out *j, const struct record_database *d);
void databases_write(struct json_out *j, const struct record_database *d,
                     const struct api_cluster *c);
