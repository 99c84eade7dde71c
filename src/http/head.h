/* The head of a request: its first line and its fields (RFC 9112, sections 2 to 5), read more strictly than
 * the text allows: what two readers could take differently is no head. Pure. */
#pragma once

#include "base/arena.h"

enum {
    HEAD_MAX = 32 << 10, /* bytes, the empty line that ends it among them */
    HEAD_FIELDS_MAX = 1000,
    HEAD_BLANK_LINES_MAX = 4 /* before the first line, which old clients send after a body */
};

struct head_field {
    bytes name;
    bytes value; /* without blanks at its ends */
};

/* Views are in the text that was read. */
struct head {
    bytes method;
    bytes target;
    bool http_1_0; /* otherwise 1.1 */
    struct head_field *fields;
    size_t fields_n;
};

/* How far the search for the end has come; zero it before the first bytes of a head. */
struct head_scan {
    size_t line;  /* where the line begins that is not at its end yet */
    size_t at;    /* looked at so far; where the head ends once it is whole */
    size_t lines; /* whole ones, blank ones before the first not counted */
    size_t blank;
};

enum head_state { HEAD_PART, HEAD_WHOLE, HEAD_BROKEN };

/* `text` begins where it began in the calls before and has more at its end. BROKEN: a line that does not
 * end in CR LF, or what cannot be a method. */
enum head_state head_scan(struct head_scan *s, bytes text);

/* Reads the text up to scan->at. BAD_INPUT and HEADER_TOO_BIG with what is wrong in the note; NO_MEMORY. */
MUST err head_read(bytes text, const struct head_scan *scan, struct arena *a, struct head *out,
                   struct note *note);

/* The first field of this name, in any case; NULL: there is none. */
const struct head_field *head_field(const struct head *h, bytes name);
