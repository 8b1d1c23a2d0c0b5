import { unclaimedMethods, type PortKind } from '../../ports/capabilities.js';

/**
 * The port without the methods of what it does not claim. So in the engine a method that is there can be called, and one that
 * is missing means that the port cannot do it.
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
