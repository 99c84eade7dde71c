#include "cli/cli.h"

#include "cli/command_rows.h"

#include "base/clock.h"
#include "base/secret.h"
#include "base/wr.h"
#include "store/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *arguments;
    const char *help;
    const char *example;
} commands[] = {
#define COMMAND(name, run, arguments, help, example) {name, run, arguments, help, example},
#include "cli/command.def"
#undef COMMAND
};

enum { COMMANDS = sizeof commands / sizeof *commands, SECRET_FILE_MAX = 4096 };

static const struct command *find(const char *name)
{
    for (size_t i = 0; i < COMMANDS; i++) {
        if (strcmp(commands[i].name, name) == 0) return &commands[i];
    }
    return NULL;
}

static void print_help(FILE *to)
{
    fprintf(to, "latchkey " LATCHKEY_VERSION ": application tokens for Apache Cassandra\n\n"
                "usage: latchkey COMMAND [OPTIONS]\n\n");
    for (size_t i = 0; i < COMMANDS; i++) {
        fprintf(to, "  %-10s %s\n", commands[i].name, commands[i].help);
    }
    fprintf(to, "\n`latchkey COMMAND --help` tells its options.\n");
}

int cli_run(int argc, char **argv)
{
    if (argc < 2) {
        print_help(stderr);
        return err_row(FAIL(USAGE))->exit;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
        print_help(stdout);
        return 0;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("latchkey " LATCHKEY_VERSION "\n");
        return 0;
    }
    const struct command *c = find(argv[1]);
    if (!c) return cli_fail(FAIL(USAGE), "no command is called \"%s\"; try latchkey --help", argv[1]);
    return c->run(argc - 1, argv + 1);
}

int cli_end(int code)
{
    errno = 0;
    const bool written = fflush(stdout) == 0 && !ferror(stdout);
    if (written || code != 0) return code;
    return cli_fail(FAIL(IO), "standard output: %s", errno ? strerror(errno) : "could not be written");
}

int cli_fail(err e, const char *format, ...)
{
    char line[2048];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(line, sizeof line, format, args);
    va_end(args);
    for (char *c = line; *c; c++) {
        if (*c == '\n' || *c == '\r') *c = ' ';
    }
    fprintf(stderr, "latchkey: %s\n", line);
    return err_row(e)->exit;
}

int cli_fail_note(err e, const struct note *note)
{
    return cli_fail(e, "%s", note && note->text[0] ? note->text : err_text(e));
}

error_t cli_take_word(struct argp_state *state, struct cli_words *words, const char *word)
{
    if (words->n == CLI_WORDS_MAX) argp_error(state, "more than %d words", CLI_WORDS_MAX);
    else words->list[words->n++] = word;
    return 0;
}

const char *cli_verb(const struct cli_words *words)
{
    return words->n ? words->list[0] : "";
}

err cli_word(const struct cli_words *words, size_t i, const char *what, const char **out,
             struct note *note)
{
    if (i + 1 >= words->n) {
        return note_fail(note, FAIL(USAGE), "%s is missing; see --help", what);
    }
    *out = words->list[i + 1];
    return DONE;
}

err cli_local_only(const struct cli *c, struct note *note)
{
    if (!c->url) return DONE;
    return note_fail(note, FAIL(USAGE),
                     "this is for the machine of the daemon alone: --data DIR instead of --url");
}

err cli_no_more_words(const struct cli_words *words, size_t most, struct note *note)
{
    if (words->n <= most + 1) return DONE;
    return note_fail(note, FAIL(USAGE), "what is \"%.64s\"? A name with spaces needs quotes",
                     words->list[most + 1]);
}

static int fail_verb(const char *command, const struct cli_verb *verbs, size_t n)
{
    char names[256];
    struct wr w = wr_fixed(names, sizeof names - 1);
    for (size_t i = 0; i < n; i++) {
        wr_text(&w, i == 0 ? "" : i + 1 == n ? " or " : ", ");
        wr_text(&w, verbs[i].name);
    }
    names[w.n] = 0;
    return cli_fail(FAIL(USAGE), "%s %s? See latchkey %s --help", command, names, command);
}

