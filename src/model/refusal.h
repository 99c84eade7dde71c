/* Reasons of refusals, for counting; the sentence that a caller is told is another matter. */
#pragma once

enum refusal {
    REFUSAL_NONE,
#define REFUSAL(id, number, text) REFUSAL_##id,
#include "model/refusal.def"
#undef REFUSAL
    REFUSALS
};

/* Not of REFUSAL_NONE. */
const char *refusal_text(enum refusal r);
unsigned refusal_number(enum refusal r);
enum refusal refusal_of_number(unsigned number);
