/* `latchkey audit export`: what it is told on the command line. */
#pragma once

#include "cli/cli.h"

struct cli_audit_export {
    const struct cli *common;
    const struct cli_words *words;  /* "export"; then a destination and its URL, "end", or nothing */
    const char *token_file;         /* NULL, like the next ones: not said */
    const char *after;
    const char *index;
    const char *source;
    const char *sourcetype;
    bool every_scope;
};

/* Shows how it stands, sets it up, or ends it. */
MUST err cli_audit_export(const struct cli_audit_export *x, struct note *note);
