/* The API as one HTML page, made of the same rows as the OpenAPI document: no script, nothing from
 * elsewhere, its style inside it. */
#pragma once

#include "base/wr.h"

enum { REFERENCE_POLICY_SIZE = 192 };

void reference_write(struct wr *w);
/* The Content-Security-Policy that lets the page's own style in and nothing else. */
void reference_policy(char out[REFERENCE_POLICY_SIZE]);
