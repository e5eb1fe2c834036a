# SPDX-License-Identifier: AGPL-3.0-or-later
#
# cmake -DSOURCE_DIR=schema -DOUTPUT=x.c -P embed.cmake
# Writes schema/NNNN_*.sql as one C array; fails when a number is missing.
file(GLOB files ${SOURCE_DIR}/*.sql)
list(SORT files)

set(rows "")
set(count 0)
foreach(file ${files})
	get_filename_component(name ${file} NAME)
	math(EXPR count "${count} + 1")
	string(LENGTH "${count}" digits)
	math(EXPR zeros "4 - ${digits}")
	string(REPEAT "0" ${zeros} number)
	string(APPEND number "${count}")
	if(NOT name MATCHES "^${number}_[a-z0-9_]+\\.sql$")
		message(FATAL_ERROR
			"schema/${name}: the next file must be ${number}_what.sql")
	endif()
	# As hexadecimal numbers: string literals of this length are not C.
	file(READ ${file} hex HEX)
	string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
	string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)"
		"\t\\1\n" bytes "${bytes}")
	string(APPEND arrays
		"static const char sql_${count}[] = {\n${bytes}0};\n\n")
	string(APPEND rows "\t{ \"${name}\", sql_${count} },\n")
endforeach()
if(count EQUAL 0)
	message(FATAL_ERROR "no schema in ${SOURCE_DIR}")
endif()

file(WRITE ${OUTPUT}
"/* made from schema/ by db/embed.cmake */
#include \"db/migrate.h\"

${arrays}const struct migration migrations[] = {
${rows}};
const int n_migrations = ${count};
")
