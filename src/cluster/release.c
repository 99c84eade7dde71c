/* Reads the dotted numbers that a release version begins with. */
#include "cluster/release.h"

enum { PARTS = 3, PART_MAX = 1000000 };

struct release {
    unsigned part[PARTS];
};

static struct release read_release(bytes version)
{
    struct release out = {0};
    size_t at = 0;
    for (size_t i = 0; i < version.n && at < PARTS; i++) {
        const uint8_t c = version.p[i];
        if (c == '.') {
            at++;
        } else if (c >= '0' && c <= '9' && out.part[at] < PART_MAX) {
            out.part[at] = out.part[at] * 10u + (unsigned)c - (unsigned)'0';
        } else {
            break;
        }
    }
    return out;
}

int release_compare(bytes a, bytes b)
{
    const struct release x = read_release(a);
    const struct release y = read_release(b);
    for (size_t i = 0; i < PARTS; i++) {
        if (x.part[i] != y.part[i]) return x.part[i] < y.part[i] ? -1 : 1;
    }
    return 0;
}

bool release_is_old(bytes version)
{
    const struct release r = read_release(version);
    const bool five = r.part[0] == 5 && r.part[1] == 0;
    return five ? r.part[2] < 3 : release_compare(version, BYTES("4.1.8")) < 0;
}
