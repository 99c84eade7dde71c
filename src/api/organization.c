/* Who am I: the caller's organization, or its enterprise. */
#include "api/api_call.h"
#include "api/routes.h"

err organization_current(struct http_request *rq)
{
    struct api_scope scope;
    TRY(api_call_scope(rq, &scope));
    struct json_out j = json_out_to(http_json(rq, 200));
    json_out_object(&j);
    json_out_pair_uuid(&j, "id", &scope.id);
    json_out_end(&j);
    return DONE;
}
