#include "serve/restore_trail.h"

#include <jansson.h>
#include <stdlib.h>

/* An export that was set up anew since then is ended: it would send records to where they went before. */
static const struct {
    const char *event;
    enum record_kind kind;
    bool deleted;
    bool unless_in_backup;
} replayed[] = {
    {"token.delete", RECORD_TOKEN, true, false},
    {"role.delete", RECORD_ROLE, true, false},
    {"database.remove", RECORD_DATABASE, true, false},
    {"user.remove", RECORD_MEMBERSHIP, true, false},
    {"audit-export.delete", RECORD_AUDIT_EXPORT, true, true},
    {"audit-export.update", RECORD_AUDIT_EXPORT, true, true},
    {"organization.delete", RECORD_AUDIT_EXPORT, true, true},    /* goes with it, under the same id */
    {"role.update", RECORD_ROLE, false, true},
};

static struct restore_trace *add_trace(struct restore_traces *t)
{
    if (t->n == t->room) {
        const size_t room = t->room ? 2 * t->room : 256;
        struct restore_trace *list = realloc(t->list, room * sizeof *list);
        if (!list) return NULL;
        t->list = list;
        t->room = room;
    }
    return &t->list[t->n++];
}

static const char *member(const json_t *event, const char *name)
{
    const char *text = json_string_value(json_object_get(event, name));
    return text ? text : "";
}

/* The trail names a person and a scope; their membership's id follows from both. */
static void name_membership(const json_t *event, struct restore_trace *t)
{
    struct uuid person;
    struct uuid scope;
    if (!uuid_read(bytes_of(t->id, t->id_n), &person)) return;
    if (!uuid_read(bytes_of_text(member(event, "scope")), &scope)) return;
    const struct uuid id = record_membership_id(&person, &scope);
    uuid_write(&id, t->id);
    t->id_n = UUID_TEXT;
}

static void take_event(struct restore_traces *all, const json_t *event, uint64_t row)
{
    const char *subject = member(event, "subject");
    const size_t n = strlen(subject);
    if (strcmp(member(event, "outcome"), "done") != 0 || n == 0 || n > RECORD_ID_MAX) return;
    for (size_t i = 0; i < sizeof replayed / sizeof *replayed; i++) {
        if (strcmp(member(event, "name"), replayed[i].event) != 0) continue;
        struct restore_trace *t = add_trace(all);
        all->no_memory |= !t;
        if (!t) return;
        *t = (struct restore_trace){replayed[i].kind, replayed[i].deleted, replayed[i].unless_in_backup, row, n, {0}};
        memcpy(t->id, subject, n);
        if (t->kind == RECORD_MEMBERSHIP) name_membership(event, t);
    }
}

void restore_traces_take(struct restore_traces *t, const struct chain_record *record)
{
    json_t *event = json_loadb((const char *)record->event.p, record->event.n, 0, NULL);
    if (event) take_event(t, event, record->at.row);
    json_decref(event);
}

void restore_traces_drop(struct restore_traces *t)
{
    free(t->list);
    *t = (struct restore_traces){0};
}
