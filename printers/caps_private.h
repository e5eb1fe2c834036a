/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef PRINTERS_CAPS_PRIVATE_H
#define PRINTERS_CAPS_PRIVATE_H

#include "printers/caps.h"

/* Paper, trays and edges: the part of printer_caps_from_ipp() about them. */
void caps_media_from_ipp(ipp_t *ipp, struct printer_caps *out);

#endif
