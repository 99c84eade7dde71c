/* Addresses: what is no address, then reading, ranges and printing. */
#include "unit.h"

#include "net/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

static void refuses_what_is_no_address(void **state)
{
    static const char *const wrong[] = {
        "",         ":",        ":80",       "127.0.0.1",    "127.0.0.1:",      "127.0.0.1:65536",
        "1.2.3:80", "[::1",     "[::1]80",   "[]:80",        "[::1]:",          "127.0.0.1:80 ",
        "a b:80",   "::1:zz:1", "host\n:80", "127.0.0.1:-1", "127.0.0.1:00000080", "[::1]:1:1",
        "example.org:80"};
    struct address a = {.port = 7};
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_err(address_read(bytes_of_text(wrong[i]), 0, &a), BAD_INPUT);
    }
    assert_err(address_read_ip(bytes_of("1.2.3.4\0", 8), &a), BAD_INPUT);
    assert_int_equal(a.port, 7);
}

static void check_round(const char *text, const char *printed)
{
    struct address a = {0};
    char out[ADDRESS_TEXT_SIZE];
    struct sockaddr_storage s;
    assert_ok(address_read(bytes_of_text(text), 9042, &a));
    address_write(&a, out);
    assert_string_equal(out, printed);
    (void)address_to_sockaddr(&a, &s);
    const struct address again = address_of_sockaddr((const struct sockaddr *)&s);
    assert_true(address_eq_ip(&a, &again));
    assert_int_equal(a.port, again.port);
}

static void reads_and_prints(void **state)
{
    (void)state;
    check_round("127.0.0.1:80", "127.0.0.1:80");
    check_round("127.0.0.1", "127.0.0.1:9042");
    check_round("[::1]:80", "[::1]:80");
    check_round("[::1]", "[::1]:9042");
    check_round("::1", "[::1]:9042");
    check_round("[::ffff:10.0.0.1]:80", "10.0.0.1:80");
    check_round("localhost:0", "127.0.0.1:0");
    check_round("*:80", "0.0.0.0:80");
    check_round("[2001:DB8:0:0:0:0:0:1]:80", "[2001:db8::1]:80");
    struct address none = {0};
    char out[ADDRESS_TEXT_SIZE];
    address_write(&none, out);
    assert_string_equal(out, "-");
}

static void splits_names(void **state)
{
    bytes host;
    uint16_t port;
    (void)state;
    assert_ok(address_split(BYTES("node-1.example.org:9042"), 0, &host, &port));
    assert_bytes(host, "node-1.example.org");
    assert_int_equal(port, 9042);
    assert_err(address_split(BYTES("node;drop:9042"), 0, &host, &port), BAD_INPUT);
    assert_err(address_split(BYTES("node"), 0, &host, &port), BAD_INPUT);
    assert_err(address_split(BYTES("host:port:port"), 9042, &host, &port), BAD_INPUT);
}

static bool in(const char *ip, const char *range)
{
    struct address a = {0};
    struct cidr c = {0};
    assert_ok(address_read_ip(bytes_of_text(ip), &a));
    assert_ok(address_read_cidr(bytes_of_text(range), &c));
    return address_in_cidr(&a, &c);
}

static void ranges(void **state)
{
    struct cidr c;
    (void)state;
    assert_err(address_read_cidr(BYTES("10.0.0.0/33"), &c), BAD_INPUT);
    assert_err(address_read_cidr(BYTES("10.0.0.0/"), &c), BAD_INPUT);
    assert_err(address_read_cidr(BYTES("/8"), &c), BAD_INPUT);
    assert_err(address_read_cidr(BYTES("::ffff:10.0.0.0/8"), &c), BAD_INPUT);
    assert_err(address_read_cidr(BYTES("::/129"), &c), BAD_INPUT);
    assert_true(in("10.1.2.3", "10.0.0.0/8"));
    assert_true(in("10.1.2.3", "::ffff:10.0.0.0/104"));
    assert_true(in("::ffff:10.1.2.3", "10.0.0.0/8"));
    assert_false(in("11.0.0.0", "10.0.0.0/8"));
    assert_true(in("192.168.129.1", "192.168.128.0/17"));
    assert_false(in("192.168.127.255", "192.168.128.0/17"));
    assert_true(in("8.8.8.8", "0.0.0.1/0"));
    assert_false(in("::1", "0.0.0.0/0"));
    assert_true(in("2001:db8:8000::1", "2001:db8:8000::/33"));
    assert_false(in("2001:db8:7fff::1", "2001:db8:8000::/33"));
    assert_true(in("1.2.3.4", "1.2.3.4"));
    assert_false(in("1.2.3.5", "1.2.3.4"));
}

static void loopback_and_any(void **state)
{
    struct address a;
    (void)state;
    assert_ok(address_read_ip(BYTES("127.3.2.1"), &a));
    assert_true(address_is_loopback(&a));
    assert_ok(address_read_ip(BYTES("::1"), &a));
    assert_true(address_is_loopback(&a));
    assert_ok(address_read_ip(BYTES("::ffff:127.0.0.1"), &a));
    assert_true(address_is_loopback(&a));
    assert_ok(address_read_ip(BYTES("128.0.0.1"), &a));
    assert_false(address_is_loopback(&a));
    assert_ok(address_read_ip(BYTES("::"), &a));
    assert_true(address_is_any(&a));
    assert_false(address_is_any(&(struct address){0}));
}

UNIT_MAIN(cmocka_unit_test(refuses_what_is_no_address), cmocka_unit_test(reads_and_prints),
          cmocka_unit_test(splits_names), cmocka_unit_test(ranges),
          cmocka_unit_test(loopback_and_any))
