/* One POST on its way to a server, driven by curl's multi interface on the exporter's thread. */
#pragma once

#include "base/secret.h"
#include "export/endpoint.h"
#include "export/message.h"

#include <curl/curl.h>

enum {
    DELIVERY_CONNECT_MS = 5000,
    DELIVERY_WHOLE_MS = 30000,
    DELIVERY_ANSWER_MAX = 64 << 10,   /* bytes of an answer; a longer one is cut off, its status counts */
    DELIVERY_SHOWN = 160              /* of them that the operator is shown */
};

struct delivery {
    CURL *easy;
    struct curl_slist *headers;
    struct message message;
    const struct endpoint_targets *targets;
    bool by_operator;
    bool plain;
    const char *refused;              /* why its address may not be connected to */
    char refused_to[64];
    size_t answered;
    char answer[DELIVERY_SHOWN + 1];
    char error[CURL_ERROR_SIZE];
};

struct delivery_options {
    const struct record_audit_export *to;
    const struct secret *token;
    const struct endpoint_targets *targets;   /* lent until the end */
    const char *ca_file;                      /* empty: the system's */
};

/* Takes the message over in any case. BAD_INPUT for a URL that cannot be read, NO_MEMORY. */
MUST err delivery_start(CURLM *multi, const struct delivery_options *o, struct message *m, struct delivery **out);

struct delivery_end {
    bool arrived;
    bool too_large;          /* 413: fewer at once may do */
    bool too_slow;           /* it took too long; the same may hold */
    uint64_t wait_ms;        /* that the server asks for; 0: it says nothing */
    struct note why;         /* not */
};
void delivery_judge(const struct delivery *d, CURLcode result, struct delivery_end *out);
/* Ends one that is under way, too. NULL is fine. */
void delivery_free(CURLM *multi, struct delivery *d);
