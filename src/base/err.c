#include "base/err.h"

#include "base/check.h"
#include "base/utf8.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct err_row rows[ERR_CODES] = {
#define ERR(code, class, http, cql, exit, text)                                                    \
    [ERR_##code] = {#code, ERR_CLASS_##class, http, cql, exit, text},
#include "base/err.def"
#undef ERR
};

const struct err_row *err_row(err e)
{
    CHECK((unsigned)e.code < ERR_CODES);
    return &rows[e.code];
}

err err_of_errno(int cause)
{
    switch (cause) {
    case ENOENT: case ENOTDIR: return FAIL(NOT_FOUND);
    case EACCES: case EPERM: case EROFS: return FAIL(NOT_ALLOWED);
    case EEXIST: return FAIL(CONFLICT);
    case EISDIR: case ELOOP: case ENAMETOOLONG: return FAIL(BAD_INPUT);
    case ENOSPC: case EDQUOT: return FAIL(STORE_FULL);
    default: return FAIL(IO);
    }
}

err note_fail(struct note *note, err e, const char *format, ...)
{
    if (note) {
        va_list args;
        va_start(args, format);
        (void)vsnprintf(note->text, sizeof note->text, format, args);
        va_end(args);
        /* What it quotes, and the sentence itself, may have been cut within a character. */
        utf8_mend(note->text, strlen(note->text));
    }
    return e;
}
