/* The command line: one table of subcommands, options that all of them share, one way to fail. */
#pragma once

#include "base/err.h"

#include <argp.h>

/* What every subcommand that talks to a daemon takes. Filled by cli_common_argp. */
struct cli {
    const char *data;           /* data folder */
    bool data_given;            /* by --data */
    const char *url;            /* of a remote daemon, or NULL: the socket in the data folder */
    const char *token_file;
    const char *token;          /* to call with, before all others; NULL: token_file, or the uid */
    const char *ca_file;
    const char *organization;   /* name or id, or NULL */
    bool enterprise;
    bool plaintext;
    bool json;
};

/* The words of a subcommand that are not options: the first says what to do. */
enum { CLI_WORDS_MAX = 256 };
struct cli_words {
    const char *list[CLI_WORDS_MAX];
    size_t n;
};

/* Takes one word, or one more value of a repeatable option: for argp parsers, as their answer. */
error_t cli_take_word(struct argp_state *state, struct cli_words *words, const char *word);
/* The verb; "" where there is none. */
const char *cli_verb(const struct cli_words *words);
/* Word `i` after the verb; a usage error naming `what` where it is missing. */
MUST err cli_word(const struct cli_words *words, size_t i, const char *what, const char **out,
                  struct note *note);

/* At most `most` words after the verb: a usage error naming the first that is too many. */
MUST err cli_no_more_words(const struct cli_words *words, size_t most, struct note *note);

/* A usage error with --url: what needs the data folder, or its owner, is not done from elsewhere. */
MUST err cli_local_only(const struct cli *c, struct note *note);

/* One thing that a subcommand does. */
struct cli_verb {
    const char *name;
    err (*run)(const void *arguments, struct note *note);
    size_t most;                /* words after the verb */
};

/* Runs the verb that the words begin with and gives the exit code; says which there are otherwise. */
int cli_run_verb(const char *command, const struct cli_verb *verbs, size_t n,
                 const struct cli_words *words, const void *arguments);

/* Default data folder, JSON when standard output is no terminal. */
void cli_init_common(struct cli *c);
/* What is common, for a list of children of a subcommand's parser; its input is a struct cli. */
extern const struct argp cli_common_argp;
extern const struct argp_child cli_common_children[];
/* What a subcommand's own parser does with the keys that are not its own: `common` to the child, words
 * into `words`. */
error_t cli_parse_rest(int key, char *value, struct argp_state *state, struct cli *common,
                       struct cli_words *words);

int cli_run(int argc, char **argv);
/* The exit code, after all output: what could not be written down (a token, shown once) is a failure. */
int cli_end(int code);

/* Prints "latchkey: what" on standard error, as one line whatever it quotes, and gives the exit code of the error's row. */
int cli_fail(err e, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same from a note; the row's text where the note is empty. */
int cli_fail_note(err e, const struct note *note);

/* Parses a subcommand's arguments, which begin at its name. USAGE problems end the process with 2. */
void cli_parse(const struct argp *parser, const char *command, int argc, char **argv, void *input);

/* "30d", "12h", "45m", "10s" from now, or an RFC 3339 time → RFC 3339 text in `out`. BAD_INPUT. */
MUST err cli_expiry(const char *text, char *out, size_t size, struct note *note);

/* Reads a whole file ("-": standard input) of at most `max` bytes; the caller frees. */
MUST err cli_read_file(const char *path, size_t max, char **out, size_t *n, struct note *note);
/* A file with a secret that others may read is refused: MODE_TOO_WIDE. Pipes and "-" are fine. */
MUST err cli_check_secret_file(const char *path, struct note *note);
/* The one line of such a file: `what` ("a password") of 1 to `max` bytes, without line ends. The caller wipes and
 * frees. MODE_TOO_WIDE, BAD_INPUT. */
MUST err cli_read_secret(const char *path, const char *what, size_t max, char **out, size_t *n, struct note *note);
/* Writes a new file, mode 0600; refuses one that exists. CONFLICT, IO. */
MUST err cli_write_secret_file(const char *path, const char *text, struct note *note);

#define COMMAND(name, run, arguments, help, example) int run(int argc, char **argv);
#include "cli/command.def"
#undef COMMAND
