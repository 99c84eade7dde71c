/* The subcommands as they describe themselves, for what is made of all of them: completion, the manual
 * page. */
#pragma once

#include "base/bytes.h"

#include <argp.h>

struct command_row {
    const char *name;
    const char *arguments;
    const char *help;
    const char *example;
    const struct argp *parser;
};

size_t command_rows_n(void);
/* Row `i` of command.def, with the parser that the subcommand hands to cli_parse. */
struct command_row command_rows_at(size_t i);
/* The next verb of an arguments column ("add|list|show …"); empty: there is none. */
bytes command_rows_verb(const char **arguments);
/* Calls `show` for every option of a parser; `common`: shared by subcommands. */
void command_rows_options(const struct argp *parser, void (*show)(void *owner, const struct argp_option *o, bool common),
                          void *owner);

/* For cli_parse: true where the subcommand was called to describe itself; it does not return then. */
void command_rows_told(const struct argp *parser);
