import type { PortDescription, PortMethodName } from '../ports/port-methods.js';
import { wrapPort } from '../ports/decorate-port.js';
import { assertTrue } from './assert.js';

/** A port with all its methods, as the capability tests use it. */
export type WholePort<P> = P & { readonly [K in PortMethodName<P>]-?: NonNullable<P[K]> };

/** Returns the port. A missing method fails the test that calls it, because the port claims it. */
export function wholePort<P extends object>(port: P, { methods }: PortDescription<P>): WholePort<P> {
  const whole: object = wrapPort(port, (name, original) => {
    const member = original();
    if (member !== undefined || !Object.hasOwn(methods, name)) return member;
    return (): void => assertTrue(false, `${String(name)} is missing, though it is claimed`);
  });
  return whole as WholePort<P>;
}
