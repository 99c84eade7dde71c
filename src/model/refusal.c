#include "model/refusal.h"

#include "base/check.h"

static const struct {
    unsigned number;
    const char *text;
} rows[REFUSALS] = {
    [REFUSAL_NONE] = {0, ""},
#define REFUSAL(id, number, text) [REFUSAL_##id] = {number, text},
#include "model/refusal.def"
#undef REFUSAL
};

const char *refusal_text(enum refusal r)
{
    CHECK(r > REFUSAL_NONE && r < REFUSALS);
    return rows[r].text;
}

unsigned refusal_number(enum refusal r)
{
    CHECK(r > REFUSAL_NONE && r < REFUSALS);
    return rows[r].number;
}

enum refusal refusal_of_number(unsigned number)
{
    for (unsigned r = REFUSAL_NONE + 1; r < REFUSALS; r++) {
        if (rows[r].number == number) return (enum refusal)r;
    }
    return REFUSAL_OTHER;
}
