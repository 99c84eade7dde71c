#include "people/email.h"

#include "base/utf8.h"

bool email_is_plausible(bytes text)
{
    size_t ats = 0;
    if (text.n < 3 || text.n > EMAIL_MAX || !utf8_is_plain(text, EMAIL_MAX)) return false;
    if (text.p[0] == '@' || text.p[text.n - 1] == '@') return false;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == ' ' || text.p[i] == ',' || text.p[i] == ';') return false;
        ats += text.p[i] == '@';
    }
    return ats == 1;
}
