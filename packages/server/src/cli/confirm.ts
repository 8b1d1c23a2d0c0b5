/**
 * Asks the person at the terminal a yes-or-no question on standard error, to keep it out of the output.
 *
 * @returns null if there is no terminal
 */
export async function confirm(question: string): Promise<boolean | null> {
  if (!process.stdin.isTTY) return null;
  const { createInterface } = await import('node:readline/promises');
  const line = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await line.question(`${question} [y/N] `);
  line.close();
  return /^y(?:es)?$/i.test(answer.trim());
}
