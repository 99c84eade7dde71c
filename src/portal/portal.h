/* The Portal: its files, given to whoever may come in by an access list; what it shows it asks of the
 * API like any client. */
#pragma once

#include "http/route.h"
#include "portal/files.h"

/* Where there is no Portal these routes say so at "/". The rows of `beside`, then those of the pages
 * and files; both must outlive `out`. NO_MEMORY. */
MUST err portal_routes(const struct portal_files *files, const struct http_routes *beside,
                       struct http_routes *out);
void portal_routes_drop(struct http_routes *routes);
