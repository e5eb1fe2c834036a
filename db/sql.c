/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "db/sql.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>

#include "base/mem.h"

struct sql sql_start(struct db_conn *conn, enum sql_set set, int i)
{
	struct sql sql = {
		.conn = conn,
		.stmt = conn->statements[set][i],
	};

	assert(!sqlite3_stmt_busy(sql.stmt));
	return sql;
}

void sql_end(struct sql sql)
{
	sqlite3_reset(sql.stmt); /* its error was told by sql_step() */
}

void sql_again(struct sql *sql)
{
	sqlite3_reset(sql->stmt);
	sql->param = 0;
}

static void must_bind(int code)
{
	assert(code == SQLITE_OK);
}

void sql_int(struct sql *sql, int64_t value)
{
	must_bind(sqlite3_bind_int64(sql->stmt, ++sql->param, value));
}

void sql_text(struct sql *sql, const char *text)
{
	must_bind(sqlite3_bind_text(sql->stmt, ++sql->param, text, -1,
	                            SQLITE_STATIC));
}

void sql_text_or_null(struct sql *sql, const char *text)
{
	sql_text(sql, text[0] ? text : NULL);
}

void sql_blob(struct sql *sql, const void *data, size_t len)
{
	must_bind(sqlite3_bind_blob64(sql->stmt, ++sql->param, data, len,
	                              SQLITE_STATIC));
}

int sql_step(struct sql *sql, struct err *err)
{
	int code;

	assert(sql->param == sqlite3_bind_parameter_count(sql->stmt));
	code = sqlite3_step(sql->stmt);
	sql->column = 0;
	if (code == SQLITE_ROW)
		return 1;
	return code == SQLITE_DONE ? 0 : conn_error(sql->conn, code, err);
}

int sql_find(struct sql *sql, struct err *err, const char *fmt, ...)
{
	int r = sql_step(sql, err);
	va_list ap;

	if (r != 0)
		return r < 0 ? r : 0;
	va_start(ap, fmt);
	r = err_vset(err, -ENOENT, fmt, ap);
	va_end(ap);
	return r;
}

int sql_exec(struct sql *sql, struct err *err)
{
	int r = sql_step(sql, err);

	assert(r <= 0);
	return r;
}

int sql_change(struct sql *sql, struct err *err, const char *fmt, ...)
{
	int r = sql_exec(sql, err);
	va_list ap;

	if (r < 0 || sql_changes(sql) > 0)
		return r;
	va_start(ap, fmt);
	r = err_vset(err, -ENOENT, fmt, ap);
	va_end(ap);
	return r;
}

int64_t sql_changes(const struct sql *sql)
{
	return sqlite3_changes64(sql->conn->sqlite);
}

int64_t sql_last_id(const struct sql *sql)
{
	return sqlite3_last_insert_rowid(sql->conn->sqlite);
}

int64_t sql_get_int(struct sql *sql)
{
	return sqlite3_column_int64(sql->stmt, sql->column++);
}

void sql_get_text(struct sql *sql, char *out, size_t size)
{
	int column = sql->column++;
	const char *text = (const char *)sqlite3_column_text(sql->stmt, column);
	size_t len = (size_t)sqlite3_column_bytes(sql->stmt, column);

	if (len >= size) {
		len = size - 1;
		while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
			len--;
	}
	if (text)
		memcpy(out, text, len);
	out[len] = '\0';
}

char *sql_get_text_new(struct sql *sql)
{
	const char *text =
		(const char *)sqlite3_column_text(sql->stmt, sql->column++);

	return xstrdup(text ? text : "");
}

int sql_get_blob(struct sql *sql, void *out, size_t size)
{
	int column = sql->column++;
	const void *data = sqlite3_column_blob(sql->stmt, column);
	size_t len = (size_t)sqlite3_column_bytes(sql->stmt, column);

	if (len > size)
		len = size;
	if (data)
		memcpy(out, data, len);
	return (int)len;
}

void *sql_get_blob_new(struct sql *sql, size_t *len)
{
	int column = sql->column++;
	const void *data = sqlite3_column_blob(sql->stmt, column);
	size_t n = (size_t)sqlite3_column_bytes(sql->stmt, column);
	void *copy = xmalloc(n + 1); /* an empty one is no NULL */

	if (data)
		memcpy(copy, data, n);
	*len = n;
	return copy;
}

int sql_read_array(struct sql *sql, size_t size,
                   void (*from_row)(struct sql *sql, void *element), void **out,
                   size_t *n, struct err *err)
{
	char *array CLEANUP(xfree) = NULL;
	size_t count = 0, room = 0;
	int r;

	while ((r = sql_step(sql, err)) > 0) {
		if (count == room) {
			room = room ? 2 * room : 8;
			array = xrealloc(array, room * size);
		}
		from_row(sql, array + count++ * size);
	}
	if (r < 0)
		return r;
	*out = TAKE(array);
	*n = count;
	return 0;
}
