import type { FastifyReply, FastifyRequest } from "fastify";
import type { ErrorDefinition } from "../../contract/errors.ts";
import type { JsonSchema } from "../../contract/json-schema.ts";
import type { InputOf, Parameters } from "../../contract/parameters.ts";
import type { Engine } from "../../engine/engine.ts";
import type { Metrics } from "../metrics.ts";
import type { RequestLog } from "../request-log.ts";

/** What the addresses work with. */
export interface Behind {
  readonly engine: Engine;
  readonly log: RequestLog;
  readonly metrics: Metrics;
  readonly version: string;
  readonly tlsView: () => TlsView | null;
  /** All addresses, for the one that describes them. */
  readonly addresses: readonly Address[];
}
/** Where the TLS listener is, for those who set up clients. */
export interface TlsView {
  readonly port: number;
  /** Path of the certificate by which clients trust it, on the server's machine. */
  readonly caFile: string;
}

/** What an address is sent as its body. */
export type Body =
  /** A JSON object whose members are declared and decoded; none sent counts as an empty one. */
  | { readonly fields: Parameters }
  /** A JSON object that `handle` reads itself. */
  | { readonly anything: JsonSchema }
  /** Bytes of any length up to a limit, which `handle` reads from the request as they come. */
  | { readonly stream: { readonly contentType: string; readonly bytesMax: number } };

/** What `handle` sees: what was sent, decoded, and the request and reply for what cannot be declared. */
export interface AddressCall<P extends string, Q extends Parameters, B extends Body | undefined> {
  readonly path: Readonly<Record<P, string>>;
  readonly query: InputOf<Q>;
  readonly body: B extends { readonly fields: infer F extends Parameters } ? InputOf<F> : Readonly<Record<string, unknown>>;
  readonly behind: Behind;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** What an address answers when it does what it is for. */
export interface AddressAnswer {
  /** 200 unless said. */
  readonly status?: number;
  readonly description: string;
  /** Of a JSON answer, which it is unless `contentType` says otherwise. */
  readonly schema?: JsonSchema;
  readonly contentType?: string;
}

/**
 * One of Linkspan's own addresses: plain data, from which the server registers it, decodes what is sent to it and describes it
 * in `/_linkspan/openapi.json`, and the function that answers.
 */
export interface AddressDeclaration<P extends string, Q extends Parameters, B extends Body | undefined> {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Behind `/_linkspan`, with parameters in braces: `/accounts/{name}/keys`. */
  readonly path: string;
  /** One sentence. */
  readonly summary: string;
  readonly description?: string;
  /** Open to everyone, with nothing to prove. */
  readonly isPublic?: boolean;
  /** What stands for the names in braces. It can be any text: what is nowhere is not found. */
  readonly inPath?: Readonly<Record<P, string>>;
  readonly inQuery?: Q;
  readonly body?: B;
  readonly answers: AddressAnswer;
  /** Refusals beside those of any address: not admitted, an input that is not as declared, a store that fails. */
  readonly refusals?: readonly ErrorDefinition[];
  /** The answer's value, or the reply when it has sent something itself. */
  readonly handle: (call: AddressCall<P, Q, B>) => unknown;
  /** The same for a browser that asks for it: a page as HTML. */
  readonly page?: (call: AddressCall<P, Q, B>) => string | Promise<string>;
}

/** An address of a mixed list; each is called with what it declared itself. */
export type Address = Omit<AddressDeclaration<string, Parameters, Body | undefined>, "handle" | "page"> & {
  readonly handle: (call: any) => unknown;
  readonly page?: (call: any) => string | Promise<string>;
};

/** Declares an address. */
export function address<
  const P extends string = never,
  const Q extends Parameters = Record<never, never>,
  const B extends Body | undefined = undefined,
>(declaration: AddressDeclaration<P, Q, B>): Address {
  return declaration;
}
