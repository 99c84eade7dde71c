/* The keyspace is changed when the answer is written: statements read later see it, earlier ones
 * not (T3). What the token may not touch does not exist. */
#include "gateway/use.h"

#include "statement/schema.h"
#include "statement/statement.h"

#include <stdio.h>

/* The system keyspaces that every client may read through the gateway. */
static bool is_open_system(bytes keyspace)
{
    return bytes_eq_text(keyspace, "system") || bytes_eq_text(keyspace, "system_schema") ||
           bytes_eq_text(keyspace, "system_virtual_schema");
}

static bool may_use(const struct session *s, const struct picture *picture, bytes keyspace)
{
    if (keyspace.n == 0 || keyspace.n > SESSION_KEYSPACE_MAX) return false;
    if (is_open_system(keyspace)) return true;
    if (statement_is_system_keyspace(keyspace)) return false;
    return schema_has_keyspace(picture->schema, keyspace) &&
           gate_session_sees(session_worker(s)->gate, &s->gate, keyspace, (bytes){0});
}

enum envelope_fate use_handle(struct envelope *e, const struct picture *picture, bytes keyspace)
{
    struct session *s = e->session;
    if (!may_use(s, picture, keyspace)) {
        char text[128];
        (void)snprintf(text, sizeof text, "Keyspace '%.*s' does not exist",
                       BYTES_FMT(bytes_part(keyspace, 0, SESSION_KEYSPACE_MAX)));
        session_error(s, e->head.stream, RESPONSE_INVALID, text);
        return ENVELOPE_DONE;
    }
    memmove(s->keyspace, keyspace.p, keyspace.n);
    s->keyspace_n = (uint8_t)keyspace.n;
    response_write_set_keyspace(session_out(s), envelope_to(e), session_keyspace(s));
    return ENVELOPE_DONE;
}
