/* GET /v2/set-up: for a page that has to know what to show first. It tells nothing of any account or
 * organization. */
#include "api/set_up_state.h"

#include "api/routes.h"
#include "gate/gate.h"
#include "http/json_out.h"
#include "http/site.h"

static void write_text(struct json_out *j, const char *key, const char *text)
{
    json_out_key(j, key);
    if (text)
        json_out_text(j, bytes_of_text(text));
    else
        json_out_null(j);
}

void set_up_state_write(struct http_request *rq, const char *state, const char *link_file)
{
    const struct http_site *site = site_of(rq);
    struct json_out j = json_out_to(http_json(rq, 200));
    json_out_object(&j);
    json_out_pair(&j, "state", bytes_of_text(state));
    json_out_pair(&j, "address", site->base);
    json_out_key(&j, "origins");
    json_out_array(&j);
    for (size_t i = 0; i < site->origins_n; i++)
        json_out_text(&j, site->origins[i]);
    json_out_end(&j);
    write_text(&j, "why", site->origins_n ? NULL : SITE_NO_SIGN_IN);
    write_text(&j, "linkFile", link_file);
    json_out_end(&j);
}

void set_up_state_good(struct http_request *rq, int64_t ends_ms)
{
    struct json_out j = json_out_to(http_json(rq, 200));
    json_out_object(&j);
    json_out_key(&j, "expiresOn");
    json_out_time(&j, ends_ms * 1000000, 3);
    json_out_end(&j);
}

err set_up_state_get(struct http_request *rq)
{
    TRY(gate_check_any_list(rq->gate, &rq->call));
    set_up_state_write(rq, "ready", NULL);
    return DONE;
}
