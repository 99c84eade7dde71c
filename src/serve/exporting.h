/* Audit exports in a running daemon: what they need of the settings and the keys, and what the API asks. */
#pragma once

#include "api/api.h"
#include "config/config.h"
#include "export/export.h"
#include "index/snapshot.h"
#include "store/folder.h"

struct gate;

struct exporting {
    struct gate *gate;
    struct endpoint_targets targets;
    char places[FOLDER_PATH_MAX];
    struct export *export;
};

/* What it is given is borrowed until exporting_close. BAD_INPUT for a setting, IO, NO_MEMORY. */
struct exporting_options {
    const struct config *config;
    const char *data;
    const char *trail;
    struct gate *gate;
    struct index *index;
    struct audit *audit;
};
MUST err exporting_open(const struct exporting_options *o, struct exporting *x, struct note *note);
/* api_ports.may_export, export_state. */
MUST err exporting_check(const struct exporting *x, const struct record_audit_export *e, struct note *note);
bool exporting_state(const struct exporting *x, const struct record_audit_export *e, struct api_export_state *out);
/* The elements of an open array, of every export of the snapshot; in a read section. */
void exporting_status(const struct exporting *x, const struct snapshot *s, struct json_out *j);
void exporting_close(struct exporting *x);
