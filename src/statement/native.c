#include "statement/native.h"

static const bytes natives[] = {
#define NATIVE(name) {(const uint8_t *)name, sizeof(name) - 1},
#include "statement/native.def"
#undef NATIVE
};

static int compare(bytes a, bytes b)
{
    const int head = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);
    return head ? head : (a.n > b.n) - (a.n < b.n);
}

bool native_has(bytes name)
{
    size_t from = 0;
    size_t to = name.n ? sizeof natives / sizeof natives[0] : 0;
    while (from < to) {
        const size_t middle = from + (to - from) / 2;
        const int order = compare(name, natives[middle]);
        if (order == 0) return true;
        if (order < 0) to = middle;
        else from = middle + 1;
    }
    return false;
}
