/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Scanned pages (a picture of text, JPEG, 300 dpi, with the noise of a
 * scanner), PDF to PWG at 600 dpi gray, against Ghostscript: CPU time a page,
 * median of 9. Then wall time of two documents at once against one after the
 * other, and the memory of a worker in its box with pages of text.
 */
#include <stdio.h>
#include <jpeglib.h>

#include "bench_median.h"
#include "bench_render.h"
#include "bench_text.h"

#define SCAN_DPI   300
#define SCAN_PAGES 1
#define TEXT_PAGES 24

static void put_jpeg(const uint32_t *rgb, unsigned width, unsigned height,
                     unsigned char **data, unsigned long *len)
{
	struct jpeg_compress_struct jpeg;
	struct jpeg_error_mgr errors;
	JSAMPLE *line = xmalloc(width * 3);
	uint32_t seed = 1;

	jpeg.err = jpeg_std_error(&errors);
	jpeg_create_compress(&jpeg);
	jpeg_mem_dest(&jpeg, data, len);
	jpeg.image_width = width;
	jpeg.image_height = height;
	jpeg.input_components = 3;
	jpeg.in_color_space = JCS_RGB;
	jpeg_set_defaults(&jpeg);
	jpeg_start_compress(&jpeg, TRUE);
	for (unsigned y = 0; y < height; y++) {
		for (unsigned x = 0; x < width; x++, rgb++) {
			unsigned noise = bench_draw(&seed, 16);

			for (unsigned k = 0; k < 3; k++) {
				unsigned v = *rgb >> (16 - 8 * k) & 255;

				line[3 * x + k] = (JSAMPLE)(v * 9 / 10 + noise);
			}
		}
		jpeg_write_scanlines(&jpeg, &line, 1);
	}
	jpeg_finish_compress(&jpeg);
	jpeg_destroy_compress(&jpeg);
	free(line);
}

static void draw_scan(cairo_t *pdf, unsigned page)
{
	const double scale = SCAN_DPI / 72.0;
	int width = (int)(BENCH_A4_WIDTH * scale);
	int height = (int)(BENCH_A4_HEIGHT * scale);
	cairo_surface_t *image =
		cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
	cairo_t *cr = cairo_create(image);
	unsigned char *jpeg = NULL;
	unsigned long len = 0;

	cairo_set_source_rgb(cr, 1, 1, 1);
	cairo_paint(cr);
	cairo_scale(cr, scale, scale);
	bench_text_page(cr, page);
	cairo_destroy(cr);
	cairo_surface_flush(image);
	put_jpeg((const uint32_t *)(const void *)cairo_image_surface_get_data(
			 image),
	         (unsigned)width, (unsigned)height, &jpeg, &len);
	cairo_surface_set_mime_data(image, CAIRO_MIME_TYPE_JPEG, jpeg, len,
	                            free, jpeg);
	cairo_save(pdf);
	cairo_scale(pdf, 1 / scale, 1 / scale);
	cairo_set_source_surface(pdf, image, 0, 0);
	cairo_paint(pdf);
	cairo_restore(pdf);
	cairo_show_page(pdf);
	cairo_surface_destroy(image);
}

static void make_scan(const char *path)
{
	cairo_surface_t *surface =
		cairo_pdf_surface_create(path, BENCH_A4_WIDTH, BENCH_A4_HEIGHT);
	cairo_t *cr = cairo_create(surface);

	for (unsigned page = 1; page <= SCAN_PAGES; page++)
		draw_scan(cr, page);
	cairo_destroy(cr);
	cairo_surface_destroy(surface);
}

static void make_mail(const char *pdf, const char *mail)
{
	FILE *out = fopen(mail, "w");
	char *data, *coded;
	struct err why;
	size_t len;

	if (!out || fs_read_file(AT_FDCWD, pdf, 64 << 20, &data, &len, &why))
		errx(1, "cannot make '%s'", mail);
	coded = g_base64_encode((const guchar *)data, len);
	fprintf(out, "Content-Type: application/pdf\r\n"
	             "Content-Transfer-Encoding: base64\r\n\r\n");
	for (size_t i = 0; i < strlen(coded); i += 76)
		fprintf(out, "%.76s\r\n", coded + i);
	if (fclose(out) != 0)
		err(1, "%s", mail);
	g_free(coded);
	free(data);
}

