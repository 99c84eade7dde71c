/* The Portal: its files, given to whoever may come in by an access list; what it shows it asks of the
 * API like any client. */
#pragma once

#include "http/route.h"
#include "portal/files.h"

/* Where there is no Portal these routes say so at "/". The rows of `beside`, then those of the pages
 * and files; both must outlive `out`. NO_MEMORY. */
MUST err portal_routes(const struct portal_files *files, const struct http_routes *beside,
                       struct http_routes *out);
/* For a GET of what none of these routes has: whoever goes there by a browser gets the page that says so,
 * with 404. NO_ROUTE: for anybody else, and below /v2 always. */
MUST err portal_elsewhere(struct http_request *rq);
void portal_routes_drop(struct http_routes *routes);
