/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/output.h"

#include <errno.h>

int output_check(const struct output *output, uint64_t held, struct err *err)
{
	if (output->offset + output->buf.len + held <= output->max_bytes)
		return 0;
	return err_set(
		err, -EFBIG,
		"the printed pages need more than %llu bytes: send fewer in a mail",
		(unsigned long long)output->max_bytes);
}

int output_drain(struct output *output, struct err *err)
{
	int result = output_check(output, 0, err);

	if (result < 0 || output->buf.len == 0)
		return result;
	if (output->failed == 0)
		output->failed = output->write(output->buf.data,
		                               output->buf.len, output->arg);
	if (output->failed < 0)
		return err_errno(err, -output->failed,
		                 "cannot write the pages");
	output->offset += output->buf.len;
	buf_clear(&output->buf);
	return 0;
}

int output_flow(struct output *output, struct err *err)
{
	return output->buf.len >= OUTPUT_CHUNK ? output_drain(output, err) : 0;
}

uint64_t output_position(const struct output *output)
{
	return output->offset + output->buf.len;
}

void output_fini(struct output *output)
{
	buf_fini(&output->buf);
}
