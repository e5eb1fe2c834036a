/* SPDX-License-Identifier: AGPL-3.0-or-later */

#include "base/mem.h"
#include "printers/pin.h"
#include "tests/unit/check_run.h"

/* A key made for this test; the pin was computed by openssl, not by us. */
static const char certificate[] =
	"-----BEGIN CERTIFICATE-----\n"
	"MIIBejCCASGgAwIBAgIUfS/Rs4GZHa0RG7XyaOulTYq6Cl8wCgYIKoZIzj0EAwIw\n"
	"EjEQMA4GA1UEAwwHcHJpbnRlcjAgFw0yNjExMjEwNjAzNDFaGA8yMTI2MTAyODA2\n"
	"MDM0MVowEjEQMA4GA1UEAwwHcHJpbnRlcjBZMBMGByqGSM49AgEGCCqGSM49AwEH\n"
	"A0IABMDJKdL6VNwPXEIoMZzoMtFyfZFeGU05VJbSD2i/fcDn08Rmxkd19JvCbrvo\n"
	"GsNM6tqFwNdbp6ZXERhAD4DN+jqjUzBRMB0GA1UdDgQWBBQgDl1MPA/lXmoPZv7Y\n"
	"LwrhUobrGjAfBgNVHSMEGDAWgBQgDl1MPA/lXmoPZv7YLwrhUobrGjAPBgNVHRMB\n"
	"Af8EBTADAQH/MAoGCCqGSM49BAMCA0cAMEQCIAwCS4L5aKAtMYenB4M4mXcNlOTJ\n"
	"s4hKfBtvuHTZ+CqYAiBLvFWiAK/tbKvdNUl2usV7vRJyvRHVHr+lCrMXmRveXg==\n"
	"-----END CERTIFICATE-----\n";

START_TEST(test_pin_is_the_hash_of_the_key)
{
	char pin[HTTP_PIN_SIZE];

	ck_assert(pin_from_pem(certificate, pin));
	ck_assert_str_eq(
		pin, "sha256//vRaeLVz5GoLb6adbD88BQbq9TZv52021GgcIxuQZJWY=");
}
END_TEST

START_TEST(test_no_certificate_has_no_pin)
{
	char pin[HTTP_PIN_SIZE] = "x";

	ck_assert(!pin_from_pem("-----BEGIN CERTIFICATE-----\nAAAA\n", pin));
	ck_assert_str_eq(pin, "");
	ck_assert(!pin_from_pem("", pin));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("pin");
	TCase *tc = tcase_create("pin");

	tcase_add_test(tc, test_pin_is_the_hash_of_the_key);
	tcase_add_test(tc, test_no_certificate_has_no_pin);
	suite_add_tcase(suite, tc);
	return check_run(suite);
}
