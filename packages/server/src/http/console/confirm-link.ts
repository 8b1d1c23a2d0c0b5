import { html, type Html } from '../html.js';

/** Renders a link to the second step of an action. The page's script opens it as a dialog. */
export function confirmLink(
  act: 'resume' | 'release' | 'revert' | 'undo' | 'cancel' | 'delete',
  parameters: Readonly<Record<string, string>>,
  words: string,
): Html {
  const address = `/console/confirm/${act}?${new URLSearchParams(parameters).toString()}`;
  const look = act === 'cancel' || act === 'delete' ? 'button strong' : 'button';
  return html`<a class="${look}" href="${address}" data-confirm>${words}</a>`;
}
