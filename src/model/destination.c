#include "model/destination.h"

static const struct {
    const char *name;
    const char *path;
} rows[] = {
#define DESTINATION(id, number, title, where) [number] = {title, where},
#include "model/destination.def"
#undef DESTINATION
};

const char *destination_name(unsigned number)
{
    return number < sizeof rows / sizeof *rows ? rows[number].name : NULL;
}

const char *destination_path(enum destination d)
{
    return rows[d].path;
}
