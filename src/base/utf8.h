/* UTF-8 as RFC 3629 defines it: shortest form, no surrogates, at most U+10FFFF. */
#pragma once

#include "base/bytes.h"

/* How many bytes at the beginning are valid. */
size_t utf8_valid_part(bytes text);
bool utf8_is_valid(bytes text);
/* Valid, at most `max` code points, and no control or bidirectional-override characters. */
bool utf8_is_plain(bytes text, size_t max);
/* Whether a valid text has one of the characters that are not plain; *point is the first. */
bool utf8_has_control(bytes text, uint32_t *point);
/* The first code point of a valid text that is not empty; *text moves behind it. */
uint32_t utf8_next(bytes *text);
/* Code points of a valid text. */
size_t utf8_length(bytes text);
/* Puts '?' for every byte that is no part of a valid sequence: for sentences that were cut. */
void utf8_mend(char *text, size_t n);
