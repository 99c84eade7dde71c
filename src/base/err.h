/* The one error type: a code whose HTTP status, CQL error and exit code come from its row in err.def. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum err_code {
#define ERR(code, class, http, cql, exit, text) ERR_##code,
#include "base/err.def"
#undef ERR
    ERR_CODES
};

enum err_class {
    ERR_CLASS_NONE,
    ERR_CLASS_INVALID,
    ERR_CLASS_UNAUTHENTICATED,
    ERR_CLASS_FORBIDDEN,
    ERR_CLASS_NOT_FOUND,
    ERR_CLASS_CONFLICT,
    ERR_CLASS_LIMIT,
    ERR_CLASS_RETRY,
    ERR_CLASS_INTERNAL
};

typedef struct {
    enum err_code code;
} err;

struct err_row {
    const char *name;
    enum err_class class;
    uint16_t http;
    uint16_t cql;
    uint8_t exit;
    const char *text;
};

#define MUST __attribute__((warn_unused_result))
#define FAIL(c) ((err){ERR_##c})
#define DONE ((err){ERR_OK})
#define TRY(call)                                                                                  \
    do {                                                                                           \
        const err try_ = (call);                                                                   \
        if (try_.code != ERR_OK) return try_;                                                      \
    } while (0)

static inline bool err_is_ok(err e)
{
    return e.code == ERR_OK;
}

const struct err_row *err_row(err e);

static inline const char *err_text(err e)
{
    return err_row(e)->text;
}

/* What a failed call of the system on a file that somebody named means, by its errno: it is not there
 * (NOT_FOUND), theirs alone (NOT_ALLOWED), there already (CONFLICT), the wrong thing (BAD_INPUT), the disk is
 * full (STORE_FULL); IO for the rest. */
err err_of_errno(int cause);

/* The sentence for people about one failure: what, why, what to do. Reaches the peer for INVALID,
 * FORBIDDEN, NOT_FOUND and CONFLICT; always the log and the audit. */
struct note {
    char text[512];
};

/* Sets the note (cut at its size) and gives the error back, so that one line does both. */
err note_fail(struct note *note, err e, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
