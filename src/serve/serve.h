/* The daemon: opens the data folder, wires the rooms together, runs until it is told to stop. */
#pragma once

#include "config/config.h"

struct serve_options {
    const char *data;            /* data folder */
    const struct config *config; /* borrowed */
    const char *config_file;     /* read again on SIGHUP, or NULL */
};

/* Returns after SIGTERM or SIGINT has drained it. Everything that keeps it from starting is said in
 * the note: what, why, and what to do. */
MUST err serve_run(const struct serve_options *options, struct note *note);
