/* What is around access lists and changes nothing: looking over addresses before they are written, and an
 * example to begin with. */
#include "api/access_list.h"
#include "api/routes.h"
#include "base/ip.h"
#include "base/utf8.h"
#include "http/body.h"

/* An entry, or its address alone. */
static bytes address_of(const struct json_in *item)
{
    const struct json_in *address = json_in_is(item, JSON_IN_OBJECT)
                                ? json_in_get(item, F(ACCESS_ENTRY_ADDRESS)->name)
                                : item;
    return json_in_is(address, JSON_IN_TEXT) ? json_in_text(address) : (bytes){0};
}

/* Addresses as they were read: which are ranges, and of which range. */
struct looked {
    bytes text;
    struct ip_prefix range;
    bool good;
};

struct look {
    struct http_request *rq;
    struct json_out *j;
    const struct looked *entries;
    size_t n;
};

static err look_at(struct http_request *rq, const struct json_in *items, struct look *out)
{
    const size_t n = json_in_n(items);
    struct looked *all = n ? arena_take_array(&rq->call.arena, n, sizeof *all) : NULL;
    if (n && !all) return FAIL(NO_MEMORY);
    for (size_t i = 0; i < n; i++) {
        all[i] = (struct looked){.text = address_of(json_in_at(items, i))};
        all[i].good = err_is_ok(ip_prefix_read(all[i].text, &all[i].range));
    }
    *out = (struct look){.rq = rq, .entries = all, .n = n};
    return DONE;
}

static bool are_good(const struct look *l)
{
    for (size_t i = 0; i < l->n; i++) {
        if (!l->entries[i].good) return false;
    }
    return true;
}

#define NO_ADDRESS "has no address: it must be a text, or an object with an \"address\""

/* What is wrong with an entry, without its number; NULL: nothing, or no memory. */
static const char *fault_of(const struct look *l, size_t i)
{
    const struct looked *e = &l->entries[i];
    if (e->good) return NULL;
    if (!e->text.p) return NO_ADDRESS;
    const bytes part = bytes_part(e->text, 0, ACCESS_LIST_ADDRESS_MAX);
    const bytes whole = bytes_part(part, 0, utf8_valid_part(part)); /* no half character */
    return arena_format(&l->rq->call.arena, "\"%.*s\" is not an address or a range", BYTES_FMT(whole));
}

static void write_failures(const struct look *l)
{
    for (size_t i = 0; i < l->n; i++) {
        const char *fault = fault_of(l, i);
        const char *colon = l->entries[i].text.p ? ":" : "";
        const char *text = fault ? arena_format(&l->rq->call.arena, "addresses[%zu]%s %s", i, colon, fault) : NULL;
        if (text) json_out_text(l->j, bytes_of_text(text));
    }
}

static void write_remark(const struct look *l, size_t i, bool fault, const char *text)
{
    if (!text) return;
    json_out_object(l->j);
    json_out_key(l->j, F(ACCESS_REMARK_INDEX)->name);
    json_out_int(l->j, (int64_t)i);
    json_out_key(l->j, F(ACCESS_REMARK_FAULT)->name);
    json_out_bool(l->j, fault);
    json_out_pair(l->j, F(ACCESS_REMARK_TEXT)->name, bytes_of_text(text));
    json_out_end(l->j);
}

/* "10.0.0.5/24": its last bits do not count, and whoever wrote them may have meant one machine. */
static const char *meant(const struct look *l, size_t i)
{
    const struct looked *e = &l->entries[i];
    const uint8_t *slash = memchr(e->text.p, '/', e->text.n);
    char range[IP_PREFIX_TEXT];
    struct ip written;
    const size_t n = slash ? (size_t)(slash - e->text.p) : e->text.n;
    if (!err_is_ok(ip_read(bytes_part(e->text, 0, n), &written))) return NULL;
    if (memcmp(written.b, e->range.base.b, sizeof written.b) == 0) return NULL;
    ip_prefix_write(&e->range, range);
    return arena_format(&l->rq->call.arena, "%.*s means all of %s; one address has no length behind it",
                        BYTES_FMT(bytes_part(e->text, 0, ACCESS_LIST_ADDRESS_MAX)), range);
}

static const char *doubled(const struct look *l, size_t i)
{
    const struct looked *e = &l->entries[i];
    for (size_t k = 0; k < i; k++) {
        if (!l->entries[k].good || !ip_prefix_eq(&l->entries[k].range, &e->range)) continue;
        return arena_format(&l->rq->call.arena,
                            "the same range as \"%.*s\" before it; one entry of it is kept, as the last says",
                            BYTES_FMT(bytes_part(l->entries[k].text, 0, ACCESS_LIST_ADDRESS_MAX)));
    }
    return NULL;
}

static void write_remarks(const struct look *l)
{
    for (size_t i = 0; i < l->n; i++) {
        write_remark(l, i, true, fault_of(l, i));
        if (!l->entries[i].good) continue;
        write_remark(l, i, false, meant(l, i));
        write_remark(l, i, false, doubled(l, i));
    }
}

static err write_verdict(struct http_request *rq, const struct json_in *items)
{
    struct look l;
    TRY(look_at(rq, items, &l));
    struct json_out j = json_out_to(http_json(rq, 200));
    l.j = &j;
    json_out_object(&j);
    json_out_key(&j, F(ACCESS_VERDICT_VALID)->name);
    json_out_bool(&j, are_good(&l));
    json_out_key(&j, F(ACCESS_VERDICT_FAILURES)->name);
    json_out_array(&j);
    write_failures(&l);
    json_out_end(&j);
    json_out_key(&j, F(ACCESS_VERDICT_REMARKS)->name);
    json_out_array(&j);
    write_remarks(&l);
    json_out_end(&j);
    json_out_end(&j);
    return DONE;
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
    return write_verdict(rq, items);
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
