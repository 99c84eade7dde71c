/* Where an export goes, as a URL: what is readable, safe and allowed. */
#pragma once

#include "base/ip.h"
#include "model/record.h"

enum { ENDPOINT_MAX = 2048 + 64, ENDPOINT_TARGETS_MAX = 64 };

/* Networks to which others than the local operator may have records sent. */
struct endpoint_targets {
    struct ip_prefix list[ENDPOINT_TARGETS_MAX];
    size_t n;
};

/* https, or http to this machine; without a name and password, a fragment; and, unless the operator set it
 * up, in the targets as far as an address can be told from its text. BAD_INPUT, NOT_ALLOWED. */
MUST err endpoint_check(const struct record_audit_export *e, const struct endpoint_targets *targets, struct note *note);
/* The URL that is called. False: it cannot be read. */
bool endpoint_url(const struct record_audit_export *e, char out[ENDPOINT_MAX]);
/* Asked of the address that is about to be connected to: a name says little of where it leads. `plain`: not
 * TLS. The text says why not. */
bool endpoint_may_connect(const struct endpoint_targets *targets, bool by_operator, bool plain, const struct ip *to,
                          const char **why);
