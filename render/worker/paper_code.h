/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_PAPER_CODE_H
#define RENDER_WORKER_PAPER_CODE_H

/*
 * Paper as PCL names it: by number, where PWG's names carry the size. Lengths
 * in 1/100 mm; half a millimetre of difference is the same paper.
 */
#define PAPER_CODE_NONE -1

/* The parameter of ESC & l # A; 101, "custom", for paper without a number. */
int paper_code_pcl(unsigned width, unsigned height);

/* The value of MediaSize in PCL XL; PAPER_CODE_NONE without a number. */
int paper_code_pclxl(unsigned width, unsigned height);

#endif
