/* Access lists as bodies, answers and changes: what the lists of databases and that of the API share. */
#pragma once

#include "api/api_call.h"

#include "http/json_in.h"

enum {
    ACCESS_LIST_ENTRIES_MAX = 1000,
    ACCESS_LIST_REMARKS_MAX = 2 * ACCESS_LIST_ENTRIES_MAX, /* of one look-over */
    ACCESS_LIST_ADDRESS_MAX = 64,
    ACCESS_LIST_TIME_SIZE = 48
};

/* A list that is being changed; everything in the call's arena, or lent by the snapshot. */
struct access_edit {
    struct http_request *rq;
    struct record record;               /* kind ACCESS_LIST; its entries are `entries` */
    struct record_access *entries;      /* ACCESS_LIST_ENTRIES_MAX of room */
    uint64_t version;                   /* 0: there was none */
    int64_t now_ns;
};

static inline struct record_access_list *access_edit_list(struct access_edit *e)
{
    return &e->record.of.access_list;
}

/* As the snapshot has it, or a new one that is not enabled. NO_MEMORY. */
MUST err access_edit_begin(struct http_request *rq, const struct uuid *id, const struct uuid *organization,
                           struct access_edit *out);
/* Adds the body's entries, or changes those that are there: {addresses, configurations}, an array of
 * entries, or one entry. Two spellings of one range are one entry, as first written. BAD_INPUT. */
MUST err access_edit_read(struct access_edit *e);
/* Without entries. */
void access_edit_clear(struct access_edit *e);
/* Takes out what the query names: ?addresses=…, repeated or with commas; *any: it names something.
 * BAD_INPUT. */
MUST err access_edit_drop(struct access_edit *e, bool *any);
/* The list with these entries becomes the truth, or (`remove`) the list goes away. */
MUST err access_edit_commit(struct access_edit *e, const struct permit *permit, bool remove);

/* The pair that reading or writing asks for (decisions 1.4). */
struct ask access_list_ask(const struct api_scope *scope, enum action action);
/* "2022-06-22 13:12:33.997 +0000 UTC", as the clients of access lists read it. */
void access_list_time(int64_t utc_ns, char out[ACCESS_LIST_TIME_SIZE]);
/* The members "addresses" and "configurations" of an open object; `created`: entries say when they were
 * made, too. */
void access_list_write(struct json_out *j, const struct record_access_list *list, bool created);
