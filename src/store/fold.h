/* Names compared without regard to case. */
#pragma once

#include "base/wr.h"

/* Simple case folding of valid UTF-8: ASCII, Latin-1, Latin Extended-A, Greek and Cyrillic; all other
 * characters stay. Bytes that are not UTF-8 are copied. The result is stored: widening the ranges needs
 * a migration. */
void fold_write(bytes name, struct wr *w);
