/* SQLite's own floor for an import: the rows of a finished import and the texts of its search index are read into
 * memory; then only putting them into a new database through SQLite's C interface is timed.
 *
 *     floor SCHEMA.sql FINISHED.sqlite TEXTS OUT.sqlite
 *
 * Same tables, indexes and settings (SCHEMA.sql has them), statements, order of rows and size of a transaction as the
 * import; the time includes making the schema and closing the database (which moves the write-ahead log into it), and
 * nothing else. Prints seconds. */
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BYTES_PER_TRANSACTION (20 << 20)

typedef struct { int type; int length; int64_t number; char *bytes; } Cell;
typedef struct { Cell *cells; int columns; int64_t rows; } Table;

static void fail(const char *what, sqlite3 *db) {
  fprintf(stderr, "floor: %s: %s\n", what, db ? sqlite3_errmsg(db) : "");
  exit(1);
}

static void run(sqlite3 *db, const char *sql) {
  if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) fail(sql, db);
}

static char *file(const char *path, int64_t *size) {
  FILE *f = fopen(path, "rb");
  if (!f) fail(path, NULL);
  fseek(f, 0, SEEK_END);
  *size = ftell(f);
  rewind(f);
  char *bytes = malloc(*size + 1);
  if (!bytes || fread(bytes, 1, *size, f) != (size_t)*size) fail(path, NULL);
  bytes[*size] = 0;
  fclose(f);
  return bytes;
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql) {
  sqlite3_stmt *s;
  if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &s, NULL) != SQLITE_OK) fail(sql, db);
  return s;
}

static Table load(sqlite3 *db, const char *count, const char *sql) {
  sqlite3_stmt *s = prepare(db, count);
  if (sqlite3_step(s) != SQLITE_ROW) fail(count, db);
  Table t = {.rows = sqlite3_column_int64(s, 0)};
  sqlite3_finalize(s);
  s = prepare(db, sql);
  t.columns = sqlite3_column_count(s);
  t.cells = calloc(t.rows * t.columns, sizeof(Cell));
  Cell *c = t.cells;
  while (sqlite3_step(s) == SQLITE_ROW)
    for (int i = 0; i < t.columns; i++, c++) {
      c->type = sqlite3_column_type(s, i);
      if (c->type == SQLITE_INTEGER) {
        c->number = sqlite3_column_int64(s, i);
      } else if (c->type != SQLITE_NULL) {
        const void *bytes = sqlite3_column_blob(s, i);
        c->length = sqlite3_column_bytes(s, i);
        c->bytes = malloc(c->length + 1);
        if (c->length) memcpy(c->bytes, bytes, c->length);
      }
    }
  sqlite3_finalize(s);
  return t;
}

static void insert(sqlite3 *db, sqlite3_stmt *s, const Cell *c, int columns) {
  for (int i = 1; i <= columns; i++, c++) {
    if (c->type == SQLITE_INTEGER) sqlite3_bind_int64(s, i, c->number);
    else if (c->type == SQLITE_TEXT) sqlite3_bind_text(s, i, c->bytes, c->length, SQLITE_STATIC);
    else if (c->type == SQLITE_BLOB) sqlite3_bind_blob(s, i, c->bytes, c->length, SQLITE_STATIC);
    else sqlite3_bind_null(s, i);
  }
  if (sqlite3_step(s) != SQLITE_DONE) fail("insert", db);
  sqlite3_reset(s);
}

int main(int argc, char **argv) {
  if (argc != 5) fail("usage: floor SCHEMA.sql FINISHED.sqlite TEXTS OUT.sqlite", NULL);
  int64_t size;
  char *schema = file(argv[1], &size);
  char *texts = file(argv[3], &size);
  sqlite3 *db;
  if (sqlite3_open_v2(argv[2], &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK) fail(argv[2], db);
  Table records = load(db, "SELECT count(*) FROM record",
    "SELECT import_id, line, format, hash, raw FROM record ORDER BY id");
  Table solutions = load(db, "SELECT count(*) FROM solution",
    "SELECT key, record_id, ordinal, import_id, format, name, excerpt, steps, ratings, first_error, finish_reason,"
    " screening, problem, prompt_size FROM solution ORDER BY id");
  sqlite3_close(db);
  if (records.rows != solutions.rows) fail("a record that is not one solution", NULL);

  struct timespec began, ended;
  clock_gettime(CLOCK_MONOTONIC, &began);
  if (sqlite3_open(argv[4], &db) != SQLITE_OK) fail(argv[4], db);
  run(db, schema);
  sqlite3_stmt *record = prepare(db,
    "INSERT OR IGNORE INTO record(import_id, line, format, hash, raw) VALUES (?,?,?,?,?)");
  sqlite3_stmt *solution = prepare(db,
    "INSERT OR IGNORE INTO solution(key, record_id, ordinal, import_id, format, name, excerpt, steps, ratings,"
    " first_error, finish_reason, screening, problem, prompt_size) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
  sqlite3_stmt *search = prepare(db, "INSERT INTO search(rowid, words) VALUES (?,?)");
  int64_t pending = 0;
  const char *text = texts;
  run(db, "BEGIN IMMEDIATE");
  for (int64_t row = 0; row < records.rows; row++) {
    const Cell *cells = records.cells + row * records.columns;
    insert(db, record, cells, records.columns);
    insert(db, solution, solutions.cells + row * solutions.columns, solutions.columns);
    uint64_t length;
    memcpy(&length, text, 8);
    Cell words[2] = {{.type = SQLITE_INTEGER, .number = row + 1},
                     {.type = SQLITE_TEXT, .length = (int)length, .bytes = (char *)text + 8}};
    text += 8 + length;
    insert(db, search, words, 2);
    pending += cells[4].length;
    if (pending >= BYTES_PER_TRANSACTION) {
      run(db, "COMMIT");
      run(db, "BEGIN IMMEDIATE");
      pending = 0;
    }
  }
  run(db, "COMMIT");
  sqlite3_finalize(record);
  sqlite3_finalize(solution);
  sqlite3_finalize(search);
  if (sqlite3_close(db) != SQLITE_OK) fail("close", db);
  clock_gettime(CLOCK_MONOTONIC, &ended);
  if (text != texts + size) fail("the texts are not those of this database", NULL);
  printf("%.3f\n", (ended.tv_sec - began.tv_sec) + (ended.tv_nsec - began.tv_nsec) / 1e9);
  return 0;
}
