/* Who is calling, when it is a signed-in person. */
#pragma once

#include "identity/identity.h"

/* The session by its secret, and the membership in the scope that was asked for. A person without any
 * membership is recognised, and may nothing but what concerns themselves. */
enum identity_reason identity_person_find(const struct index *index, const struct credential *cred,
                                          int64_t now_ms, uint64_t version, struct principal *who);
