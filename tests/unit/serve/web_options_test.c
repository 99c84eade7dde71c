/* What settings say about the HTTP doors: hosts, proxies, origins, and what is refused at start. */
#include "unit.h"

#include "serve/web_options.h"

static struct config config;
static struct http_door_options o;
static struct note note;

static int start(void **state)
{
    (void)state;
    config_init(&config);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    config_drop(&config);
    return 0;
}

static void set(const char *name, const char *value)
{
    assert_ok(config_set(&config, name, value, &note));
}

static err read_at(const char *listening)
{
    struct address a;
    o = (struct http_door_options){0};
    note.text[0] = 0;
    set("http", listening);
    assert_ok(address_read(bytes_of_text(listening), 0, &a));
    return web_options_read(&config, &a, &o, &note);
}

static void on_loopback_any_host_is_answered(void **state)
{
    (void)state;
    assert_ok(read_at("127.0.0.1:8090"));
    assert_int_equal(o.hosts_n, 0);
    set("public-url", "https://keys.example");
    assert_ok(read_at("[::1]:8090"));
    assert_int_equal(o.hosts_n, 0);
}

static void beyond_loopback_only_what_we_are_known_by(void **state)
{
    (void)state;
    assert_ok(read_at("192.0.2.1:8090"));
    assert_int_equal(o.hosts_n, 1);
    assert_bytes(o.hosts[0], "192.0.2.1");
    set("public-url", "https://keys.example:8443/");
    assert_ok(read_at("[2001:db8::1]:8090"));
    assert_int_equal(o.hosts_n, 2);
    assert_bytes(o.hosts[0], "keys.example");
    assert_bytes(o.hosts[1], "[2001:db8::1]");
    assert_ok(read_at("0.0.0.0:8090"));
    assert_int_equal(o.hosts_n, 1);
    set("public-url", "http://[2001:db8::7]:80");
    assert_ok(read_at("0.0.0.0:8090"));
    assert_bytes(o.hosts[0], "[2001:db8::7]");
}

static void every_address_has_no_name_of_its_own(void **state)
{
    (void)state;
    assert_err(read_at("0.0.0.0:8090"), BAD_INPUT);
    assert_non_null(strstr(note.text, "public-url"));
    assert_err(read_at("[::]:8090"), BAD_INPUT);
    set("allowed-hosts", "*");
    assert_ok(read_at("0.0.0.0:8090"));
    assert_int_equal(o.hosts_n, 0);
}

static void named_hosts_hold_on_loopback_too(void **state)
{
    (void)state;
    set("allowed-hosts", "a.example, b.example");
    assert_ok(read_at("127.0.0.1:8090"));
    assert_int_equal(o.hosts_n, 2);
    set("public-url", "http://c.example");
    assert_ok(read_at("127.0.0.1:8090"));
    assert_int_equal(o.hosts_n, 3);
    assert_bytes(o.hosts[2], "c.example");
}

static void what_is_not_understood_keeps_the_daemon_from_starting(void **state)
{
    static const struct {
        const char *name;
        const char *value;
    } wrong[] = {{"public-url", "keys.example"}, {"public-url", "https://"}, {"public-url", "https://a/b"},
                 {"public-url", "ftp://a"}, {"trusted-proxies", "10.0.0.0/33"}, {"trusted-proxies", "10.0.0.1 x"},
                 {"cors-origins", "a.example"}, {"cors-origins", "https://a/"}, {"cors-origins", "https://*.a"},
                 {"tls-minimum", "1.1"}, {"tls-minimum", "1.4"}};
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        config_drop(&config);
        config_init(&config);
        set(wrong[i].name, wrong[i].value);
        assert_err(read_at("127.0.0.1:8090"), BAD_INPUT);
        assert_non_null(strstr(note.text, wrong[i].name));
    }
}

static void lists_have_an_end(void **state)
{
    char many[400] = "";
    (void)state;
    for (int i = 0; i <= HTTP_DOOR_HOSTS_MAX; i++) strcat(many, "a.b,");
    set("allowed-hosts", many);
    assert_err(read_at("127.0.0.1:8090"), BAD_INPUT);
}

static void the_rest_is_taken_as_it_is(void **state)
{
    (void)state;
    set("trusted-proxies", "10.0.0.0/8, ::ffff:192.0.2.0/120");
    set("cors-origins", "https://a.example:8443, *");
    set("token-prefixes", "Ours:, AstraCS:");
    set("tls-minimum", "1.3");
    assert_ok(read_at("127.0.0.1:8090"));
    assert_int_equal(o.proxies_n, 2);
    assert_int_equal(o.proxies[1].base.family, ADDRESS_V4);
    assert_int_equal(o.proxies[1].bits, 24);
    assert_int_equal(o.origins_n, 2);
    assert_int_equal(o.prefixes_n, 2);
    assert_int_equal(o.tls_minimum, HTTP_TLS_1_3);
}

#define FRESH(test) cmocka_unit_test_setup_teardown(test, start, stop)
UNIT_MAIN(FRESH(on_loopback_any_host_is_answered), FRESH(beyond_loopback_only_what_we_are_known_by),
          FRESH(every_address_has_no_name_of_its_own), FRESH(named_hosts_hold_on_loopback_too),
          FRESH(what_is_not_understood_keeps_the_daemon_from_starting), FRESH(lists_have_an_end),
          FRESH(the_rest_is_taken_as_it_is))
