/* A file system layer for SQLite that gathers the writes of its log until they are synced: a commit writes a header
 * and a page for every frame, one right after the other, and is nothing before its sync. */
#pragma once

/* The name of a layer over `base` (NULL: the system's), for a connection that writes with synchronous = FULL;
 * registered at first use, of each base once. NULL: there is no such base, or no memory. Not thread safe. */
const char *gather_vfs(const char *base);
