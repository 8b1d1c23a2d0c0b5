/** Describes a thrown value. Any value may be thrown, also one whose conversion to a text throws. */
export function thrownText(thrown: unknown): string {
  try {
    return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  } catch {
    return 'a value without a text';
  }
}
