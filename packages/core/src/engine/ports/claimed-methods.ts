import { unclaimedMethods, type PortKind } from '../../ports/capabilities.js';

/**
 * Returns the port without the methods of capabilities that it does not claim. So the engine can call every method that is
 * present, and an absent one means that the port does not support it.
 */
export function claimedMethods<P extends object>(kind: PortKind, port: P): P {
  const hidden = new Set(unclaimedMethods(kind, port));
  if (hidden.size === 0) return port;
  return new Proxy(port, {
    get: (target, name) => {
      if (typeof name === 'string' && hidden.has(name)) return undefined;
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
}
