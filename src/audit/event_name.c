/* Names of events looked up: a few dozen, one after the other. */
#include "audit/event_name.h"

static const struct {
    const char *name;
    bool durable;
} events[] = {
#define EVENT(name, durable, text) {name, durable},
#include "audit/event.def"
#undef EVENT
};

enum { EVENTS = sizeof events / sizeof *events };

bool event_name_is_durable(bytes name)
{
    for (size_t i = 0; i < EVENTS; i++) {
        if (bytes_eq_text(name, events[i].name)) return events[i].durable;
    }
    return false;
}

bool event_name_matches(bytes asked, bytes name)
{
    const bool group = asked.n && asked.p[asked.n - 1] == '.';
    return asked.n == 0 || (group ? bytes_has_prefix(name, asked) : bytes_eq(name, asked));
}

bool event_name_is_known(bytes name)
{
    for (size_t i = 0; name.n && i < EVENTS; i++) {
        if (event_name_matches(name, bytes_of_text(events[i].name))) return true;
    }
    return false;
}
