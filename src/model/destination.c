#include "model/destination.h"

static const struct {
    const char *name;
    bool needs_token;
    const char *path;
} rows[] = {
#define DESTINATION(id, number, title, token, where) [number] = {title, token, where},
#include "model/destination.def"
#undef DESTINATION
};

const char *destination_name(unsigned number)
{
    return number < sizeof rows / sizeof *rows ? rows[number].name : NULL;
}

bool destination_needs_token(enum destination d)
{
    return rows[d].needs_token;
}

const char *destination_path(enum destination d)
{
    return rows[d].path;
}
