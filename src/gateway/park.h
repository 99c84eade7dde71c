/* Requests that wait for something other than room: a PREPARE, a new picture. Each is a copy, taken
 * up again from its beginning, decided anew. */
#pragma once

#include "gateway/session.h"

struct parked {
    struct list link;
    struct session
        *session; /* in memory until this is resumed or dropped: it counts as outstanding */
    struct frame_header head;
    uint8_t attempts;
    bool reloaded;
    bool unread;
    bool counted;
    uint8_t keyspace_n;
    char keyspace[SESSION_KEYSPACE_MAX];
    uint32_t message_n;
    uint8_t message[];
};

/* At the end of the list. Errors: TOO_MANY, NO_MEMORY; then nothing has happened. */
MUST err park_add(const struct envelope *e, struct list *on);
/* Handles it, when its session still reads requests, and frees it. `pinned` may be NULL. */
void park_resume(struct parked *p, struct upstream *pinned);
/* Frees it unanswered. */
void park_drop(struct parked *p);

static inline struct parked *park_first(const struct list *on)
{
    struct list *first = list_first(on);
    return first ? LIST_OF(first, struct parked, link) : NULL;
}
static inline struct response_to park_to(const struct parked *p)
{
    return session_to(p->session, p->head.stream);
}
