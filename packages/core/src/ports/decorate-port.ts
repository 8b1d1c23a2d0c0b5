import type { SyncError, SyncSystem } from '../domain/sync-error.js';
import type { Result } from '../result.js';
import type { CallTarget, PortDescription, PortMethod } from './port-methods.js';

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

/** One call that passes through the decorators of a port. */
export interface DecoratedCall extends Pick<PortMethod<never>, 'effect'> {
  /** As in `PortMethod`. */
  readonly quotaUnits: PortMethod<never>['quotaUnits'] | undefined;
  /** As in `PortMethod`. */
  readonly notFoundMeansCalendar: PortMethod<never>['notFoundMeansCalendar'] | undefined;
  /** As in `PortMethod`. */
  readonly isAnswer: PortMethod<never>['isAnswer'] | undefined;
  readonly system: SyncSystem;
  readonly method: string;
  readonly args: readonly unknown[];
  readonly target: CallTarget;
}

/** The result of a call of any method. */
export type CallAnswer = Promise<Result<unknown, SyncError>>;

/** Wraps a call. `send` passes the call on and is optional. */
export type CallDecorator = (call: DecoratedCall, send: () => CallAnswer) => CallAnswer;

type AnyCall = (...args: readonly unknown[]) => CallAnswer;
type AnyMethod = PortMethod<readonly unknown[]>;

/**
 * Returns a port of the same type whose described methods pass through the decorators. All other members stay the same.
 *
 * @param decorators the outermost first
 * @example
 * const timed = decoratePort(calendars, CALENDAR_PORT, async ({ method }, send) => {
 *   console.time(method);
 *   const answer = await send();
 *   console.timeEnd(method);
 *   return answer;
 * });
 */
export function decoratePort<P extends object>(
  port: P,
  { system: usualSystem, methods }: PortDescription<P>,
  ...decorators: readonly CallDecorator[]
): P {
  const system = systemNameOf(port) ?? usualSystem;
  const wrappers = new Map<string, AnyCall>();
  return wrapPort(port, (name, original) => {
    // A getter may throw: after the first use of a method it is read within the decorated call only.
    const made = typeof name === 'string' ? wrappers.get(name) : undefined;
    if (made) return made;
    const member = original();
    const method = typeof name === 'string' && typeof member === 'function' ? methodOf(methods, name) : undefined;
    if (typeof name !== 'string' || !method) return member;
    const call: AnyCall = (...args) => Reflect.apply(Reflect.get(port, name, port) as AnyCall, port, args);
    const wrapper = decorateCall(system, name, method, call, decorators);
    wrappers.set(name, wrapper);
    return wrapper;
  });
}

function methodOf(methods: object, name: string): AnyMethod | undefined {
  return Object.hasOwn(methods, name) ? (Reflect.get(methods, name) as AnyMethod) : undefined;
}

/** Returns the name that an adapter gives its system. Null if it gives none. */
function systemNameOf(port: object): SyncSystem | null {
  const name: unknown = Reflect.get(port, 'system');
  return typeof name === 'string' && name !== '' ? name : null;
}

function decorateCall(
  system: SyncSystem,
  name: string,
  { effect, target, quotaUnits, notFoundMeansCalendar, isAnswer }: AnyMethod,
  original: AnyCall,
  decorators: readonly CallDecorator[],
): AnyCall {
  const send = decorators.reduceRight<(call: DecoratedCall) => CallAnswer>(
    (inner, decorate) => (call) => decorate(call, () => inner(call)),
    ({ args }) => original(...args),
  );
  // Every call has the same fields in the same order, which the decorators read faster than a copy of the description.
  return (...args) =>
    send({
      effect,
      quotaUnits,
      notFoundMeansCalendar,
      isAnswer,
      system,
      method: name,
      args,
      target: target(...args),
    });
}
