/* Loading: everything in the store becomes the first picture of the index. */
#pragma once

#include "base/err.h"

struct index;
struct store;

/* Before any other thread reads the index. The note says what could not be read. */
MUST err load_index(struct store *s, struct index *x, struct note *note);
