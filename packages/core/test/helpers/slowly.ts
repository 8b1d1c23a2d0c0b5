/** The same object, whose methods answer by promises, some turns later. */
export function slowly<T extends object>(target: T): T {
  return new Proxy(target, {
    get(object, name): unknown {
      const member: unknown = Reflect.get(object, name, object);
      if (typeof member !== 'function') return member;
      return async (...args: readonly unknown[]): Promise<unknown> => {
        for (let turn = 0; turn < 5; turn++) await Promise.resolve();
        return Reflect.apply(member, object, args);
      };
    },
  });
}
