/* Registered clusters: the database object on the wire. */
#pragma once

#include "api/api_call.h"

/* The database that the path's first parameter names; NULL: absent, or another organization's. */
const struct record_database *databases_find(const struct http_request *rq,
                                             const struct api_scope *scope);
/* org-db-view on some database, known or not; the scope is an organization (decisions 1.5). */
MUST err databases_permit_viewing(struct http_request *rq, struct api_scope *scope);
bool databases_may_see(const struct http_request *rq, const struct record_database *d);
/* Both, for the database of the path: what may not be seen is absent. */
MUST err databases_find_seen(struct http_request *rq, const struct record_database **out);
/* What is known of its cluster, or nothing. */
void databases_look_at(struct http_request *rq, const struct record_database *d,
                       struct api_cluster *c);
void databases_write_datacenter(struct json_out *j, const struct record_database *d);
/* `removed_ns`: when it was unregistered; 0: it was not. */
void databases_write(struct json_out *j, const struct record_database *d, const struct api_cluster *c,
                     int64_t removed_ns);
