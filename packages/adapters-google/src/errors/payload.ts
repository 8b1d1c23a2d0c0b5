const PAYLOAD_LIMIT = 2000;
const MESSAGE_LIMIT = 300;

function cut(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}

/** The answer's body if it is short, otherwise the beginning of its text; undefined if it is empty. */
export function cutPayload(answer: unknown): unknown {
  if (answer === undefined || answer === null || answer === '') return undefined;
  if (typeof answer === 'string') return cut(answer, PAYLOAD_LIMIT);
  const text = JSON.stringify(answer) ?? '';
  return text.length <= PAYLOAD_LIMIT ? answer : cut(text, PAYLOAD_LIMIT);
}

/** Makes one line of a text, for a log. */
export function cutMessage(message: string): string {
  return cut(message.replace(/\s+/g, ' ').trim(), MESSAGE_LIMIT);
}
