/* Paths of the hosted service that have no meaning here (decisions 4.9). */
#include "api/routes.h"

err absent_here(struct http_request *rq)
{
    return note_fail(&rq->call.note, FAIL(NOT_FOUND), "not part of Latchkey");
}
