import { html, type Html } from '../html.js';

/** Renders a link to the second step of an action. The page's script opens it as a dialog. */
export function confirmLink(
  act: 'resume' | 'release' | 'revert' | 'undo',
  parameters: Readonly<Record<string, string>>,
  words: string,
): Html {
  const address = `/console/confirm/${act}?${new URLSearchParams(parameters).toString()}`;
  return html`<a class="button" href="${address}" data-confirm>${words}</a>`;
}
