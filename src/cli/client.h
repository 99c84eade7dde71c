/* One request to a daemon: over the UNIX socket in the data folder, or to a URL with a token. */
#pragma once

#include "cli/cli.h"
#include "model/uuid.h"

#include <jansson.h>

struct client_answer {
    long status;
    json_t *body;          /* or NULL; client_answer_drop gives it back */
    char location[256];
    char total[16];        /* how many match, where this is a page of them */
    char tokens_made[16];  /* by a member who was removed */
    char token_ids[768];   /* some of them, by commas */
};

void client_answer_drop(struct client_answer *a);

/* `path` begins with /v2; `body` may be NULL and stays the caller's. An answer of 400 and above is an
 * error of the fitting class with the daemon's message in the note. */
MUST err client_call(const struct cli *c, const char *method, const char *path, const json_t *body,
                     struct client_answer *out, struct note *note);

/* Adds an argument to a path's query; nothing for NULL. False: the path would be too long. */
bool client_add_argument(char *path, size_t size, const char *name, const char *value);

/* The database, organization or role of this id or name: its whole object, a new reference. NOT_FOUND, BAD_INPUT. */
MUST err client_find_database(const struct cli *c, const char *name, json_t **out, struct note *note);
/* The id of the organization that the caller acts in. */
MUST err client_find_own_organization(const struct cli *c, char out[UUID_TEXT + 1], struct note *note);
/* A member by address or id, as the list of users has it. NOT_FOUND. */
MUST err client_find_user(const struct cli *c, const char *name, json_t **out, struct note *note);
MUST err client_find_organization(const struct cli *c, const char *name, json_t **out, struct note *note);
MUST err client_find_role(const struct cli *c, const char *name, json_t **out, struct note *note);
