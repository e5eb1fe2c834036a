# SPDX-License-Identifier: AGPL-3.0-or-later
# Paths are relative to server/. The command line links nothing of the server:
# it speaks the API.
pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET jansson)
pkg_check_modules(CURL REQUIRED IMPORTED_TARGET libcurl)

add_library(cli STATIC cli/arguments.c cli/client.c cli/command.c cli/help.c
	cli/job_commands.c cli/output.c cli/picture_commands.c cli/printer_commands.c
	cli/registration_commands.c cli/table.c)
target_link_libraries(cli PUBLIC base PkgConfig::JANSSON PkgConfig::CURL)

add_executable(platen cli/main.c)
target_link_libraries(platen PRIVATE cli)