int cli_run_verb(const char *command, const struct cli_verb *verbs, size_t n,
                 const struct cli_words *words, const void *arguments)
{
    struct note note = {{0}};
    size_t i = 0;
    while (i < n && strcmp(cli_verb(words), verbs[i].name) != 0) i++;
    if (i == n) return fail_verb(command, verbs, n);
    err e = cli_no_more_words(words, verbs[i].most, &note);
    if (err_is_ok(e)) e = verbs[i].run(arguments, &note);
    return err_is_ok(e) ? 0 : cli_fail_note(e, &note);
}

enum { KEY_URL = 0x100, KEY_TOKEN_FILE, KEY_CA_FILE, KEY_ORG, KEY_ENTERPRISE, KEY_PLAINTEXT, KEY_JSON };

static const struct argp_option common_options[] = {
    {"data", 'd', "DIR", 0, "data folder", 10},
    {"url", KEY_URL, "URL", 0, "a remote daemon instead of the data folder's socket", 10},
    {"token-file", KEY_TOKEN_FILE, "FILE", 0, "token for --url (or LATCHKEY_TOKEN)", 10},
    {"ca-file", KEY_CA_FILE, "FILE", 0, "certificates to trust for --url", 10},
    {"org", KEY_ORG, "NAME|ID", 0, "organization, where there are several", 10},
    {"enterprise", KEY_ENTERPRISE, 0, 0, "act in the enterprise instead of an organization", 10},
    {"plaintext", KEY_PLAINTEXT, 0, 0, "allow http:// beyond this machine", 10},
    {"json", KEY_JSON, 0, 0, "print JSON", 10},
    {0},
};

