/**
 * Wraps the random numbers of a host. A fault must not give several replicas the same name, so another number takes its
 * place.
 */
export function guardedRandom(random: () => number): () => number {
  return () => {
    try {
      const answer: unknown = random();
      return typeof answer === 'number' && answer >= 0 && answer <= 1 ? answer : Math.random();
    } catch {
      return Math.random();
    }
  };
}
