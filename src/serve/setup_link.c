/* The file DIR/setup-link. */
#include "serve/setup_link.h"

#include "base/secret.h"
#include "serve/web_site.h"

#include <unistd.h>

enum { LINK_FILE_MAX = 4096 };

err setup_link_write(const char *data, bytes base, const struct link *l, char path[FOLDER_PATH_MAX],
                     struct note *note)
{
    char text[LINK_FILE_MAX];
    struct wr w = wr_fixed(text, sizeof text);
    link_write(l, base, "/set-up", &w);
    wr_u8(&w, '\n');
    TRY(folder_path(data, FOLDER_SETUP_LINK, path, note));
    if (w.bad) return note_fail(note, FAIL(BAD_INPUT), "public-url is too long for a link");
    const err e = folder_replace_file(path, wr_view(&w), note);
    secret_wipe(text, sizeof text);
    return e;
}

static err find_site(const struct config *c, struct web_site *site, struct note *note)
{
    struct address listening = {0};
    const char *listen = config_text(c, SETTING_HTTP_LISTEN);
    if (!err_is_ok(address_read(bytes_of_text(listen), 0, &listening))) {
        return note_fail(note, FAIL(BAD_INPUT), "http: \"%s\" is not ADDRESS:PORT", listen);
    }
    return web_site_read(c, &listening, *config_text(c, SETTING_HTTP_TLS_CERT) != 0, site, note);
}

err setup_link_check(const struct config *c, struct note *note)
{
    struct web_site site;
    return find_site(c, &site, note);
}

err setup_link_write_for(const char *data, const struct config *c, const struct link *l,
                         char path[FOLDER_PATH_MAX], struct note *note)
{
    struct web_site site;
    TRY(find_site(c, &site, note));
    return setup_link_write(data, site.site.base, l, path, note);
}

static bool holds(bytes file, bytes secret)
{
    while (file.n && file.p[file.n - 1] == '\n') file.n--;
    return file.n > secret.n &&
           secret_eq(bytes_part(file, file.n - secret.n, secret.n), secret);
}

void setup_link_remove(const char *data, bytes secret)
{
    char path[FOLDER_PATH_MAX];
    char text[LINK_FILE_MAX];
    struct note note;
    struct wr w = wr_fixed(text, sizeof text);
    if (!err_is_ok(folder_path(data, FOLDER_SETUP_LINK, path, &note))) return;
    if (err_is_ok(folder_read_file(path, &w, &note)) && holds(wr_view(&w), secret))
        (void)unlink(path);
    secret_wipe(text, sizeof text);
}
