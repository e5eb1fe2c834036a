/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/pdf_out.h"

#include <assert.h>

#include "base/mem.h"

#define CATALOGUE 1
#define PAGE_TREE 2

void pdf_out_init(struct pdf_out *pdf, struct output *out, const char *head)
{
	*pdf = (struct pdf_out){.out = out};
	buf_puts(&out->buf, head);
	while (pdf->n_objects < PAGE_TREE)
		pdf_out_reserve(pdf);
}

void pdf_out_fini(struct pdf_out *pdf)
{
	free(pdf->offsets);
	free(pdf->pages);
}

unsigned pdf_out_reserve(struct pdf_out *pdf)
{
	pdf->offsets = xrealloc(pdf->offsets,
	                        (pdf->n_objects + 1) * sizeof *pdf->offsets);
	pdf->offsets[pdf->n_objects] = 0;
	return ++pdf->n_objects;
}

void pdf_out_open(struct pdf_out *pdf, unsigned n)
{
	assert(n >= 1 && n <= pdf->n_objects && pdf->offsets[n - 1] == 0);
	pdf->offsets[n - 1] = output_position(pdf->out);
	buf_printf(&pdf->out->buf, "%u 0 obj\n", n);
}

void pdf_out_close(struct pdf_out *pdf)
{
	buf_puts(&pdf->out->buf, "endobj\n");
}

void pdf_out_stream(struct pdf_out *pdf, unsigned n, const char *dict,
                    const void *data, size_t len)
{
	struct buf *buf = &pdf->out->buf;

	pdf_out_open(pdf, n);
	buf_printf(buf, "<<%s/Length %zu>>\nstream\n", dict, len);
	buf_append(buf, data, len);
	buf_puts(buf, "\nendstream\n");
	pdf_out_close(pdf);
}

void pdf_out_add_page(struct pdf_out *pdf, unsigned n)
{
	pdf->pages =
		xrealloc(pdf->pages, (pdf->n_pages + 1) * sizeof *pdf->pages);
	pdf->pages[pdf->n_pages++] = n;
}

static void put_page_tree(struct pdf_out *pdf)
{
	struct buf *buf = &pdf->out->buf;

	pdf_out_open(pdf, PAGE_TREE);
	buf_puts(buf, "<</Type/Pages/Kids[");
	for (unsigned i = 0; i < pdf->n_pages; i++)
		buf_printf(buf, "%s%u 0 R", i ? "\n" : "", pdf->pages[i]);
	buf_printf(buf, "]/Count %u>>\n", pdf->n_pages);
	pdf_out_close(pdf);
}

void pdf_out_finish(struct pdf_out *pdf, const char *catalogue)
{
	struct buf *buf = &pdf->out->buf;
	uint64_t at;

	put_page_tree(pdf);
	pdf_out_open(pdf, CATALOGUE);
	buf_printf(buf, "<</Type/Catalog/Pages %d 0 R%s>>\n", PAGE_TREE,
	           catalogue);
	pdf_out_close(pdf);
	at = output_position(pdf->out);
	buf_printf(buf, "xref\n0 %u\n0000000000 65535 f \n",
	           pdf->n_objects + 1);
	for (unsigned i = 0; i < pdf->n_objects; i++)
		buf_printf(buf, "%010llu 00000 n \n",
		           (unsigned long long)pdf->offsets[i]);
	buf_printf(buf,
	           "trailer\n<</Size %u/Root %d 0 R>>\nstartxref\n%llu\n"
	           "%%%%EOF\n",
	           pdf->n_objects + 1, CATALOGUE, (unsigned long long)at);
}
