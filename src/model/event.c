/* Writes an event as canonical JSON: fixed order, nothing optional in the spelling. */
#include "model/event.h"

#include "base/check.h"
#include "base/clock.h"
#include "base/utf8.h"

#include <jansson.h>
#include <stdlib.h>

static void write_escaped(uint8_t c, struct wr *w)
{
    if (c == '"' || c == '\\') {
        wr_u8(w, '\\');
        wr_u8(w, c);
    } else {
        wr_format(w, "\\u%04x", c);
    }
}

/* How many bytes from `at` make one valid character; 0: none. */
static size_t character(bytes text, size_t at)
{
    for (size_t n = 2; n <= 4 && n <= text.n - at; n++) {
        if (utf8_is_valid(bytes_part(text, at, n))) return n;
    }
    return 0;
}

void event_write_text(bytes text, struct wr *w)
{
    wr_u8(w, '"');
    for (size_t i = 0; i < text.n;) {
        const uint8_t c = text.p[i];
        if (c < 0x80) {
            if (c < 0x20 || c == '"' || c == '\\' || c == 0x7f) write_escaped(c, w);
            else wr_u8(w, c);
            i++;
            continue;
        }
        const size_t n = character(text, i);
        if (n) wr_bytes(w, bytes_part(text, i, n));
        else wr_text(w, "\xef\xbf\xbd");
        i += n ? n : 1;
    }
    wr_u8(w, '"');
}

static void member(struct wr *w, const char *name, bytes text)
{
    if (!text.n) return;
    if (w->n && w->p[w->n - 1] != '{') wr_u8(w, ',');
    wr_format(w, "\"%s\":", name);
    event_write_text(text, w);
}

static void member_uuid(struct wr *w, const char *name, const struct uuid *id)
{
    char text[UUID_TEXT];
    if (uuid_is_zero(id)) return;
    uuid_write(id, text);
    member(w, name, bytes_of(text, sizeof text));
}

static const char *kind_name(enum principal_kind kind)
{
    switch (kind) {
    case PRINCIPAL_NONE:
        return "nobody";
    case PRINCIPAL_TOKEN:
        return "token";
    case PRINCIPAL_PERSON:
        return "person";
    case PRINCIPAL_OPERATOR:
        return "operator";
    }
    CHECK(false);
    return "";
}

static bytes until_nul(const char *text, size_t max)
{
    return bytes_of(text, strnlen(text, max));
}

static void write_who(const struct principal *who, struct wr *w)
{
    wr_text(w, ",\"who\":{");
    member(w, "kind", bytes_of_text(kind_name(who->kind)));
    member(w, "name", until_nul(who->name, sizeof who->name));
    member_uuid(w, who->enterprise ? "enterprise" : "organization", &who->scope);
    wr_u8(w, '}');
}

static void write_detail(bytes detail, struct wr *w)
{
    if (!detail.n) return;
    json_t *object = json_loadb((const char *)detail.p, detail.n, JSON_REJECT_DUPLICATES, NULL);
    char *text = json_is_object(object) ? json_dumps(object, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    if (text) {
        wr_text(w, ",\"detail\":");
        wr_text(w, text);
    } else {
        member(w, "detail", detail);
    }
    free(text);
    json_decref(object);
}

static void write_object(const struct event_draft *draft, int64_t utc_ns, bytes detail, struct wr *w)
{
    char when[CLOCK_TEXT_SIZE];
    clock_write_utc(utc_ns, 6, when);
    wr_u8(w, '{');
    member(w, "at", bytes_of_text(when));
    member(w, "name", bytes_of_text(draft->name));
    member(w, "outcome", bytes_of_text(draft->outcome));
    write_who(&draft->who, w);
    member(w, "call", until_nul(draft->call_id, sizeof draft->call_id));
    member(w, "peer", until_nul(draft->peer, sizeof draft->peer));
    member_uuid(w, "scope", &draft->scope);
    member(w, "subject", bytes_part(draft->subject, 0, 1024));
    write_detail(detail, w);
    wr_u8(w, '}');
}

void event_write(const struct event_draft *draft, int64_t utc_ns, struct wr *w)
{
    struct wr one = wr_growing(EVENT_JSON_MAX);
    write_object(draft, utc_ns, draft->detail, &one);
    if (one.bad) {
        wr_drop(&one);
        one = wr_growing(EVENT_JSON_MAX);
        write_object(draft, utc_ns, BYTES("{\"cut\":true}"), &one);
    }
    if (one.bad) w->bad = true;
    else wr_bytes(w, wr_view(&one));
    wr_drop(&one);
}
