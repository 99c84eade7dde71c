/* A build without the Portal. */
#include "portal/files.h"

const struct portal_files portal_files = {NULL, 0};
