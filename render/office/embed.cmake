# SPDX-License-Identifier: AGPL-3.0-or-later
#
# cmake -DSOURCE_DIR=warm -DOUTPUT=x.c -P embed.cmake
# Writes warm/warm.* as the table of render/office/warm.h, sorted by name.
file(GLOB files ${SOURCE_DIR}/warm.*)
list(SORT files)

set(rows "")
foreach(file ${files})
	get_filename_component(name ${file} EXT)
	string(SUBSTRING ${name} 1 -1 name)
	file(READ ${file} hex HEX)
	string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
	string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)"
		"\t\\1\n" bytes "${bytes}")
	string(APPEND arrays
		"static const unsigned char ${name}[] = {\n${bytes}};\n\n")
	string(APPEND rows "\t{ \"${name}\", ${name}, sizeof ${name} },\n")
endforeach()

file(WRITE ${OUTPUT}
"/* made from render/office/warm/ by render/office/embed.cmake */
#include \"render/office/warm.h\"

${arrays}const struct warm_document warm_documents[] = {
${rows}};
const size_t n_warm_documents =
	sizeof warm_documents / sizeof *warm_documents;
")
