/**
 * What a server draws at random differs between two servers that were asked the same. Each such text gets a name that follows from the
 * step of the run in which it first appeared, so that answers and parameters can be told alike for both.
 */

/** Forms of texts that a server draws at random. */
const drawn = new RegExp(
  [
    // Resources, tunnels, VLAN interfaces.
    String.raw`\b[a-z]{1,8}-[a-z0-9]{18,21}\b`,
    // Access keys; users and roles of RAM.
    String.raw`\bLTAI\w{20}\b|\bSTS\.\w{24}\b`,
    String.raw`\b[23]\d{17}\b`,
    // IPv6 blocks, pre-shared keys.
    String.raw`\b2408:4[0-9a-f:]+(?:/\d+)?`,
    String.raw`\b[0-9a-f]{16}\b`,
  ].join("|"),
  "g",
);
/** Fields whose values are drawn too, and named nowhere else. */
const drawnFields = /(["<](?:AccessKeySecret|SecurityToken|PortNumber|OrderId)(?:":"?|>))[^"<,}]+/gi;
/** Addresses of VPN gateways, private ones too, come from blocks of which callers give addresses as well: they are known by their fields. */
const drawnAddress = /(?<=["<]\w*InternetIp(?:":"|>))\d[\d.]+(?=["<])/gi;
const address = /\b(?:\d{1,3}\.){3}\d{1,3}\b(?!\/)/g;
const diagnosticMessage = /(?<=["<]EncodedDiagnosticMessage(?:":"|>))[^"<]+/g;
/** Where a list goes on. */
const continuation = /(?<=["<](?:NextToken|Marker)(?:":"|>))[\w-]+/g;

export function drawnIn(text: string): string[] {
  return text.match(drawn) ?? [];
}

/** A text with what is encoded in it in clear. */
export function decoded(text: string): string {
  return text.replace(diagnosticMessage, (encoded) => Buffer.from(encoded, "base64").toString().replaceAll('"', "'"));
}

const continuationsMax = 5;

/** The names of one server's texts. */
export class Names {
  readonly #names = new Map<string, string>();
  readonly #texts = new Map<string, string>();
  /** Names of the latest tokens that lists go on with. */
  readonly continuations: string[] = [];
  #step = "";
  #added = 0;

  /** Gives a text a name; one that both servers have from the start keeps itself. */
  add(text: string, name: string = text): void {
    if (this.#names.has(text)) return;
    this.#names.set(text, name);
    this.#texts.set(name, text);
  }
  has(text: string): boolean {
    return this.#names.has(text);
  }

  /** A text with names for all that was drawn at random; `step` is part of those that are new. */
  told(text: string, step: string): string {
    if (step !== this.#step) this.#added = 0;
    this.#step = step;
    const nameOf = (one: string): string => {
      if (!this.#names.has(one)) this.add(one, `«${step}.${++this.#added}»`);
      return this.#names.get(one) as string;
    };
    return text
      .replace(drawnFields, "$1(drawn)")
      .replace(continuation, (token) => {
        this.continuations.unshift(nameOf(token));
        this.continuations.length = Math.min(this.continuations.length, continuationsMax);
        return nameOf(token);
      })
      .replace(drawnAddress, nameOf)
      .replace(address, (one) => this.#names.get(one) ?? one)
      .replace(drawn, nameOf);
  }
  /** A parameter's value as this server has to be asked. What has a name that this server never gave stays as it is. */
  asked(value: string): string {
    return value.replace(/«[\w.]+»/g, (name) => this.#texts.get(name) ?? name);
  }
  /** A value for `asked` of this or the other server, from one that this server knows. */
  named(value: string): string {
    return value.replace(drawn, (one) => this.#names.get(one) ?? one);
  }
}
