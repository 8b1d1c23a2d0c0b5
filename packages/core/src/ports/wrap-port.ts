/**
 * Returns a port whose members come from `memberOf`. All other uses, such as `in` and `instanceof`, see the port itself.
 *
 * The port may be frozen. A proxy must return the frozen members of its target unchanged, so the target is an object that
 * inherits from the port and has no members of its own.
 *
 * @param memberOf returns a member by its name. `original` reads it from the port, with methods bound to the port
 * @example
 * const counted = wrapPort(calendars, (name, original) => {
 *   count(name);
 *   return original();
 * });
 */
export function wrapPort<P extends object>(
  port: P,
  memberOf: (name: string | symbol, original: () => unknown) => unknown,
): P {
  return new Proxy<P>(Object.create(port) as P, {
    get: (_, name) =>
      memberOf(name, () => {
        const member: unknown = Reflect.get(port, name, port);
        return typeof member === 'function' ? (member.bind(port) as unknown) : member;
      }),
  });
}
