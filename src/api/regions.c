/* Regions, as clients call them: the datacenters of the clusters that are registered here. */
#include "api/api_call.h"
#include "api/routes.h"

static err permit_regions(struct http_request *rq, struct snapshot_list *out)
{
    struct api_scope scope;
    const struct permit *permit = NULL;
    TRY(api_call_scope(rq, &scope));
    const struct ask ask = {ACTION_ORG_DB_CREATE, resource_any_database(&scope.id)};
    TRY(gate_permit(rq->gate, &rq->call, &ask, 1, &permit));
    if (scope.enterprise) return FAIL(NOT_ALLOWED);
    *out = snapshot_databases(api_snapshot(rq), &scope.id);
    return DONE;
}

static bytes datacenter(const struct snapshot_list *l, size_t i)
{
    return l->records[i]->of.database.datacenter;
}

/* How many use the datacenter of `i`; 0 where an earlier one has told of it. */
static size_t users(const struct snapshot_list *l, size_t i)
{
    size_t n = 0;
    for (size_t k = 0; k < l->n; k++) {
        const bool same = bytes_eq(datacenter(l, k), datacenter(l, i));
        if (same && k < i) return 0;
        n += same;
    }
    return n;
}

err regions_available(struct http_request *rq)
{
    struct snapshot_list all;
    TRY(permit_regions(rq, &all));
    struct json_out j = json_out_to(http_json(rq, 200));
    json_out_array(&j);
    for (size_t i = 0; i < all.n; i++) {
        const size_t n = users(&all, i);
        if (n == 0) continue;
        json_out_object(&j);
        json_out_pair_text(&j, "tier", "serverless");
        json_out_pair_text(&j, "cloudProvider", "AWS");
        json_out_pair(&j, "region", datacenter(&all, i));
        json_out_pair(&j, "regionDisplay", datacenter(&all, i));
        json_out_key(&j, "databaseCountUsed");
        json_out_int(&j, (int64_t)n);
        json_out_end(&j);
    }
    json_out_end(&j);
    return DONE;
}

err regions_serverless(struct http_request *rq)
{
    struct snapshot_list all;
    TRY(permit_regions(rq, &all));
    struct json_out j = json_out_to(http_json(rq, 200));
    json_out_array(&j);
    for (size_t i = 0; i < all.n; i++) {
        if (users(&all, i) == 0) continue;
        json_out_object(&j);
        json_out_pair(&j, "name", datacenter(&all, i));
        json_out_pair(&j, "displayName", datacenter(&all, i));
        json_out_pair_text(&j, "cloudProvider", "aws");
        json_out_pair_text(&j, "zone", "na");
        json_out_pair_text(&j, "classification", "standard");
        json_out_key(&j, "enabled");
        json_out_bool(&j, true);
        json_out_key(&j, "reservedForQualifiedUsers");
        json_out_bool(&j, false);
        json_out_pair_text(&j, "region_type", "serverless");
        json_out_end(&j);
    }
    json_out_end(&j);
    return DONE;
}
