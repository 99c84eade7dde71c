/* QUERY: text that is decided and forwarded in the gateway's own words. */
#pragma once

#include "cql/request.h"
#include "gateway/session.h"

enum envelope_fate query_handle(struct envelope *e);