/* In a process of its own: our own memory stays small, see memory(). */
static void make_documents(const char *scan, const char *text, const char *mail)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		make_scan(scan);
		bench_text_pdf(text, TEXT_PAGES);
		make_mail(text, mail);
		_exit(0);
	}
	if (waitpid(pid, &status, 0) != pid || status != 0)
		errx(1, "cannot make the documents");
}

static void against_gs(const char *path)
{
	const char *const gs[] = {"gs",
	                          "-q",
	                          "-dSAFER",
	                          "-dBATCH",
	                          "-dNOPAUSE",
	                          "-sDEVICE=pwgraster",
	                          "-r600",
	                          "-dcupsColorSpace=18",
	                          "-dcupsBitsPerColor=8",
	                          "-sOutputFile=/dev/null",
	                          path,
	                          NULL};
	struct bench_job ours = {path, 600, false, SCAN_PAGES, NULL};
	struct bench_job theirs = {path, 600, false, SCAN_PAGES, gs};
	double a[BENCH_RUNS], b[BENCH_RUNS];

	for (unsigned i = 0; i < BENCH_RUNS; i++) {
		a[i] = bench_cpu(&ours);
		b[i] = bench_cpu(&theirs);
	}
	printf("scanned page, PDF to PWG, 600 dpi sgray_8: platen %.0f ms; gs %.0f ms, ratio %.2f\n",
	       bench_median(a), bench_median(b),
	       bench_median(b) / bench_median(a));
}

static double wall_of(const struct bench_job *job, unsigned n)
{
	double begin = bench_now_ms();
	struct rusage usage;
	pid_t pids[2];

	for (unsigned i = 0; i < n; i++)
		pids[i] = bench_start(job);
	for (unsigned i = 0; i < n; i++)
		bench_wait(job, pids[i], &usage);
	return bench_now_ms() - begin;
}

static void two_at_once(const char *path)
{
	struct bench_job job = {path, 600, false, TEXT_PAGES, NULL};
	double one[BENCH_RUNS], two[BENCH_RUNS];

	for (unsigned i = 0; i < BENCH_RUNS; i++) {
		one[i] = wall_of(&job, 1);
		two[i] = wall_of(&job, 2);
	}
	printf("two documents at once: %.0f ms; one: %.0f ms; %.2f times its pages\n",
	       bench_median(two), bench_median(one),
	       2 * bench_median(one) / bench_median(two));
}

static void memory(const char *worker, const char *mail, unsigned dpi)
{
	char *resolution = xasprintf("dpi=%u", dpi);
	const char *const argv[] = {worker, resolution, "colour=1", NULL};
	struct bench_job job = {.argv = argv};
	struct rusage usage;
	int fd = open(mail, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || dup2(fd, STDIN_FILENO) < 0)
		err(1, "%s", mail);
	bench_wait(&job, bench_start(&job), &usage);
	printf("text pages, %u dpi srgb_8: %.1f MB\n", dpi,
	       (double)usage.ru_maxrss / 1024);
	close(fd);
	free(resolution);
}

int main(int argc, char **argv)
{
	char folder[] = "/tmp/platen-bench-XXXXXX";
	char *slash = strrchr(argv[0], '/');
	char *worker =
		xasprintf("%.*splaten-render",
	                  slash ? (int)(slash - argv[0]) + 1 : 0, argv[0]);
	char *files[3];

	if (!mkdtemp(folder))
		err(1, "mkdtemp");
	files[0] = xasprintf("%s/scan.pdf", folder);
	files[1] = xasprintf("%s/text.pdf", folder);
	files[2] = xasprintf("%s/text.eml", folder);
	make_documents(files[0], files[1], files[2]);
	for (unsigned dpi = 300; dpi <= 1200; dpi *= 2)
		memory(worker, files[2], dpi);
	against_gs(files[0]);
	two_at_once(files[1]);
	for (unsigned i = 0; i < 3; i++) {
		unlink(files[i]);
		free(files[i]);
	}
	rmdir(folder);
	free(worker);
	return 0;
}
