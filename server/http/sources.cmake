# SPDX-License-Identifier: AGPL-3.0-or-later
# Paths are relative to server/.
set(HTTP_SOURCES http/api_health.c http/api_job.c http/api_picture.c
	http/api_printer.c
	http/api_registration.c http/api_announce.c http/announcement.c
	http/daemon.c
	http/job_waits.c http/job_value.c http/listener.c http/printer_value.c
	http/registration_body.c http/registration_value.c http/request.c http/route.c http/socket.c
	http/value.c)

pkg_check_modules(MICROHTTPD REQUIRED IMPORTED_TARGET libmicrohttpd)
pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET jansson)
set(HTTP_LIBRARIES PkgConfig::MICROHTTPD PkgConfig::JANSSON)

# openapi.json becomes a string of the program.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
	${CMAKE_CURRENT_SOURCE_DIR}/http/openapi.json)
file(READ http/openapi.json openapi_hex HEX)
string(REGEX REPLACE "(..)" "0x\\1," openapi_bytes "${openapi_hex}")
file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/server/http/openapi.c CONTENT
"#include \"server/http/openapi.h\"
const char http_openapi[] = {${openapi_bytes}0};
")
list(APPEND HTTP_SOURCES ${CMAKE_BINARY_DIR}/server/http/openapi.c)
