/* A backup takes the store's place, offline; what the audit trail says was deleted is deleted again, or
 * restoring would revive what was revoked. */
#pragma once

#include "base/err.h"
#include "model/uuid.h"

enum { RESTORE_ROLES_SHOWN = 64 };

struct restore_wish {
    const char *data;
    const char *backup;
    const char *audit;       /* a trail's file or folder besides the data folder's, or NULL */
    bool without_audit;      /* nothing is deleted again */
    bool force;              /* a store that is there is moved aside */
};

struct restore_result {
    size_t tokens;           /* deleted again */
    size_t roles;
    size_t databases;
    size_t members;          /* memberships of people */
    size_t exports;          /* of audit records, ended or set up otherwise after the backup */
    size_t changed_n;        /* roles that the trail saw changed after the backup; they are as in it */
    struct uuid changed[RESTORE_ROLES_SHOWN];
    bool moved_aside;        /* the former store is latchkey.db.before */
};

/* CONFLICT: a daemon runs, or a store is there and `force` was not said; KEY_MISSING: the key file is of
 * another store; AUDIT_BROKEN, NOT_FOUND, STORE_DAMAGED: said in the note. Until the last step the former
 * store is as it was. */
MUST err restore_run(const struct restore_wish *wish, struct restore_result *out, struct note *note);
