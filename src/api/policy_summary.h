/* What a table of permissions comes to, in one sentence for people. Pure. */
#pragma once

#include "model/resource.h"

struct policy_summary {
    size_t databases;
    size_t logs_in;   /* to so many of them */
    size_t keyspaces;
    size_t changed;   /* whose schema can be changed, or that of a table in them */
    size_t tables;
    size_t read;
    size_t written;
    size_t unreached; /* tables that are read or written, in databases without a login */
    size_t scope;     /* permissions of the organization or enterprise */
    size_t scope_all;
    bool enterprise;
    bool creates;     /* registers databases */
    bool in_login;    /* the rest is of the row before: the database at hand has a login */
    bool in_changed;  /* the keyspace at hand was counted */
};

bool policy_summary_reads(action_set allowed);
bool policy_summary_writes(action_set allowed);
bool policy_summary_changes(action_set allowed);

/* Rows in the order of policy_rows: a table follows its keyspace, and that its database. */
void policy_summary_add(struct policy_summary *s, const struct resource *on, action_set allowed);
void policy_summary_write(const struct policy_summary *s, bool truncated, struct wr *w);
