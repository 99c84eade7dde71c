/* The course of one export: its record, where it stands in the trail, what is under way. For the exporter's
 * thread alone, but for `state`. */
#pragma once

#include "audit/follow.h"
#include "export/delivery.h"
#include "export/export.h"

enum { COURSE_RECORD_MAX = 32 << 10 };

struct course {
    struct course *next;
    struct uuid id;
    uint64_t version;              /* of its record */
    struct arena arena;            /* what the record points at */
    struct record record;
    struct follow_place at;        /* behind what has arrived */
    struct follow_place ahead;     /* behind what is under way */
    struct follow_gap missing;     /* on the way there */
    uint64_t saved;                /* sequence that its file says */
    struct delivery *delivery;     /* NULL: nothing is under way */
    size_t under_way;              /* records */
    size_t most;                   /* records at once */
    uint64_t due_ms;               /* monotonic; not tried before */
    unsigned failures;             /* in a row */
    bool seen;                     /* its record is still there */
    bool told;                     /* the log says that it fails */
    struct export_state state;     /* under the exporter's lock */
};

/* What courses share. */
struct course_means {
    const struct export_options *o;
    CURLM *multi;
    pthread_mutex_t *lock;
    struct lines *room;
};

/* From a record of the index, in a read section. NULL: no memory. */
struct course *course_new(const struct course_means *m, const struct record *r);
/* The record has changed: what is under way is given up, the place stays unless it is another series. */
void course_change(const struct course_means *m, struct course *c, const struct record *r);
/* Takes the next step if one is due. `last`: the newest record on the disk. True: there is more to do now. */
bool course_step(const struct course_means *m, struct course *c, uint64_t last, bool may_send);
/* Its delivery has ended. */
void course_arrive(const struct course_means *m, struct course *c, CURLcode result);
/* Keeps where it stands. */
void course_save(const struct course_means *m, struct course *c);
void course_free(const struct course_means *m, struct course *c);
