/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef BASE_CLEANUP_H
#define BASE_CLEANUP_H

/*
 * Scope cleanup. Every local that owns something carries CLEANUP(fn), written
 * after its name; fn takes the value, as in CLEANUP(job_free), and must accept
 * NULL (or -1 for descriptors). TAKE(p) yields the pointer and leaves NULL, so
 * that ownership moves out of the scope in plain sight.
 *
 * A function `fn` becomes usable with CLEANUP after
 *     DEFINE_CLEANUP(struct job *, job_free)
 * which belongs beside its declaration.
 */
#define CLEANUP(fn) __attribute__((cleanup(fn##_cleanup_)))

#define DEFINE_CLEANUP(type, fn)                                               \
	static inline __attribute__((unused)) void fn##_cleanup_(type *p)      \
	{                                                                      \
		fn(*p);                                                        \
	}

#define TAKE(p)                                                                \
	({                                                                     \
		__typeof__(p) taken_ = (p);                                    \
		(p) = NULL;                                                    \
		taken_;                                                        \
	})

#define ARRAY_LEN(a)           (sizeof(a) / sizeof((a)[0]))

#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))

#define CONTAINER_OF(ptr, type, member)                                        \
	((type *)((char *)(ptr) - __builtin_offsetof(type, member)))

#endif
