import { unclaimedMethods, type PortKind } from '../../ports/capabilities.js';
import { wrapPort } from '../../ports/wrap-port.js';

/**
 * Returns the port without the methods of capabilities that it does not claim. So the engine can call every method that is
 * present, and an absent one means that the port does not support it.
 */
export function claimedMethods<P extends object>(kind: PortKind, port: P): P {
  const hidden = new Set(unclaimedMethods(kind, port));
  if (hidden.size === 0) return port;
  return wrapPort(port, (name, original) => (typeof name === 'string' && hidden.has(name) ? undefined : original()));
}
