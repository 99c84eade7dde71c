/* Access lists as bodies and answers. Addresses are shown as they were written, for clients compare what
 * they read with what they wrote; compared they are as ranges. */
#include "api/access_list.h"

#include "base/clock.h"
#include "base/ip.h"
#include "http/body.h"

#include <stdio.h>

enum { EVENT_ADDRESSES_MAX = 32, EVENT_DETAIL_MAX = 8192 };

struct ask access_list_ask(const struct api_scope *scope, enum action action)
{
    return (struct ask){action, resource_organization(&scope->id)};
}

/* --- answers --- */

void access_list_time(int64_t utc_ns, char out[ACCESS_LIST_TIME_SIZE])
{
    char text[CLOCK_TEXT_SIZE];
    clock_write_utc(utc_ns, 3, text);
    const size_t n = strcspn(text, "Z");
    char *t = memchr(text, 'T', n);
    if (t) *t = ' ';
    (void)snprintf(out, ACCESS_LIST_TIME_SIZE, "%.*s +0000 UTC", (int)n, text);
}

static void write_time(struct json_out *j, const char *key, int64_t utc_ns)
{
    char text[ACCESS_LIST_TIME_SIZE];
    access_list_time(utc_ns, text);
    json_out_pair(j, key, bytes_of_text(text));
}

static void write_entry(struct json_out *j, const struct record_access *e, bool created)
{
    json_out_object(j);
    json_out_pair(j, F(ACCESS_SHOWN_ADDRESS)->name, e->address);
    json_out_pair(j, F(ACCESS_SHOWN_DESCRIPTION)->name, e->description);
    json_out_key(j, F(ACCESS_SHOWN_ENABLED)->name);
    json_out_bool(j, e->enabled);
    write_time(j, F(ACCESS_SHOWN_UPDATED)->name, e->updated_ns);
    if (created) write_time(j, F(ACCESS_SHOWN_CREATED)->name, e->created_ns);
    json_out_end(j);
}

void access_list_write(struct json_out *j, const struct record_access_list *list, bool created)
{
    json_out_key(j, F(ACCESS_LIST_ADDRESSES)->name);
    json_out_array(j);
    for (size_t i = 0; i < list->entries_n; i++) write_entry(j, &list->entries[i], created);
    json_out_end(j);
    json_out_key(j, F(ACCESS_LIST_CONFIGURATIONS)->name);
    json_out_object(j);
    json_out_key(j, F(ACCESS_CONFIGURATIONS_ENABLED)->name);
    json_out_bool(j, list->enabled);
    json_out_end(j);
}

/* --- a list being changed --- */

err access_edit_begin(struct http_request *rq, const struct uuid *id, const struct uuid *organization,
                      struct access_edit *out)
{
    struct access_edit e = {.rq = rq, .now_ns = clock_utc_ns()};
    const struct record *old = snapshot_record(api_snapshot(rq), RECORD_ACCESS_LIST, id);
    e.entries = arena_take_array(&rq->call.arena, ACCESS_LIST_ENTRIES_MAX, sizeof *e.entries);
    if (!e.entries) return FAIL(NO_MEMORY);
    e.record = (struct record){.kind = RECORD_ACCESS_LIST};
    e.record.of.access_list = (struct record_access_list){.id = *id, .organization = *organization};
    if (old) {
        const struct record_access_list *list = &old->of.access_list;
        if (list->entries_n > ACCESS_LIST_ENTRIES_MAX) return FAIL(BUG);
        if (list->entries_n) memcpy(e.entries, list->entries, list->entries_n * sizeof *e.entries);
        e.record = *old;
        e.version = old->version;
    }
    *out = e;
    access_edit_list(out)->entries = out->entries;
    return DONE;
}

void access_edit_clear(struct access_edit *e)
{
    access_edit_list(e)->entries_n = 0;
}

static err refuse_address(struct http_request *rq, bytes text)
{
    return note_fail(&rq->call.note, FAIL(BAD_INPUT),
                     "\"%.*s\" is not an address or a range (10.0.0.0/8, 2001:db8::/32)",
                     BYTES_FMT(bytes_part(text, 0, ACCESS_LIST_ADDRESS_MAX)));
}

/* The place of this range among the entries; entries_n: it is not there. */
static size_t place_of(struct access_edit *e, const struct ip_prefix *range)
{
    const struct record_access_list *list = access_edit_list(e);
    for (size_t i = 0; i < list->entries_n; i++) {
        struct ip_prefix at;
        const err read = ip_prefix_read(e->entries[i].address, &at);
        if (err_is_ok(read) && ip_prefix_eq(&at, range)) return i;
    }
    return list->entries_n;
}

static err take_entry(struct access_edit *e, const struct json_in *item)
{
    struct http_request *rq = e->rq;
    struct record_access_list *list = access_edit_list(e);
    struct ip_prefix range;
    bytes address;
    bytes description;
    if (!json_in_is(item, JSON_IN_OBJECT)) {
        return note_fail(&rq->call.note, FAIL(BAD_INPUT), "an entry must be an object with an address");
    }
    TRY(body_text(rq, item, F(ACCESS_ENTRY_ADDRESS), &address));
    TRY(body_text(rq, item, F(ACCESS_ENTRY_DESCRIPTION), &description));
    if (!err_is_ok(ip_prefix_read(address, &range))) return refuse_address(rq, address);
    const size_t at = place_of(e, &range);
    if (at == ACCESS_LIST_ENTRIES_MAX) {
        return note_fail(&rq->call.note, FAIL(BAD_INPUT), "an access list has at most %d entries",
                         ACCESS_LIST_ENTRIES_MAX);
    }
    struct record_access *entry = &e->entries[at];
    if (at == list->entries_n) {
        *entry = (struct record_access){.address = address, .enabled = true, .created_ns = e->now_ns};
    }
    TRY(body_truth(rq, item, F(ACCESS_ENTRY_ENABLED), &entry->enabled));
    if (json_in_get(item, F(ACCESS_ENTRY_DESCRIPTION)->name)) entry->description = description;
    entry->updated_ns = e->now_ns;
    if (at == list->entries_n) list->entries_n++;
    return DONE;
}

