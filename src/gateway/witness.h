/* What the gateway tells the audit about sessions; logins are the gate's to tell. */
#pragma once

#include "gateway/session.h"

/* A statement was refused, and why: the sentence that the client was told. */
void witness_refused(struct session *s, const char *reason);
/* The session was ended because its token was. */
void witness_revoked(struct session *s);
/* A session that had logged in ended. */
void witness_left(struct session *s);
