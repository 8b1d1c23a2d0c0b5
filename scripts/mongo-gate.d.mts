/** Passes one command at a time; listens on `port`, or any free one. */
export function startGate(
  server: { readonly host: string; readonly port: number },
  port?: number,
): Promise<{ readonly port: number; close(): Promise<void> }>;