static err take_entries(struct access_edit *e, const struct json_in *items)
{
    const size_t n = json_in_n(items);
    if (n > ACCESS_LIST_ENTRIES_MAX) {
        return note_fail(&e->rq->call.note, FAIL(BAD_INPUT), "an access list has at most %d entries",
                         ACCESS_LIST_ENTRIES_MAX);
    }
    for (size_t i = 0; i < n; i++) TRY(take_entry(e, json_in_at(items, i)));
    return DONE;
}

static err take_object(struct access_edit *e, const struct json_in *body)
{
    const struct json_in *items = NULL;
    const struct json_in *configurations = NULL;
    TRY(body_array(e->rq, body, F(ACCESS_CHANGE_ADDRESSES), &items));
    TRY(body_inner_object(e->rq, body, F(ACCESS_CHANGE_CONFIGURATIONS), &configurations));
    if (items) TRY(take_entries(e, items));
    if (!configurations) return DONE;
    return body_truth(e->rq, configurations, F(ACCESS_CONFIGURATIONS_ENABLED),
                      &access_edit_list(e)->enabled);
}

err access_edit_read(struct access_edit *e)
{
    const struct json_in *body = NULL;
    TRY(body_value(e->rq, &body));
    if (json_in_is(body, JSON_IN_ARRAY)) return take_entries(e, body);
    if (!json_in_is(body, JSON_IN_OBJECT)) {
        return note_fail(&e->rq->call.note, FAIL(BAD_JSON),
                         "body must be an array of entries, or an object with addresses");
    }
    if (json_in_get(body, F(ACCESS_ENTRY_ADDRESS)->name)) return take_entry(e, body);
    return take_object(e, body);
}

/* --- taking out --- */

static err drop_one(struct access_edit *e, bytes text)
{
    struct record_access_list *list = access_edit_list(e);
    struct ip_prefix range;
    if (!err_is_ok(ip_prefix_read(text, &range))) return refuse_address(e->rq, text);
    const size_t at = place_of(e, &range);
    if (at == list->entries_n) return DONE;
    memmove(&e->entries[at], &e->entries[at + 1], (list->entries_n - at - 1) * sizeof *e->entries);
    list->entries_n--;
    return DONE;
}

static err drop_each(struct access_edit *e, bytes texts)
{
    for (;;) {
        const uint8_t *comma = texts.n ? memchr(texts.p, ',', texts.n) : NULL;
        const size_t n = comma ? (size_t)(comma - texts.p) : texts.n;
        TRY(drop_one(e, bytes_part(texts, 0, n)));
        if (!comma) return DONE;
        texts = bytes_part(texts, n + 1, texts.n);
    }
}

err access_edit_drop(struct access_edit *e, bool *any)
{
    const struct target *t = &e->rq->target;
    *any = false;
    for (size_t i = 0; i < t->arguments_n; i++) {
        if (!bytes_eq_text(t->arguments[i].name, F(ACCESS_QUERY_ADDRESSES)->name)) continue;
        *any = true;
        TRY(drop_each(e, t->arguments[i].value));
    }
    return DONE;
}

/* --- the change --- */

/* What it is now, the addresses up to a number. */
static void write_detail(struct access_edit *e, struct wr *w)
{
    const struct record_access_list *list = access_edit_list(e);
    struct json_out j = json_out_to(w);
    json_out_object(&j);
    json_out_pair(&j, "of", uuid_eq(&list->id, &list->organization) ? BYTES("api") : BYTES("database"));
    json_out_key(&j, "enabled");
    json_out_bool(&j, list->enabled);
    json_out_key(&j, "entries");
    json_out_int(&j, (int64_t)list->entries_n);
    json_out_key(&j, "addresses");
    json_out_array(&j);
    for (size_t i = 0; i < list->entries_n && i < EVENT_ADDRESSES_MAX; i++) {
        if (list->entries[i].enabled) json_out_text(&j, list->entries[i].address);
    }
    json_out_end(&j);
    json_out_end(&j);
}

err access_edit_commit(struct access_edit *e, const struct permit *permit, bool remove)
{
    const struct record_access_list *list = access_edit_list(e);
    struct change change = {.verb = remove ? CHANGE_REMOVE : CHANGE_PUT, .expect = e->version};
    char id[UUID_TEXT + 1];
    struct wr detail = wr_growing(EVENT_DETAIL_MAX);
    change.by = (struct ask){ACTION_ACCESSLIST_WRITE, resource_organization(&list->organization)};
    change.record = e->record;
    uuid_text(&list->id, id);
    write_detail(e, &detail);
    const struct api_event event = {.name = remove ? "access-list.delete" : "access-list.update",
                                    .subject = bytes_of_text(id),
                                    .detail = detail.bad ? (bytes){0} : wr_view(&detail),
                                    .scope = list->organization};
    const err done = api_call_commit(e->rq, permit, &change, 1, &event, remove);
    wr_drop(&detail);
    return done;
}
