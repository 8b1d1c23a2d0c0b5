/** A port with some methods replaced. */
export function overridden<T extends object>(port: T, methods: Partial<T>): T {
  return new Proxy(port, {
    get: (target, name): unknown => {
      const replaced: unknown = Reflect.get(methods, name);
      if (replaced !== undefined) return replaced;
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}
