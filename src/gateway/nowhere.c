/* DROP KEYSPACE IF EXISTS, and its like, where there is no such keyspace. A node would say that the
 * gateway's own role may not, for nobody was ever granted anything there: an alarm for the operator,
 * and a server error for whoever may drop this very name and is to hear that it is not there. When the
 * picture cannot be read again the node is asked all the same, for it may be there. */
#include "gateway/nowhere.h"

#include "gateway/reload.h"
#include "statement/schema.h"

bool nowhere_answer(struct envelope *e, const struct picture *picture, const struct statement *what)
{
    struct session *s = e->session;
    struct note note;
    if (what->kind == STATEMENT_CREATE_KEYSPACE || what->keyspace.n == 0) return false;
    if (schema_has_keyspace(picture->schema, what->keyspace)) return false;
    if (e->unread) return false;
    if (!e->reloaded) {
        reload_park(e);
    } else if (what->if_exists) {
        response_write_void(session_out(s), envelope_to(e));
    } else {
        session_refuse(s, e->head.stream,
                       note_fail(&note, FAIL(CQL_INVALID), "Keyspace '%.*s' doesn't exist",
                                 BYTES_FMT(what->keyspace)),
                       &note);
    }
    return true;
}
