import type { ErrorDefinition, Refusal, Source } from "./errors.ts";
import type { InputOf, Parameters } from "./parameters.ts";
import type { Product } from "./products.ts";
import type { AnyKind, BodyOf, Resource, ResourceReader, ResourceWriter, Subject } from "./resource-kind.ts";
import type { AnswerOf, Fields } from "./response.ts";
import type { SettingsReader } from "./settings.ts";
import type { Verdict } from "./verdict.ts";

/** Who calls: an account by a root key, or one of its users or roles by theirs. */
export interface Caller {
  readonly account: string;
  readonly accessKeyId: string;
  readonly type: "Account" | "RAMUser" | "AssumedRoleUser";
  /** Who it is within the account: `root`, `user/<name>` or `role/<name>`. */
  readonly principal: string;
  /** `acs:ram::<account>:root`, `…:user/<name>` or `…:assumed-role/<role>/<session>` */
  readonly arn: string;
  /** Id of the account, the user or the role. */
  readonly principalId: string;
  /** What a temporary key brings along. */
  readonly session?: Session;
}
/** A role that somebody has taken for a time. */
export interface Session {
  /** RoleSessionName */
  readonly name: string;
  /** The policy that was given to AssumeRole: the session may do what both it and the role's policies allow. */
  readonly policy: string | undefined;
  /** Virtual milliseconds. */
  readonly expiresAt: number;
}
/** Temporary keys as AssumeRole answers them. */
export interface SessionCredentials {
  readonly AccessKeyId: string;
  readonly AccessKeySecret: string;
  readonly SecurityToken: string;
}

/** What a request has under a condition key of policies, written `acs:sourceip`, `acs:resourcetag/Team`; `undefined` for a key that it lacks. */
export type ConditionValues = (key: string) => readonly string[] | undefined;

/** A resource that a call names by a parameter, loaded before anything is decided. */
export interface Target<K extends AnyKind = AnyKind> {
  readonly kind: K;
  /** Name of the parameter that holds the id. */
  readonly parameter: string;
  /** Finds the resource where the parameter does not hold its id. What it finds, the caller sees. */
  readonly find?: (
    state: ResourceReader,
    value: string,
    call: { readonly caller: Caller; readonly input: Record<string, any>; readonly conditionValues: ConditionValues },
  ) => Promise<Resource<BodyOf<K>> | undefined>;
  /** What stands for it in ARNs; the parameter's value unless said. For what the parameter can name in several spellings. */
  readonly nameInArn?: (resource: Resource<BodyOf<K>>) => string;
  /** Answer when the id is unknown, of another kind, or not visible to the caller: alike in all three cases. */
  readonly missing: ErrorDefinition;
  /** The same where it depends on the call; `missing` unless said. */
  readonly missingFor?: (call: { readonly caller: Caller; readonly input: Record<string, any> }) => ErrorDefinition;
  /** What a refused caller can do; to check id, region and account unless said. */
  readonly advice?: string;
  /** Values for the `%s` of that answer; the id unless said. */
  readonly fill?: readonly string[];
  /** Who may see it; its owner in the region of the call unless said. */
  readonly visible?: (resource: Resource<BodyOf<K>>, call: { readonly caller: Caller; readonly input: Record<string, any> }) => boolean;
}
export type Targets = Readonly<Record<string, Target>>;
type Loaded<T extends Targets> = { readonly [N in keyof T]: Resource<BodyOf<T[N]["kind"]>> };

/** What a rule sees: the decoded input, the loaded targets, the caller, virtual time and a snapshot of the store. */
export interface Call<P extends Parameters = Parameters, T extends Targets = Targets> {
  readonly input: InputOf<P>;
  readonly targets: Loaded<T>;
  readonly caller: Caller;
  /** Host, with port if any, at which the caller reached this server. */
  readonly host: string;
  /** Virtual time in milliseconds since 1970. */
  readonly now: number;
  readonly settings: SettingsReader;
  readonly state: ResourceReader;
  /** For policies that an operation judges itself. */
  readonly conditionValues: ConditionValues;
}
export interface WriteCall<P extends Parameters = Parameters, T extends Targets = Targets> extends Call<P, T> {
  readonly state: ResourceWriter;
  /**
   * Judges one member of a batch by rules of its own: the refusal by the first that does not hold, noted in the story under `name`.
   * The call itself succeeds; what failed stands in its answer.
   */
  readonly judgeMember: <M>(name: string, member: M, rules: readonly Rule<M>[]) => Promise<Refusal | undefined>;
  /** Makes temporary keys of a role of an account. Nothing of them is stored. */
  readonly issueSession: (account: string, roleId: string, session: Session) => SessionCredentials;
}

/** What a request must meet, with the answer to one that does not. */
export interface Statement {
  /** Says what must be true, as a sentence: it stands in the documentation and in the story of a refused call. */
  readonly rule: string;
  readonly error: ErrorDefinition;
  /** Where the rule (not its error text) is documented; the error's own source unless said. */
  readonly source?: Source;
  /** What a refused caller can do, where the sentence alone does not say it. Stands in the story, not in the answer. */
  readonly advice?: string;
}

