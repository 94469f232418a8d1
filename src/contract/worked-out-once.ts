/** Reads a text that seldom changes: what was made of it is kept as long as it stays the same. */
export function parsedOnce<T>(parse: (text: string) => T): (text: string) => T {
  let last: { readonly text: string; readonly value: T } | undefined;
  return (text) => {
    if (last?.text !== text) last = { text, value: parse(text) };
    return last.value;
  };
}

/** What follows from a value that never changes, worked out when it is first asked for. */
export function remembered<K extends object, V extends object>(workOut: (value: K) => V): (value: K) => V {
  const known = new WeakMap<K, V>();
  return (value) => {
    let result = known.get(value);
    if (result === undefined) {
      result = workOut(value);
      known.set(value, result);
    }
    return result;
  };
}
