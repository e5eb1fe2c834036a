/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/paper_code.h"

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"

#define SAME       50
#define PCL_CUSTOM 101

/* PCL 5 Printer Language Technical Reference, chapter 5; PCL XL Feature
 * Reference, appendix G. */
static const struct {
	unsigned width, height;
	int pcl, pclxl;
} papers[] = {
	{21590, 27940, 2, 0},    /* Letter */
	{21590, 35560, 3, 1},    /* Legal */
	{21000, 29700, 26, 2},   /* A4 */
	{18415, 26670, 1, 3},    /* Executive */
	{27940, 43180, 6, 4},    /* Ledger */
	{29700, 42000, 27, 5},   /* A3 */
	{14800, 21000, 25, 16},  /* A5 */
	{10500, 14800, 24, 17},  /* A6 */
	{18200, 25700, 45, 11},  /* JIS B5 */
	{25700, 36400, 46, 10},  /* JIS B4 */
	{10477, 24130, 81, 6},   /* No. 10 envelope */
	{9842, 19050, 80, 7},    /* Monarch envelope */
	{16200, 22900, 91, 8},   /* C5 envelope */
	{11000, 22000, 90, 9},   /* DL envelope */
	{17600, 25000, 100, 12}, /* B5 envelope */
	{10000, 14800, 71, 14},  /* Japanese postcard */
};

static bool is_near(unsigned a, unsigned b)
{
	return a + SAME >= b && b + SAME >= a;
}

static size_t find(unsigned width, unsigned height)
{
	size_t i = 0;

	while (i < ARRAY_LEN(papers) && !(is_near(width, papers[i].width) &&
	                                  is_near(height, papers[i].height)))
		i++;
	return i;
}

int paper_code_pcl(unsigned width, unsigned height)
{
	size_t i = find(width, height);

	return i < ARRAY_LEN(papers) ? papers[i].pcl : PCL_CUSTOM;
}

int paper_code_pclxl(unsigned width, unsigned height)
{
	size_t i = find(width, height);

	return i < ARRAY_LEN(papers) ? papers[i].pclxl : PAPER_CODE_NONE;
}
