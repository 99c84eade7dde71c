/* The files of the Portal as the build has packed them into the program (tools/portal.mjs). */
#pragma once

#include "portal/coding.h"

struct portal_body {
    const char *bytes; /* NULL: not kept in this coding, which would not make it smaller */
    size_t n;
    const char *etag; /* of these bytes in this coding */
};

struct portal_file {
    const char *path; /* "/assets/index-B1x2y3z4.js" */
    const char *type;
    bool lasting; /* its name changes with its content */
    struct portal_body bodies[CODINGS];
};

struct portal_files {
    const struct portal_file *rows;
    size_t n; /* 0: the program was built without the Portal */
};

extern const struct portal_files portal_files;
