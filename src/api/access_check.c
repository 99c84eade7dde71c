/* What is around access lists and changes nothing: looking over addresses before they are written, and an
 * example to begin with. */
#include "api/access_list.h"
#include "api/routes.h"
#include "base/clock.h"
#include "base/ip.h"
#include "http/body.h"

/* An entry, or its address alone. */
static bytes address_of(const struct json_in *item)
{
    const struct json_in *address = json_in_is(item, JSON_IN_OBJECT)
                                ? json_in_get(item, F(ACCESS_ENTRY_ADDRESS)->name)
                                : item;
    return json_in_is(address, JSON_IN_TEXT) ? json_in_text(address) : (bytes){0};
}

static void write_failures(struct http_request *rq, struct json_out *j, const struct json_in *items)
{
    for (size_t i = 0; i < json_in_n(items); i++) {
        struct ip_prefix range;
        const bytes address = address_of(json_in_at(items, i));
        if (err_is_ok(ip_prefix_read(address, &range))) continue;
        const char *text = address.p
                               ? arena_format(&rq->call.arena, "addresses[%zu]: \"%.*s\" is not an address or a range", i,
                                              BYTES_FMT(bytes_part(address, 0, ACCESS_LIST_ADDRESS_MAX)))
                               : arena_format(&rq->call.arena, "addresses[%zu] has no address: it must be a text, or an"
                                              " object with an \"address\"", i);
        if (text) json_out_text(j, bytes_of_text(text));
    }
}

static bool are_good(const struct json_in *items)
{
    struct ip_prefix range;
    for (size_t i = 0; i < json_in_n(items); i++) {
        if (!err_is_ok(ip_prefix_read(address_of(json_in_at(items, i)), &range))) return false;
    }
    return true;
}

err access_check_validate(struct http_request *rq)
{
    const struct json_in *body = NULL;
    TRY(body_value(rq, &body));
    if (!body) {
        return note_fail(&rq->call.note, FAIL(BAD_JSON), "body must be an array of addresses, or an object with addresses");
    }
    const struct json_in *items = json_in_is(body, JSON_IN_OBJECT)
                              ? json_in_get(body, F(ACCESS_CHANGE_ADDRESSES)->name)
                              : body;
    if (items && !json_in_is(items, JSON_IN_ARRAY)) {
        return note_fail(&rq->call.note, FAIL(BAD_INPUT), "addresses must be an array");
    }
    if (json_in_n(items) > ACCESS_LIST_ENTRIES_MAX) {
        return note_fail(&rq->call.note, FAIL(BAD_INPUT), "an access list has at most %d entries",
                         ACCESS_LIST_ENTRIES_MAX);
    }
    struct json_out j = json_out_to(http_json(rq, 200));
    json_out_object(&j);
    json_out_key(&j, F(ACCESS_VERDICT_VALID)->name);
    json_out_bool(&j, are_good(items));
    json_out_key(&j, F(ACCESS_VERDICT_FAILURES)->name);
    json_out_array(&j);
    write_failures(rq, &j, items);
    json_out_end(&j);
    json_out_end(&j);
    return DONE;
}

/* As it would be sent: a change, not a list as it is kept. */
err access_check_template(struct http_request *rq)
{
    struct json_out j = json_out_to(http_json(rq, 200));
    json_out_object(&j);
    json_out_key(&j, F(ACCESS_CHANGE_ADDRESSES)->name);
    json_out_array(&j);
    json_out_object(&j);
    json_out_pair_text(&j, F(ACCESS_ENTRY_ADDRESS)->name, "0.0.0.0/0");
    json_out_pair_text(&j, F(ACCESS_ENTRY_DESCRIPTION)->name, "every IPv4 address; replace it by your own ranges");
    json_out_key(&j, F(ACCESS_ENTRY_ENABLED)->name);
    json_out_bool(&j, true);
    json_out_end(&j);
    json_out_end(&j);
    json_out_key(&j, F(ACCESS_CHANGE_CONFIGURATIONS)->name);
    json_out_object(&j);
    json_out_key(&j, F(ACCESS_CONFIGURATIONS_ENABLED)->name);
    json_out_bool(&j, true);
    json_out_end(&j);
    json_out_end(&j);
    return DONE;
}
