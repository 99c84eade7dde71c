/* Lower-case hexadecimal digits. */
#pragma once

#include "base/bytes.h"

/* Writes 2·n digits and no terminator. */
void hex_write(bytes in, char *out);
/* Reads exactly 2·n digits; upper-case digits only where `any_case` says so. */
bool hex_read(bytes digits, uint8_t *out, size_t n, bool any_case);
