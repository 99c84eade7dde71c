/* What every unit test includes: cmocka and two small comparisons. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/err.h"

#define assert_ok(call) assert_string_equal(err_row(call)->name, "OK")
#define assert_err(call, code) assert_string_equal(err_row(call)->name, #code)
#define assert_bytes(b, text)                                                                      \
    do {                                                                                           \
        const bytes got_ = (b);                                                                    \
        const bytes want_ = bytes_of_text(text);                                                   \
        assert_int_equal(got_.n, want_.n);                                                         \
        if (got_.n) assert_memory_equal(got_.p, want_.p, got_.n);                                  \
    } while (0)
#define UNIT_MAIN(...)                                                                             \
    int main(void)                                                                                 \
    {                                                                                              \
        const struct CMUnitTest tests[] = {__VA_ARGS__};                                           \
        return cmocka_run_group_tests(tests, NULL, NULL);                                          \
    }
