# SPDX-License-Identifier: AGPL-3.0-or-later
#
# cmake -DSOURCE_DIR=page -DOUTPUT=x.c -P embed.cmake
# Writes page/NAME.js and page/NAME.css as strings page_NAME of
# render/page/scripts.h.
file(GLOB files ${SOURCE_DIR}/*.js ${SOURCE_DIR}/*.css)
list(SORT files)

set(arrays "")
foreach(file ${files})
	get_filename_component(name ${file} NAME_WE)
	# As hexadecimal numbers: string literals of this length are not C.
	file(READ ${file} hex HEX)
	string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
	string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)"
		"\t\\1\n" bytes "${bytes}")
	string(APPEND arrays "const char page_${name}[] = {\n${bytes}0};\n\n")
endforeach()

file(WRITE ${OUTPUT}
"/* made from render/page/ by render/page/embed.cmake */
#include \"render/page/scripts.h\"

${arrays}")
