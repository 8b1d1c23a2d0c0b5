import { html, type Html } from '../html.js';

/** The place of the answers to actions, always in view. It covers nothing while it is empty. */
export const NOTICE: Html = html`<div class="notice">
  <p id="message" class="message" role="status" aria-live="polite"></p>
  <button type="button" class="plain" data-dismiss aria-label="Close the message">✕</button>
</div>`;

/** Renders the frame of every page of the console. */
export function frame(title: string, body: Html): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="/console/assets/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/console/assets/console.css" />
        <script src="/console/assets/console.js" defer></script>
      </head>
      <body>
        ${body}
      </body>
    </html>`.text;
}
