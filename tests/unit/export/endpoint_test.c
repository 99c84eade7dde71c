/* Where records may be sent: by the text of a URL, and by the address that a connection would go to. */
#include "unit.h"

#include "export/endpoint.h"
#include "model/destination.h"

#include <stdio.h>

static struct endpoint_targets targets;

static void set_targets(const char *one)
{
    targets = (struct endpoint_targets){.n = 0};
    if (one) assert_ok(ip_prefix_read(bytes_of_text(one), &targets.list[targets.n++]));
}

static struct record_audit_export to(const char *endpoint, bool by_operator)
{
    return (struct record_audit_export){
        .destination = DESTINATION_WEBHOOK, .endpoint = bytes_of_text(endpoint), .by_operator = by_operator};
}

static void the_operator_sends_anywhere_over_tls_and_in_clear_to_this_machine(void **state)
{
    (void)state;
    static const char *const good[] = {"https://a.example/", "https://10.0.0.1:8088", "https://[2001:db8::1]/x?y=z",
                                       "HTTPS://a.example", "http://127.0.0.1:80/", "http://127.9.9.9/", "http://[::1]:1/",
                                       "http://localhost/x"};
    static const char *const bad[] = {"", "a.example", "ftp://a.example/", "file:///etc/passwd", "https://",
                                      "http://a.example/", "http://128.0.0.1/", "http://[::2]/", "http://localhost.a.example/",
                                      "https://u@a.example/", "https://u:p@a.example/", "https://a.example/#f",
                                      "https://a.example/ b", "https://a.example/\x01", "https://a.example:99999/",
                                      "https://a.example\r\nX: y/", "gopher://127.0.0.1/", "//a.example/"};
    set_targets(NULL);
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct note note;
        const struct record_audit_export e = to(good[i], true);
        assert_ok(endpoint_check(&e, &targets, &note));
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct note note;
        const struct record_audit_export e = to(bad[i], true);
        if (err_is_ok(endpoint_check(&e, &targets, &note))) fail_msg("taken: %s", bad[i]);
    }
}

static void others_send_within_the_targets(void **state)
{
    (void)state;
    struct note note;
    struct record_audit_export e = to("https://10.1.2.3/", false);
    set_targets(NULL);
    assert_err(endpoint_check(&e, &targets, &note), NOT_ALLOWED);
    e = to("https://a.example/", false);
    assert_err(endpoint_check(&e, &targets, &note), NOT_ALLOWED);
    set_targets("10.0.0.0/8");
    assert_ok(endpoint_check(&e, &targets, &note));
    e = to("https://10.1.2.3/", false);
    assert_ok(endpoint_check(&e, &targets, &note));
    static const char *const outside[] = {"https://11.1.2.3/", "https://[2001:db8::1]/", "https://[::ffff:11.0.0.1]/",
                                          "https://0x0b010203/", "https://184615427/"};
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) {
        e = to(outside[i], false);
        assert_err(endpoint_check(&e, &targets, &note), NOT_ALLOWED);
    }
}

static struct ip ip(const char *text)
{
    struct ip a;
    assert_ok(ip_read(bytes_of_text(text), &a));
    return a;
}

static void a_connection_is_judged_by_its_address(void **state)
{
    (void)state;
    static const struct {
        const char *address;
        bool by_operator;
        bool plain;
        bool may;
    } rows[] = {
        {"10.0.0.1", true, false, true},    {"192.0.2.1", true, false, true},  {"192.0.2.1", true, true, false},
        {"127.0.0.1", true, true, true},    {"::1", true, true, true},         {"::2", true, true, false},
        {"10.0.0.1", false, false, true},   {"192.0.2.1", false, false, false}, {"127.0.0.1", false, false, false},
        {"127.0.0.1", false, true, false},  {"10.0.0.1", false, true, false},  {"::ffff:10.0.0.1", false, false, true},
        {"169.254.169.254", false, false, false},
    };
    set_targets("10.0.0.0/8");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct ip a = ip(rows[i].address);
        const char *why = NULL;
        const bool may = endpoint_may_connect(&targets, rows[i].by_operator, rows[i].plain, &a, &why);
        if (may != rows[i].may) fail_msg("%s, row %zu", rows[i].address, i);
        assert_true(may == (why == NULL));
    }
}

static void a_url_without_a_path_leads_to_the_collector(void **state)
{
    (void)state;
    char url[ENDPOINT_MAX];
    struct record_audit_export e = to("https://a.example:8088", true);
    e.destination = DESTINATION_SPLUNK;
    assert_true(endpoint_url(&e, url));
    assert_string_equal(url, "https://a.example:8088/services/collector/event");
    e.endpoint = BYTES("https://a.example/other?x=1");
    assert_true(endpoint_url(&e, url));
    assert_string_equal(url, "https://a.example/other?x=1");
    e = to("https://a.example", true);
    assert_true(endpoint_url(&e, url));
    assert_string_equal(url, "https://a.example/");
}

UNIT_MAIN(cmocka_unit_test(the_operator_sends_anywhere_over_tls_and_in_clear_to_this_machine),
          cmocka_unit_test(others_send_within_the_targets), cmocka_unit_test(a_connection_is_judged_by_its_address),
          cmocka_unit_test(a_url_without_a_path_leads_to_the_collector))
