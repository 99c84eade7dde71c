/* `latchkey serve`: the daemon in the foreground. */
#include "cli/cli.h"
#include "serve/serve.h"

#include <stdio.h>

struct arguments {
    struct cli common;
    const char *config_file;
    const char *set[16][2];    /* setting, value: the command line wins over the file */
    size_t set_n;
};

static const struct argp_option options[] = {
    {"data", 'd', "DIR", 0, "data folder", 1},
    {"config", 'c', "FILE", 0, "settings (see latchkey config show)", 1},
    {"http", 'H', "ADDR:PORT", 0, "where the API listens", 1},
    {"http-tls-cert", 0x200, "FILE", 0, "its certificate chain, PEM", 1},
    {"http-tls-key", 0x201, "FILE", 0, "its private key, PEM", 1},
    {"workers", 'w', "N", 0, "gateway threads (0: one a core)", 1},
    {0},
};

static error_t set(struct argp_state *state, const char *name, const char *value)
{
    struct arguments *a = state->input;
    if (a->set_n == sizeof a->set / sizeof *a->set) {
        argp_error(state, "too many options");
        return 0;
    }
    a->set[a->set_n][0] = name;
    a->set[a->set_n++][1] = value;
    return 0;
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct arguments *a = state->input;
    switch (key) {
    case 'd': a->common.data = value; return 0;
    case 'c': a->config_file = value; return 0;
    case 'H': return set(state, "http", value);
    case 0x200: return set(state, "http-tls-cert", value);
    case 0x201: return set(state, "http-tls-key", value);
    case 'w': return set(state, "workers", value);
    default: return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp parser = {.options = options, .parser = parse};

static err run(const struct arguments *a, struct config *c, struct note *note)
{
    if (a->config_file) TRY(config_read(c, a->config_file, note));
    for (size_t i = 0; i < a->set_n; i++) TRY(config_set(c, a->set[i][0], a->set[i][1], note));
    const struct serve_options o = {.data = a->common.data, .config = c, .config_file = a->config_file};
    return serve_run(&o, note);
}

int cli_serve(int argc, char **argv)
{
    struct arguments a = {0};
    struct note note = {{0}};
    struct config c;
    cli_init_common(&a.common);
    cli_parse(&parser, "serve", argc, argv, &a);
    config_init(&c);
    const err e = run(&a, &c, &note);
    config_drop(&c);
    return err_is_ok(e) ? 0 : cli_fail_note(e, &note);
}
