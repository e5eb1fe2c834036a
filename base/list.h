/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef BASE_LIST_H
#define BASE_LIST_H

#include <stdbool.h>

#include "base/cleanup.h"

/*
 * An intrusive doubly linked ring. A struct list is a head or a link inside an
 * element; LIST_ENTRY() gets from the link to its element.
 */
struct list {
	struct list *prev, *next;
};

static inline void list_init(struct list *l)
{
	l->prev = l->next = l;
}

static inline bool list_is_empty(const struct list *l)
{
	return l->next == l;
}

static inline void list_append(struct list *head, struct list *l)
{
	l->prev = head->prev;
	l->next = head;
	head->prev->next = l;
	head->prev = l;
}

/* Safe on a link that is initialised but in no ring. */
static inline void list_remove(struct list *l)
{
	l->prev->next = l->next;
	l->next->prev = l->prev;
	list_init(l);
}

#define LIST_ENTRY(ptr, type, member) CONTAINER_OF(ptr, type, member)

/* The current element may be removed inside the loop. */
#define list_for_each(pos, head)                                               \
	for (struct list *pos = (head)->next, *pos##_next_ = pos->next;        \
	     pos != (head); pos = pos##_next_, pos##_next_ = pos->next)

#endif
