/* The data folder: 0700, locked by the one daemon that uses it, its files 0600 and replaced whole. */
#pragma once

#include "base/err.h"
#include "base/wr.h"

enum { FOLDER_PATH_MAX = 4096 };

enum folder_name {
#define FOLDER_NAME(id, name) FOLDER_##id,
#include "store/folder_name.def"
#undef FOLDER_NAME
    FOLDER_NAMES_N
};
extern const char *const folder_names[FOLDER_NAMES_N];

/* An opened and locked data folder; zero-initialised is closed. */
struct folder {
    int lock;                     /* descriptor + 1 of DIR/lock, or 0 */
    char path[FOLDER_PATH_MAX];
};

/* Makes the folder (0700; parents must be there); an existing one must be a folder of mode 0700.
 * MODE_TOO_WIDE, NOT_FOUND, else as err_of_errno says. */
MUST err folder_create(const char *path, struct note *note);
/* Says by errno why a new file or folder could not be made. CONFLICT, NOT_FOUND (what it would be in),
 * else as err_of_errno says. */
MUST err folder_cannot_create(const char *path, struct note *note);
/* A folder that group and others may not touch. NOT_FOUND, MODE_TOO_WIDE; BAD_INPUT: it is none. */
MUST err folder_check(const char *path, struct note *note);
/* Checks the mode and takes the lock, which names our process. NOT_FOUND, MODE_TOO_WIDE; CONFLICT: another
 * process uses it. */
MUST err folder_open(const char *path, struct folder *f, struct note *note);
void folder_close(struct folder *f);
/* Where something of a data folder stands. BAD_INPUT: the path is too long. */
MUST err folder_path(const char *data, enum folder_name what, char out[FOLDER_PATH_MAX], struct note *note);
/* "<folder>/<name>"; false when it is too long. */
bool folder_join(const char *folder, const char *name, char out[FOLDER_PATH_MAX]);

/* A regular file that group and others may not touch. NOT_FOUND, MODE_TOO_WIDE; BAD_INPUT: it is none. */
MUST err folder_check_file(const char *path, struct note *note);
/* Checked as above; all of it, up to out's maximum (FRAME_TOO_BIG beyond). */
MUST err folder_read_file(const char *path, struct wr *out, struct note *note);
/* A new file of mode 0600, durable when it returns. CONFLICT when it exists, NOT_FOUND without its folder. */
MUST err folder_create_file(const char *path, bytes content, struct note *note);
/* Replaces the file (0600) in one step: after a crash it is the former or the new one, whole. */
MUST err folder_replace_file(const char *path, bytes content, struct note *note);
/* Makes the names in the file's folder durable. */
MUST err folder_sync_parent(const char *path, struct note *note);
