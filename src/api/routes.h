/* The handlers, as route.def names them. */
#pragma once

#include "http/http.h"

MUST err health_live(struct http_request *rq);
MUST err health_ready(struct http_request *rq);
MUST err health_metrics(struct http_request *rq);
MUST err organization_current(struct http_request *rq);
MUST err organizations_list(struct http_request *rq);
MUST err enterprises_list(struct http_request *rq);
MUST err enterprises_get(struct http_request *rq);
MUST err enterprises_put(struct http_request *rq);
MUST err enterprises_organizations(struct http_request *rq);
MUST err enterprises_make_organization(struct http_request *rq);
MUST err enterprises_add_organization(struct http_request *rq);
MUST err enterprises_remove_organization(struct http_request *rq);
MUST err settings_get(struct http_request *rq);
MUST err settings_put(struct http_request *rq);
MUST err settings_preview(struct http_request *rq);
MUST err audits_search(struct http_request *rq);
MUST err audits_export_get(struct http_request *rq);
MUST err audits_export_set(struct http_request *rq);
MUST err regions_available(struct http_request *rq);
MUST err regions_serverless(struct http_request *rq);
MUST err tokens_list(struct http_request *rq);
MUST err tokens_post(struct http_request *rq);
MUST err tokens_get(struct http_request *rq);
MUST err tokens_revoke(struct http_request *rq);
MUST err tokens_delete(struct http_request *rq);
MUST err roles_list(struct http_request *rq);
MUST err roles_post(struct http_request *rq);
MUST err roles_get(struct http_request *rq);
MUST err roles_usage(struct http_request *rq);
MUST err roles_put(struct http_request *rq);
MUST err roles_delete(struct http_request *rq);
MUST err databases_list(struct http_request *rq);
MUST err databases_post(struct http_request *rq);
MUST err databases_get(struct http_request *rq);
MUST err databases_terminate(struct http_request *rq);
MUST err databases_token(struct http_request *rq);
MUST err databases_bundle(struct http_request *rq);
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
