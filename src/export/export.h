/* Sending audit records on to other servers. The trail is the queue: a thread of its own reads it forward for
 * every export from where that has come to, sends what belongs to it in batches, and moves on when they have
 * arrived. What does not arrive is sent again until it does; nothing is left out, after a crash some may come
 * twice (a record's seq and hash say so). */
#pragma once

#include "base/secret.h"
#include "export/endpoint.h"

struct audit;
struct export;
struct index;

enum {
    EXPORT_TURN_MS = 250,          /* new records are looked for so often */
    EXPORT_AT_ONCE = 16,           /* requests on their way */
    EXPORT_WAIT_FIRST_MS = 1000,   /* before trying again, doubled each time up to */
    EXPORT_WAIT_MAX_MS = 60 * 1000,
    EXPORT_ASKED_MAX_MS = 10 * 60 * 1000, /* what a server may ask for */
    EXPORT_PROBLEM = 256
};

struct export_options {
    const char *trail;             /* folder of the trail; like the next two lent until the end */
    const char *places;            /* folder that holds how far each has come; made when it is not there */
    const char *ca_file;           /* certificates that servers are judged by; empty: the system's */
    const struct endpoint_targets *targets;
    struct index *index;
    struct audit *audit;
    void *owner;
    /* An export's token, on the exporter's thread. */
    err (*unseal)(void *owner, const struct record_audit_export *e, struct secret *out);
};

struct export_state {
    int64_t updated_ns;            /* of the record that it is told of */
    bool failing;
    uint64_t seq;                  /* all that belongs to it up to this record has arrived */
    uint64_t behind;               /* records of the trail after it */
    uint64_t sent;                 /* since the start */
    int64_t success_ms;            /* UTC; 0: not yet */
    int64_t failure_ms;
    int64_t next_ms;               /* UTC, when it is tried again; 0: it does not fail */
    uint64_t missing;              /* records since the start whose files were gone before they were sent */
    char problem[EXPORT_PROBLEM];
};

/* IO, NO_MEMORY. */
MUST err export_open(const struct export_options *options, struct export **out, struct note *note);
/* Any thread. False: nothing is known yet of the export as this record has it: what went to another place is not told of
 * this one. */
bool export_read_state(struct export *x, const struct record_audit_export *e, struct export_state *out);
/* "current", "delivering" or "failing". */
const char *export_state_word(const struct export_state *s);
/* What is under way is given up, and sent again after the next start. NULL is fine. */
void export_close(struct export *x);
