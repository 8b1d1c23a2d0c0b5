/** Are two plain values equal? Compares texts, numbers, and objects and lists of them. */
export function sameData(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (!isObject(a) || !isObject(b)) return false;
  let fields = 0;
  for (const name in a) {
    if (!sameData(a[name], b[name])) return false;
    fields++;
  }
  return Object.keys(b).length === fields;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