/** One named test of a check. The first that does not hold answers with its error. */
export interface Rule<C> extends Statement {
  readonly holds: (call: C) => boolean | Promise<boolean>;
  /** Values for the `%s` of the error's message. */
  readonly fill?: (call: C) => readonly string[] | Promise<readonly string[]>;
  /** For a rule on a state: the resource whose state refused. Only one that the caller can see, because the story shows it. */
  readonly subject?: (call: C) => Subject | undefined | Promise<Subject | undefined>;
  /** For a rule that judges a policy other than the caller's own: the ARN that it was judged on, and how. */
  readonly verdict?: (call: C) => PolicyVerdict | Promise<PolicyVerdict>;
}
type PolicyVerdict = Verdict & { readonly resource: string };

/** Rules on something that a call holds or names, as rules on the call. */
export function rulesOn<C, I>(inner: (call: C) => I | Promise<I>, rules: readonly Rule<I>[]): Rule<C>[] {
  return rules.map(({ holds, fill, subject, verdict, ...rule }) => ({
    ...rule,
    holds: async (call) => holds(await inner(call)),
    ...(fill === undefined ? {} : { fill: async (call: C) => fill(await inner(call)) }),
    ...(subject === undefined ? {} : { subject: async (call: C) => subject(await inner(call)) }),
    ...(verdict === undefined ? {} : { verdict: async (call: C) => verdict(await inner(call)) }),
  }));
}

/** What is known of a call before permission is judged. Targets may be missing. */
export interface Naming {
  readonly caller: Caller;
  readonly input: Readonly<Record<string, any>>;
  readonly targets: Readonly<Record<string, any>>;
  readonly state: ResourceReader;
}
type Filling = string | readonly string[] | undefined;

interface Common<P extends Parameters, R extends Fields, T extends Targets> {
  readonly product: Product;
  readonly name: string;
  /** One sentence for the documentation. */
  readonly summary: string;
  /** The call returns while the work still runs; `pollWith` shows how it goes. */
  readonly pollWith?: string;
  /** The cloud keeps it for old clients: what to do instead, as a sentence. */
  readonly deprecated?: { readonly instead: string; readonly source: Source };
  /** The cloud serves it over TLS only; plain HTTP is accepted from loopback. */
  readonly httpsOnly?: boolean;
  readonly authorisation: {
    /** RAM action; `null` when no permission is needed. */
    readonly action: string | null;
    /** ARN patterns, filled from the call; `*` where the operation has no resource level. */
    readonly resources: readonly string[];
    /**
     * Values for names in these patterns that are no parameter, or not always one: one or several, `undefined` for `*`, an empty list for
     * a pattern that does not concern the call.
     */
    readonly fill?: Readonly<Record<string, (call: Naming) => Filling | Promise<Filling>>>;
    /** Parameters that hold ids of what the call is about, where neither a pattern nor a target names them. */
    readonly about?: readonly string[];
    readonly source: Source;
    /**
     * Answers to a user and to a role without permission, and to either where a policy denies it explicitly;
     * the product's unless said.
     */
    readonly denied?: Readonly<Partial<Record<"user" | "role" | "explicit", ErrorDefinition>>>;
  };
  readonly parameters: P;
  readonly response: R;
  readonly targets?: T;
  readonly check?: readonly Rule<Call<P, T>>[];
}
export interface ReadOperation<P extends Parameters, R extends Fields, T extends Targets> extends Common<P, R, T> {
  readonly read: (call: Call<P, T>) => Promise<AnswerOf<NoInfer<R>>>;
}
export interface WriteOperation<P extends Parameters, R extends Fields, T extends Targets> extends Common<P, R, T> {
  /** Changes state after every rule held; cannot refuse. May run again after a conflict, so it has no effect outside `state`. */
  readonly apply: (call: WriteCall<P, T>) => Promise<AnswerOf<NoInfer<R>>>;
}

// Operations of a mixed list differ in their type parameters; the engine passes each only what it declared itself.
interface AnyDeclaration extends Omit<Common<Parameters, Fields, Targets>, "check"> {
  readonly check?: readonly Rule<any>[];
}
export type AnyOperation = AnyDeclaration &
  ({ readonly read: (call: any) => Promise<unknown> } | { readonly apply: (call: any) => Promise<unknown> });

/** Declares an operation that changes nothing. */
export function readOperation<const P extends Parameters, const R extends Fields, const T extends Targets = Record<never, never>>(
  definition: ReadOperation<P, R, T>,
): ReadOperation<P, R, T> {
  return definition;
}
/** Declares an operation that changes state. */
export function writeOperation<const P extends Parameters, const R extends Fields, const T extends Targets = Record<never, never>>(
  definition: WriteOperation<P, R, T>,
): WriteOperation<P, R, T> {
  return definition;
}
/** Declares a target with the body type of its kind. */
export function target<K extends AnyKind>(definition: Target<K>): Target<K> {
  return definition;
}

/** `Vpc 2016-04-28 CreateVpc`: how an operation is found, and its name in tokens and counters. */
export function operationKey(product: { readonly version: string }, name: string): string {
  return `${product.version} ${name}`;
}
