/* A disk in memory for SQLite that can lose what was not synced, fail the n-th call, and fill up. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FAULT_VFS "fault"

enum fault_kind {
    FAULT_ONCE,        /* that call alone fails */
    FAULT_FOR_EVER     /* it and all after it */
};

/* An empty disk without faults; registers the VFS the first time. */
void fault_vfs_reset(void);
/* Counts from here on: the n-th call (from 1) fails; 0: none. */
void fault_vfs_fail(uint64_t n, enum fault_kind kind);
/* Counts from here on: at the n-th sync the power goes, before or after it took effect; 0: never. From
 * then on every call fails. */
void fault_vfs_cut_power(uint64_t n, bool after);
/* Bytes that all files together may have. */
void fault_vfs_set_room(size_t bytes);
uint64_t fault_vfs_calls(void);
uint64_t fault_vfs_syncs(void);
size_t fault_vfs_used(void);
/* Power is back: every file is what was synced, and of what was written since, each write is there, gone,
 * or there in part, by the seed. All handles must be closed. */
void fault_vfs_restart(uint64_t seed);
