/** The declaration of one response field; the JSON type on the wire follows from it. */
export type Shape =
  | { readonly type: "string" | "integer" | "boolean" }
  /** A JSON number of up to 18 digits that travels through the server as text. */
  | { readonly type: "long" }
  | { readonly type: "list"; readonly item: Shape }
  | { readonly type: "object"; readonly fields: Fields }
  | { readonly type: "optional"; readonly inner: Shape };
export type Fields = Readonly<Record<string, Shape>>;

export const text = { type: "string" } as const;
export const int = { type: "integer" } as const;
export const bool = { type: "boolean" } as const;
export const long = { type: "long" } as const;

/** A bare JSON array, as VpcPeer answers: `"VpcPeerConnects": […]`. */
export function listOf<const S extends Shape>(item: S): { readonly type: "list"; readonly item: S } {
  return { type: "list", item };
}
export function structure<const F extends Fields>(fields: F): { readonly type: "object"; readonly fields: F } {
  return { type: "object", fields };
}
/** An array inside an object, as Vpc answers: `"Vpcs": {"Vpc": […]}`. The inner name is irregular, so it is always given. */
export function wrapped<const N extends string, const S extends Shape>(
  name: N,
  item: S,
): { readonly type: "object"; readonly fields: { readonly [K in N]: { readonly type: "list"; readonly item: S } } } {
  return structure({ [name]: listOf(item) } as { readonly [K in N]: { readonly type: "list"; readonly item: S } });
}
/** A field that is left out when it has no value. */
export function optional<const S extends Shape>(inner: S): { readonly type: "optional"; readonly inner: S } {
  return { type: "optional", inner };
}

/** The value that a shape describes. (Of no shape in particular nothing is known; asking further would never end.) */
export type ValueOfShape<S> = Shape extends S ? unknown : KnownValue<S>;
type KnownValue<S> = S extends { readonly type: "string" | "long" }
  ? string
  : S extends { readonly type: "integer" }
    ? number
    : S extends { readonly type: "boolean" }
      ? boolean
      : S extends { readonly type: "list"; readonly item: infer I }
        ? readonly ValueOfShape<I>[]
        : S extends { readonly type: "object"; readonly fields: infer F }
          ? AnswerOf<F>
          : S extends { readonly type: "optional"; readonly inner: infer I }
            ? ValueOfShape<I> | undefined
            : never;
/** The answer of an operation that declares the response fields `F`; `RequestId` is added by the gateway. */
export type AnswerOf<F> = { readonly [K in keyof F]: ValueOfShape<F[K]> };

/** What a read answers about a resource that is not there: every field present and empty. */
export function emptyAnswer<F extends Fields>(fields: F): AnswerOf<F> {
  return emptyFields(fields) as AnswerOf<F>;
}

function emptyFields(fields: Fields): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, shape]) => [name, emptyValue(shape)]));
}

function emptyValue(shape: Shape): unknown {
  switch (shape.type) {
    case "string":
      return "";
    case "long":
      return "0";
    case "integer":
      return 0;
    case "boolean":
      return false;
    case "list":
      return [];
    case "object":
      return emptyFields(shape.fields);
    case "optional":
      return undefined;
  }
}
