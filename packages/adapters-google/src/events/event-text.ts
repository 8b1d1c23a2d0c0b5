/** Longest title we send, in UTF-16 code units. Google cuts or refuses longer ones. */
export const TITLE_LIMIT = 1024;

/** Longest description we send, in UTF-16 code units. */
export const DESCRIPTION_LIMIT = 8192;

/** Control characters other than line feed and tab, and halves of surrogate pairs: Google refuses such text. */
const UNSENDABLE = /[^\P{Cc}\n\t]|\p{Cs}/gu;

/**
 * Makes any text fit to be sent: what cannot be sent is dropped, what is too long is cut and ends in an ellipsis.
 * A booking is never refused for its text.
 */
export function fitText(text: string, limit: number): string {
  const clean = text.replace(/\r\n?/g, '\n').replace(UNSENDABLE, '');
  if (clean.length <= limit) return clean;
  let end = limit - 1;
  const last = clean.charCodeAt(end - 1);
  const cutsPair = last >= 0xd800 && last <= 0xdbff;
  if (cutsPair) end -= 1;
  return `${clean.slice(0, end)}…`;
}
