#include "audit/event_scope.h"

bytes event_text(const json_t *event, const char *name)
{
    const json_t *v = json_object_get(event, name);
    return json_is_string(v) ? bytes_of(json_string_value(v), json_string_length(v)) : (bytes){0};
}

bool event_scope_is(const json_t *event, bytes id)
{
    const json_t *who = json_object_get(event, "who");
    return bytes_eq(event_text(event, "scope"), id) || bytes_eq(event_text(who, "organization"), id) ||
           bytes_eq(event_text(who, "enterprise"), id);
}

bool event_scope_holds(bytes event, bytes id)
{
    json_t *read = json_loadb((const char *)event.p, event.n, 0, NULL);
    const bool holds = read && event_scope_is(read, id);
    json_decref(read);
    return holds;
}

bool event_scope_may_be(bytes line, bytes id)
{
    return line.n > 0 && memmem(line.p, line.n, id.p, id.n) != NULL;
}
