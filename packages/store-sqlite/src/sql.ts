// Builds statements from a list of columns. Parameters have the names of the columns.

function quoted(columns: readonly string[]): string {
  return columns.map((column) => `"${column}"`).join(', ');
}

export function insert(table: string, columns: readonly string[]): string {
  return `INSERT INTO ${table} (${quoted(columns)}) VALUES (${columns.map((column) => `@${column}`).join(', ')})`;
}

/** The part after SET. */
export function assignments(columns: readonly string[]): string {
  return columns.map((column) => `"${column}" = @${column}`).join(', ');
}

/** Inserts a row, or replaces all columns except the key. */
export function upsert(table: string, key: string, columns: readonly string[]): string {
  return `${insert(table, columns)} ON CONFLICT ("${key}") DO UPDATE SET ${assignments(columns.filter((column) => column !== key))}`;
}
