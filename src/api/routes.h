/* The handlers, as route.def names them. */
#pragma once

#include "http/http.h"

MUST err health_live(struct http_request *rq);
MUST err health_ready(struct http_request *rq);
MUST err health_metrics(struct http_request *rq);
MUST err organization_current(struct http_request *rq);
MUST err tokens_list(struct http_request *rq);
MUST err tokens_post(struct http_request *rq);
MUST err tokens_get(struct http_request *rq);
MUST err tokens_delete(struct http_request *rq);
MUST err roles_list(struct http_request *rq);
MUST err roles_post(struct http_request *rq);
MUST err roles_get(struct http_request *rq);
MUST err roles_put(struct http_request *rq);
MUST err roles_delete(struct http_request *rq);
MUST err databases_list(struct http_request *rq);
MUST err databases_post(struct http_request *rq);
MUST err databases_get(struct http_request *rq);
MUST err databases_terminate(struct http_request *rq);
MUST err databases_token(struct http_request *rq);
MUST err databases_bundle(struct http_request *rq);
MUST err access_database_all(struct http_request *rq);
MUST err access_database_get(struct http_request *rq);
MUST err access_database_put(struct http_request *rq);
MUST err access_database_patch(struct http_request *rq);
MUST err access_database_delete(struct http_request *rq);
MUST err access_api_get(struct http_request *rq);
MUST err access_api_post(struct http_request *rq);
MUST err access_api_put(struct http_request *rq);
MUST err access_api_patch(struct http_request *rq);
MUST err access_api_delete(struct http_request *rq);
MUST err access_check_validate(struct http_request *rq);
MUST err access_check_template(struct http_request *rq);
MUST err authorize_post(struct http_request *rq);
MUST err introspect_post(struct http_request *rq);
MUST err forward_auth_any(struct http_request *rq);
MUST err databases_datacenters(struct http_request *rq);
MUST err keyspaces_post(struct http_request *rq);
MUST err keyspaces_delete(struct http_request *rq);
MUST err explain_post(struct http_request *rq);
MUST err operator_status(struct http_request *rq);
MUST err operator_check(struct http_request *rq);
MUST err operator_audit(struct http_request *rq);
MUST err operator_keys(struct http_request *rq);
MUST err operator_key_rotate(struct http_request *rq);
MUST err operator_key_retire(struct http_request *rq);
MUST err operator_organizations(struct http_request *rq);
MUST err absent_here(struct http_request *rq);
