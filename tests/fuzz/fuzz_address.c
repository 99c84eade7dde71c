/* Any text as an address: what is read prints as something that reads the same. */
#include "base/check.h"
#include "net/address.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    const bytes text = bytes_of(data, n);
    struct address a;
    struct address again;
    struct cidr range;
    char printed[ADDRESS_TEXT_SIZE];
    if (err_is_ok(address_read(text, 9042, &a))) {
        address_write(&a, printed);
        CHECK(err_is_ok(address_read(bytes_of_text(printed), 0, &again)));
        CHECK(address_eq_ip(&a, &again) && a.port == again.port);
    }
    if (err_is_ok(address_read_cidr(text, &range))) CHECK(address_in_cidr(&range.base, &range));
    return 0;
}
