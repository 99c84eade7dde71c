/* One request from its first line to its answer, as the library's callbacks bring it. */
#pragma once

#include "http/inside.h"

struct rate_limit;

/* NULL: out of memory. `uri` is the target as sent. */
struct http_request *exchange_new(struct http_door *d, struct inside_connection *link,
                                  struct MHD_Connection *c, const char *uri);
void exchange_free(struct http_request *rq);
/* Counts the request under whoever it is from; false: too many. */
bool exchange_count(struct http_request *rq, struct rate_limit *rate);
/* MHD_AccessHandlerCallback for a request that exchange_new made. */
enum MHD_Result exchange_step(struct http_request *rq, const char *method, const char *version,
                              const char *data, size_t *data_n);
