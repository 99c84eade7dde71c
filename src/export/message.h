/* The body of a request that carries audit records: lines of the trail as they stand there, each of which can
 * be checked by its own hash. A webhook is given them one a line, Splunk each as the `event` of an object. */
#pragma once

#include "audit/chain.h"
#include "model/record.h"

enum { MESSAGE_RECORDS_MAX = 500, MESSAGE_BYTES_MAX = 512 << 10 };

struct message {
    struct wr body;
    struct wr head;    /* of a Splunk event, up to its time */
    size_t records;
    size_t most;       /* records; MESSAGE_RECORDS_MAX, fewer when the server finds that too much */
};

/* NO_MEMORY. */
MUST err message_begin(const struct record_audit_export *e, size_t most, struct message *m);
/* False: it is full, and takes no more; the first one always finds room. */
bool message_add(struct message *m, const struct chain_record *r, bytes line);
const char *message_type(const struct record_audit_export *e);
void message_drop(struct message *m);