static error_t parse_common(int key, char *value, struct argp_state *state)
{
    struct cli *c = state->input;
    switch (key) {
    case 'd': c->data = value; c->data_given = true; return 0;
    case KEY_URL: c->url = value; return 0;
    case KEY_TOKEN_FILE: c->token_file = value; return 0;
    case KEY_CA_FILE: c->ca_file = value; return 0;
    case KEY_ORG: c->organization = value; return 0;
    case KEY_ENTERPRISE: c->enterprise = true; return 0;
    case KEY_PLAINTEXT: c->plaintext = true; return 0;
    case KEY_JSON: c->json = true; return 0;
    case ARGP_KEY_END:
        if (c->url && c->data_given) argp_error(state, "--data is this machine's daemon, --url another: say one of them");
        return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

const struct argp cli_common_argp = {.options = common_options, .parser = parse_common};
const struct argp_child cli_common_children[] = {{&cli_common_argp, 0, "Common options", 10}, {0}};

error_t cli_parse_rest(int key, char *value, struct argp_state *state, struct cli *common,
                       struct cli_words *words)
{
    switch (key) {
    case ARGP_KEY_INIT: state->child_inputs[0] = common; return 0;
    case ARGP_KEY_ARG: return cli_take_word(state, words, value);
    default: return ARGP_ERR_UNKNOWN;
    }
}

static const char *default_data(void)
{
    static char path[4096];
    const char *home = getenv("HOME");
    const char *xdg = getenv("XDG_DATA_HOME");
    if (xdg && *xdg) {
        (void)snprintf(path, sizeof path, "%s/latchkey", xdg);
    } else if (home && *home) {
        (void)snprintf(path, sizeof path, "%s/.local/share/latchkey", home);
    } else {
        return "/var/lib/latchkey";
    }
    return path;
}

void cli_init_common(struct cli *c)
{
    *c = (struct cli){.data = default_data(), .json = !isatty(STDOUT_FILENO)};
}

/* argp takes a writable argv[0]; it shows up in the usage line. */
void cli_parse(const struct argp *parser, const char *command, int argc, char **argv, void *input)
{
    static char name[64];
    command_rows_told(parser);
    const struct command *c = find(command);
    struct argp described = *parser;
    static char doc[1024];
    if (c) {
        (void)snprintf(doc, sizeof doc, "%s\vExample:\n  %s", c->help, c->example);
        described.doc = doc;
        if (!described.args_doc) described.args_doc = c->arguments;
    }
    (void)snprintf(name, sizeof name, "latchkey %s", command);
    argv[0] = name;
    argp_err_exit_status = err_row(FAIL(USAGE))->exit;
    (void)argp_parse(&described, argc, argv, 0, NULL, input);
}

static int64_t unit_seconds(char unit)
{
    switch (unit) {
    case 's': return 1;
    case 'm': return 60;
    case 'h': return 3600;
    case 'd': return 86400;
    case 'w': return 7 * 86400;
    default: return 0;
    }
}

#define LIFETIME_MAX_S (INT64_C(100) * 366 * 86400)

err cli_expiry(const char *text, char *out, size_t size, struct note *note)
{
    char *end;
    char when[CLOCK_TEXT_SIZE];
    int64_t ns;
    errno = 0;
    const long long n = strtoll(text, &end, 10);
    const int64_t unit = end > text && *end && !end[1] ? unit_seconds(*end) : 0;
    if (unit > 0 && n > 0 && !errno && n <= LIFETIME_MAX_S / unit) {
        ns = clock_utc_ns() + n * unit * INT64_C(1000000000);
    } else if (!err_is_ok(clock_read_utc(bytes_of_text(text), &ns))) {
        return note_fail(note, FAIL(BAD_INPUT),
                         "\"%s\" is neither a lifetime like 30d or 12h nor a time like "
                         "2027-01-31T00:00:00Z",
                         text);
    }
    clock_write_utc(ns, 3, when);
    (void)snprintf(out, size, "%s", when);
    return DONE;
}

static err read_stream(FILE *f, const char *path, size_t max, char **out, size_t *n, struct note *note)
{
    char *room = malloc(max + 1);
    if (!room) return FAIL(NO_MEMORY);
    *n = fread(room, 1, max + 1, f);
    const err e = ferror(f)  ? note_fail(note, err_of_errno(errno), "%s: %s", path, strerror(errno))
                  : *n > max ? note_fail(note, FAIL(BAD_INPUT), "%s is longer than %zu bytes", path, max)
                             : DONE;
    if (!err_is_ok(e)) {
        free(room);
        return e;
    }
    room[*n] = 0;
    *out = room;
    return DONE;
}

err cli_read_file(const char *path, size_t max, char **out, size_t *n, struct note *note)
{
    if (strcmp(path, "-") == 0) return read_stream(stdin, "standard input", max, out, n, note);
    FILE *f = fopen(path, "re");
    if (!f) return note_fail(note, err_of_errno(errno), "%s: %s", path, strerror(errno));
    const err e = read_stream(f, path, max, out, n, note);
    (void)fclose(f);
    return e;
}

err cli_check_secret_file(const char *path, struct note *note)
{
    struct stat s;
    if (strcmp(path, "-") == 0 || stat(path, &s) != 0 || !S_ISREG(s.st_mode)) return DONE;
    if (!(s.st_mode & 077)) return DONE;
    return note_fail(note, FAIL(MODE_TOO_WIDE), "%s has mode %04o, others could read the secret in it: chmod 600 %s",
                     path, (unsigned)s.st_mode & 07777, path);
}

err cli_read_secret(const char *path, const char *what, size_t max, char **out, size_t *n, struct note *note)
{
    char *text;
    size_t read;
    TRY(cli_check_secret_file(path, note));
    TRY(cli_read_file(path, SECRET_FILE_MAX, &text, &read, note));
    *n = read;
    while (*n > 0 && (text[*n - 1] == '\n' || text[*n - 1] == '\r')) text[--*n] = 0;
    *out = text;
    if (*n > 0 && *n <= max) return DONE;
    secret_wipe(text, read);
    free(text);
    return note_fail(note, FAIL(BAD_INPUT), "%s: %s of 1 to %zu bytes is expected",
                     strcmp(path, "-") == 0 ? "standard input" : path, what, max);
}

err cli_write_secret_file(const char *path, const char *text, struct note *note)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) return folder_cannot_create(path, note);
    const size_t n = strlen(text);
    const bool written = write(fd, text, n) == (ssize_t)n && fsync(fd) == 0;
    if (close(fd) != 0 || !written) return note_fail(note, FAIL(IO), "%s: could not be written", path);
    return DONE;
}
