/* Whether what a door said is a row of whole answers in the shapes that we promise. */
#pragma once

#include "base/bytes.h"

/* Ends the process with what is wrong, and the bytes. */
void http_answers_check(bytes said);
