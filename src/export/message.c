/* Splunk's form: Splunk Enterprise, "Format events for HTTP Event Collector": {"time":SECONDS,…,"event":…}. */
#include "export/message.h"

#include "base/clock.h"
#include "model/destination.h"

#include <jansson.h>
#include <stdlib.h>

enum { HEAD_MAX = 8 << 10, EVENT_EXTRA = 64 /* time and braces of an event */ };

static void put(json_t *o, const char *key, bytes text, const char *otherwise)
{
    if (text.n == 0 && !otherwise) return;
    const bytes value = text.n ? text : bytes_of_text(otherwise);
    (void)json_object_set_new(o, key, json_stringn((const char *)value.p, value.n));
}

/* {"source":…,"time": and so on: what all of its events begin with. */
static err write_head(const struct record_audit_export *e, struct wr *w)
{
    json_t *o = json_object();
    put(o, "source", e->source, "latchkey");
    put(o, "sourcetype", e->sourcetype, "_json");
    put(o, "index", e->index, NULL);
    char *text = json_dumps(o, JSON_COMPACT);
    json_decref(o);
    if (!text) return FAIL(NO_MEMORY);
    wr_bytes(w, bytes_of(text, strlen(text) - 1));
    wr_text(w, ",\"time\":");
    free(text);
    return w->bad ? FAIL(NO_MEMORY) : DONE;
}

err message_begin(const struct record_audit_export *e, size_t most, struct message *m)
{
    *m = (struct message){.most = most};
    m->body = wr_growing(MESSAGE_BYTES_MAX + CHAIN_LINE_MAX + HEAD_MAX + EVENT_EXTRA);
    m->head = wr_growing(HEAD_MAX);
    return e->destination == DESTINATION_SPLUNK ? write_head(e, &m->head) : DONE;
}

static void add_event(struct message *m, const struct chain_record *r, bytes line)
{
    int64_t ns = 0;
    if (!err_is_ok(clock_read_utc(r->time, &ns))) ns = 0;
    wr_bytes(&m->body, wr_view(&m->head));
    wr_format(&m->body, "%lld.%03lld,\"event\":", (long long)(ns / 1000000000), (long long)(ns / 1000000 % 1000));
    wr_bytes(&m->body, line);
    wr_text(&m->body, "}\n");
}

bool message_add(struct message *m, const struct chain_record *r, bytes line)
{
    const size_t before = m->body.n;
    if (m->records == m->most || before > MESSAGE_BYTES_MAX) return false;
    if (m->head.n) {
        add_event(m, r, line);
    } else {
        wr_bytes(&m->body, line);
        wr_u8(&m->body, '\n');
    }
    if (m->body.bad) return false;
    m->records++;
    return true;
}

const char *message_type(const struct record_audit_export *e)
{
    return e->destination == DESTINATION_SPLUNK ? "application/json" : "application/x-ndjson";
}

void message_drop(struct message *m)
{
    wr_drop(&m->body);
    wr_drop(&m->head);
}
