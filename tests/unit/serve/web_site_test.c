/* Where browsers find the doors: which origins are ours, whether a cookie is safe there, and what
 * links begin with. */
#include "unit.h"

#include "serve/web_site.h"

static struct config config;
static struct web_site site;
static struct note note;

static err site_for(const char *url, const char *listening, bool tls)
{
    struct address a;
    config_init(&config);
    assert_ok(config_set(&config, "public-url", url, &note));
    assert_ok(address_read(bytes_of_text(listening), 0, &a));
    const err e = web_site_read(&config, &a, tls, &site, &note);
    config_drop(&config);
    return e;
}

static void a_public_url_is_written_as_browsers_write_origins(void **state)
{
    static const char *const same[] = {"https://keys.example", "https://Keys.Example/", "https://keys.example:443"};
    (void)state;
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        assert_ok(site_for(same[i], "0.0.0.0:8090", false));
        assert_int_equal(site.site.origins_n, 1);
        assert_bytes(site.site.origins[0], "https://keys.example");
        assert_bytes(site.site.base, "https://keys.example");
        assert_true(site.site.secure);
    }
    assert_ok(site_for("https://[2001:db8::1]:8443", "0.0.0.0:1", true));
    assert_bytes(site.site.base, "https://[2001:db8::1]:8443");
    assert_err(site_for("keys.example", "0.0.0.0:1", true), BAD_INPUT);
    assert_err(site_for("ftp://keys.example", "0.0.0.0:1", true), BAD_INPUT);
}

static void without_tls_only_this_machine_has_origins(void **state)
{
    (void)state;
    assert_ok(site_for("http://keys.example", "0.0.0.0:8090", false));
    assert_int_equal(site.site.origins_n, 0);
    assert_bytes(site.site.base, "http://keys.example");
    assert_ok(site_for("", "192.0.2.1:8090", false));
    assert_int_equal(site.site.origins_n, 0);
    assert_bytes(site.site.base, "http://192.0.2.1:8090");
    assert_ok(site_for("http://localhost:9000", "127.0.0.1:8090", false));
    assert_int_equal(site.site.origins_n, 1);
    assert_false(site.site.secure);
    assert_ok(site_for("", "127.0.0.1:8090", false));
    assert_int_equal(site.site.origins_n, 3);
    assert_bytes(site.site.origins[0], "http://127.0.0.1:8090");
    assert_bytes(site.site.origins[1], "http://localhost:8090");
    assert_bytes(site.site.origins[2], "http://[::1]:8090");
    assert_false(site.site.secure);
}

static void with_tls_and_no_name_only_this_machine_is_known(void **state)
{
    (void)state;
    assert_ok(site_for("", "192.0.2.1:443", true));
    assert_int_equal(site.site.origins_n, 0);
    assert_bytes(site.site.base, "https://192.0.2.1");
    assert_ok(site_for("", "127.0.0.1:8443", true));
    assert_bytes(site.site.origins[1], "https://localhost:8443");
    assert_true(site.site.secure);
}

UNIT_MAIN(cmocka_unit_test(a_public_url_is_written_as_browsers_write_origins),
          cmocka_unit_test(without_tls_only_this_machine_has_origins),
          cmocka_unit_test(with_tls_and_no_name_only_this_machine_is_known))
