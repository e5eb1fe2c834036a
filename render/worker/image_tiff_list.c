/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/image_tiff_list.h"

#include <errno.h>
#include <stdbool.h>

#include "base/mem.h"

#define TAG_NEW_SUBFILE_TYPE 254
#define TAG_SUBFILE_TYPE     255
#define TAG_WIDTH            256
#define TAG_HEIGHT           257
#define TYPE_SHORT           3
#define TYPE_LONG8           16
#define ENTRIES_READ         32 /* sorted by tag, so ours are in front */
#define PREVIEW_BIT          1  /* of NewSubfileType */
#define PREVIEW              2  /* SubfileType */

/* The file; reads beyond its end give 0. */
struct tiff_file {
	const uint8_t *data;
	size_t len;
	bool big_endian;
	bool big; /* offsets have 8 bytes, not 4 */
};

/* A directory: entries of one size, then where the next directory is. */
struct directory {
	struct image_tiff_page page;
	bool is_preview;
	uint64_t next; /* 0: none */
};

static uint64_t get(const struct tiff_file *file, uint64_t at, unsigned n)
{
	uint64_t value = 0;

	if (n > file->len || at > file->len - n)
		return 0;
	for (unsigned i = 0; i < n; i++)
		value = value << 8 |
		        file->data[at + (file->big_endian ? i : n - 1 - i)];
	return value;
}

static uint64_t value_of(const struct tiff_file *file, uint64_t entry)
{
	uint64_t type = get(file, entry + 2, 2);
	uint64_t at = entry + (file->big ? 12 : 8);

	if (type == TYPE_SHORT)
		return get(file, at, 2);
	return get(file, at, type == TYPE_LONG8 ? 8 : 4);
}

static void read_entry(const struct tiff_file *file, uint64_t entry,
                       struct directory *dir)
{
	uint64_t value = value_of(file, entry);

	switch (get(file, entry, 2)) {
	case TAG_NEW_SUBFILE_TYPE:
		dir->is_preview |= value & PREVIEW_BIT;
		break;
	case TAG_SUBFILE_TYPE: dir->is_preview |= value == PREVIEW; break;
	case TAG_WIDTH: dir->page.width = value; break;
	case TAG_HEIGHT: dir->page.height = value; break;
	}
}

/* false: it does not lie within the file. */
static bool read_directory(const struct tiff_file *file, uint64_t at,
                           struct directory *out)
{
	unsigned entry_len = file->big ? 20 : 12;
	unsigned count_len = file->big ? 8 : 2;
	uint64_t n = get(file, at, count_len);

	*out = (struct directory){.page.at = at};
	if (at > file->len || n == 0 || n > (file->len - at) / entry_len)
		return false;
	for (uint64_t i = 0; i < n && i < ENTRIES_READ; i++)
		read_entry(file, at + count_len + i * entry_len, out);
	out->next =
		get(file, at + count_len + n * entry_len, file->big ? 8 : 4);
	return true;
}

static bool read_head(const uint8_t *data, size_t len, struct tiff_file *out)
{
	if (len < 16 || (memcmp(data, "II", 2) && memcmp(data, "MM", 2)))
		return false;
	*out = (struct tiff_file){data, len, data[0] == 'M', false};
	out->big = get(out, 2, 2) == 43;
	return out->big || get(out, 2, 2) == 42;
}

static bool was_seen(const struct image_tiff_page *seen, unsigned n,
                     uint64_t at)
{
	for (unsigned i = 0; i < n; i++)
		if (seen[i].at == at)
			return true;
	return false;
}

static void add(struct image_tiff_list *list, const struct directory *dir)
{
	list->pages = xrealloc(list->pages,
	                       (list->n_pages + 1) * sizeof *list->pages);
	list->pages[list->n_pages++] = dir->page;
}

/* 0, or -E2BIG. Pages and previews both count. */
static int read_all(const struct tiff_file *file, struct image_tiff_list *pages,
                    struct image_tiff_list *previews, struct err *err)
{
	uint64_t at = get(file, file->big ? 8 : 4, file->big ? 8 : 4);
	struct directory dir;

	while (at != 0 && !was_seen(pages->pages, pages->n_pages, at) &&
	       !was_seen(previews->pages, previews->n_pages, at) &&
	       read_directory(file, at, &dir)) {
		if (pages->n_pages + previews->n_pages == IMAGE_TIFF_MAX_PAGES)
			return err_set(err, -E2BIG,
			               "the TIFF file has more than %d pages",
			               IMAGE_TIFF_MAX_PAGES);
		add(dir.is_preview ? previews : pages, &dir);
		at = dir.next;
	}
	return 0;
}

int image_tiff_list_read(const uint8_t *data, size_t len,
                         struct image_tiff_list *out, struct err *err)
{
	struct image_tiff_list pages CLEANUP(image_tiff_list_fini) = {0};
	struct image_tiff_list previews CLEANUP(image_tiff_list_fini) = {0};
	struct image_tiff_list *found = &pages;
	struct tiff_file file;
	int r;

	if (!read_head(data, len, &file))
		return err_set(err, -EINVAL, "it is no TIFF file");
	r = read_all(&file, &pages, &previews, err);
	if (r < 0)
		return r;
	if (pages.n_pages == 0)
		found = &previews;
	if (found->n_pages == 0)
		return err_set(err, -EINVAL, "the TIFF file has no pages");
	*out = *found;
	*found = (struct image_tiff_list){0};
	return 0;
}

void image_tiff_list_fini(struct image_tiff_list *list)
{
	free(list->pages);
	*list = (struct image_tiff_list){0};
}
