/* A filled answer on its way: headers, body, log line. */
#pragma once

#include "http/inside.h"

/* Hands the answer to the library; MHD_NO cuts the connection. */
enum MHD_Result sending_begin(struct http_request *rq);
