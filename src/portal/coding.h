/* Which of the codings that a file is kept in a client gets (RFC 9110, section 12.5.3). Pure. */
#pragma once

#include "base/bytes.h"

/* In the order in which we like them: where a client likes two alike, the earlier one goes out. */
enum coding {
#define CODING(id, name) CODING_##id,
#include "portal/coding.def"
#undef CODING
    CODINGS
};

/* As Accept-Encoding and Content-Encoding have it. */
const char *coding_name(enum coding c);
/* `have`: bits (1 << coding) of what there is besides CODING_IDENTITY, which there always is. A field
 * that cannot be read, or that forbids everything there is, gets the file as it is. */
enum coding coding_choose(bytes accept_encoding, unsigned have);
