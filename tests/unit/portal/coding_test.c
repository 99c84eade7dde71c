/* Accept-Encoding: which coding a client gets. */
#include "unit.h"

#include "portal/coding.h"

enum { ALL = 1u << CODING_BR | 1u << CODING_GZIP };

static const struct {
    const char *field;
    unsigned have;
    enum coding want;
} rows[] = {
    {"", ALL, CODING_IDENTITY},
    {"br", ALL, CODING_BR},
    {"gzip", ALL, CODING_GZIP},
    {"gzip, deflate, br, zstd", ALL, CODING_BR},
    {"gzip, deflate, br", 1u << CODING_GZIP, CODING_GZIP},
    {"br", 1u << CODING_GZIP, CODING_IDENTITY},
    {"gzip, br", 0, CODING_IDENTITY},
    {"*", ALL, CODING_BR},
    {"*;q=0.001", ALL, CODING_BR},
    {"*;q=0", ALL, CODING_IDENTITY},
    {"br;q=0, *", ALL, CODING_GZIP},
    {"br;q=0,gzip;q=0", ALL, CODING_IDENTITY},
    {"br;q=0.5, gzip;q=0.501", ALL, CODING_GZIP},
    {"br;q=0.500, gzip;q=0.5", ALL, CODING_BR},
    {"br;q=0.5, identity", ALL, CODING_IDENTITY},
    {"br;q=0.5, identity;q=0.5", ALL, CODING_BR},
    {"gzip;q=0.001", ALL, CODING_GZIP},
    {"identity;q=0", ALL, CODING_IDENTITY},
    {"identity;q=0, gzip;q=0.1", ALL, CODING_GZIP},
    {" \tBR \t;\t q=1.000 ", ALL, CODING_BR},
    {"GZip;Q=1", ALL, CODING_GZIP},
    {"x-gzip", ALL, CODING_GZIP},
    {"gzip;q=0, gzip", ALL, CODING_IDENTITY},
    /* What cannot be read says nothing. */
    {"br;q=2", ALL, CODING_IDENTITY},
    {"br;q=1.001", ALL, CODING_IDENTITY},
    {"br;q=0.5000", ALL, CODING_IDENTITY},
    {"br;q=", ALL, CODING_IDENTITY},
    {"br;q", ALL, CODING_IDENTITY},
    {"br;", ALL, CODING_IDENTITY},
    {"br;q=.5", ALL, CODING_IDENTITY},
    {"br;q=-1", ALL, CODING_IDENTITY},
    {"br;q=1;q=1", ALL, CODING_IDENTITY},
    {"br;level=3", ALL, CODING_IDENTITY},
    {";q=1", ALL, CODING_IDENTITY},
    {"b r", ALL, CODING_IDENTITY},
    {"brr, xbr, br\"", ALL, CODING_IDENTITY},
    {",,, ,br;q=x,gzip,,", ALL, CODING_GZIP},
};

static void every_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const enum coding got = coding_choose(bytes_of_text(rows[i].field), rows[i].have);
        if (got != rows[i].want)
            fail_msg("\"%s\": %s", rows[i].field, coding_name(got));
    }
}

UNIT_MAIN(cmocka_unit_test(every_row))
