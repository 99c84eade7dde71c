/* What only we can break: always on, and ends the process. Strangers must never reach it. */
#pragma once

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (__builtin_expect(!(condition), 0)) check_failed(__FILE__, __LINE__, #condition);       \
    } while (0)

_Noreturn void check_failed(const char *file, int line, const char *condition);
