/* Where browsers find the HTTP doors, from public-url or from the address they listen on. */
#pragma once

#include "config/config.h"
#include "http/site.h"
#include "net/address.h"

enum { WEB_SITE_TEXT = 300 };

/* The views of `site` are of `text`: not to be copied. */
struct web_site {
    struct http_site site;
    char text[HTTP_SITE_ORIGINS_MAX][WEB_SITE_TEXT];
};

/* `listening`: the address in use, its port known. BAD_INPUT, said in the note. */
MUST err web_site_read(const struct config *c, const struct address *listening, bool tls,
                       struct web_site *out, struct note *note);
