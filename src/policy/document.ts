import { type Condition, conditionOperators, readCondition, valueForms } from "./conditions.ts";

/**
 * Policy documents as the public documentation writes them: https://www.alibabacloud.com/help/doc-detail/93739.htm and
 * https://www.alibabacloud.com/help/en/ram/policy-elements.
 */

/** What stands under `Action`, `Resource`, or their counterparts with `Not`. */
export interface Selection {
  readonly patterns: readonly string[];
  /** `NotAction`, `NotResource`: everything but the patterns. */
  readonly inverted: boolean;
}
/** Who may assume a role, by its trust policy. */
export type TrustedPrincipal =
  /** `name` is `root`, which stands for every user and role of the account, or `user/<name>` or `role/<name>`. */
  | { readonly type: "RAM"; readonly account: string; readonly name: string }
  | { readonly type: "Service"; readonly service: string }
  | { readonly type: "Federated"; readonly provider: string };

export interface PolicyStatement {
  readonly effect: "Allow" | "Deny";
  readonly action: Selection;
  /** That of a trust policy is `*`: the role itself. */
  readonly resource: Selection;
  /** In trust policies only. */
  readonly principals?: readonly TrustedPrincipal[];
  readonly conditions: readonly Condition[];
}
export interface PolicyDocument {
  readonly statements: readonly PolicyStatement[];
}

/** A document that is none; the message says what is wrong and where. Statements and list members are counted from 1. */
export class PolicyFault extends Error {
  constructor(where: string, what: string) {
    super(where === "" ? what : `${where}: ${what}`);
    this.name = "PolicyFault";
  }
}

/**
 * Reads a policy that is attached to users, groups or roles, or cuts a session.
 * A member that is given twice counts as it stands last, as in any JSON.
 * @throws {PolicyFault}
 */
export function parsePolicy(text: string): PolicyDocument {
  return documentOf(text, (members, where) => ({
    action: selection(members, where, "Action", actionForm),
    resource: selection(members, where, "Resource", resourceForm),
  }));
}

/**
 * Reads the trust policy of a role (AssumeRolePolicyDocument).
 * @throws {PolicyFault}
 */
export function parseTrustPolicy(text: string): PolicyDocument {
  return documentOf(text, (members, where) => ({
    action: { patterns: texts(members.take("Action"), `${where}.Action`, trustActionForm), inverted: false },
    resource: { patterns: ["*"], inverted: false },
    principals: principals(members.take("Principal"), `${where}.Principal`),
  }));
}

type Json = unknown;
/** Of a value that a text must have. */
interface Form {
  readonly test: RegExp;
  readonly words: string;
}
const actionForm: Form = { test: /^(\*|[^\s:]+:[^\s:]+)$/, words: "`*` or `<service>:<operation>`" };
const trustActionForm: Form = { test: /^sts:[^\s:]+$/i, words: "an action of STS, such as `sts:AssumeRole`" };
const resourceForm: Form = {
  test: /^(\*|acs:[^:]*:[^:]*:[^:]*:.+)$/s,
  words: "`*` or `acs:<service>:<region>:<account>:<resource>`",
};
const ramForm: Form = {
  test: /^acs:ram::(?<account>\d+):(?<name>root|(?:user|role)\/[^\s:*?/]+)$/,
  words: "`acs:ram::<account>:root`, `acs:ram::<account>:user/<name>` or `acs:ram::<account>:role/<name>`",
};
const serviceForm: Form = { test: /^[\w@.-]+$/, words: "the name of a service, such as `ecs.aliyuncs.com`" };
const federatedForm: Form = {
  test: /^acs:ram::\d+:(saml|oidc)-provider\/[^\s:*?/]+$/,
  words: "`acs:ram::<account>:saml-provider/<name>` or `acs:ram::<account>:oidc-provider/<name>`",
};
const textForm: Form = { test: /^/, words: "a text" };
const keyForm: Form = { test: /^[^\s:]+:.+$/s, words: "`acs:<key>` or `<service>:<key>`" };

function documentOf(
  text: string,
  read: (members: Members, where: string) => Pick<PolicyStatement, "action" | "resource" | "principals">,
): PolicyDocument {
  const members = new Members(json(text), "");
  const version = members.take("Version");
  if (version !== "1") throw new PolicyFault("Version", `must be "1", not ${shown(version)}`);
  const list = members.take("Statement");
  members.end();
  if (!Array.isArray(list) || list.length === 0) throw new PolicyFault("Statement", "must be a list of at least one statement");
  return {
    statements: list.map((one: Json, index) => {
      const where = `Statement[${index + 1}]`;
      const members = new Members(one, where);
      const effect = members.take("Effect");
      if (effect !== "Allow" && effect !== "Deny") {
        throw new PolicyFault(`${where}.Effect`, `must be "Allow" or "Deny", not ${shown(effect)}`);
      }
      const { action, resource, principals } = read(members, where);
      const statement = { effect, action, resource, principals, conditions: conditions(members, where) } as const;
      members.end();
      return statement;
    }),
  };
}

function json(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new PolicyFault("", `not a JSON document: ${shortened(error instanceof Error ? error.message : String(error))}`);
  }
}

/** Members of an object, taken one by one, so that those that nobody took are found. */
class Members {
  readonly #where: string;
  readonly #left: Map<string, Json>;

  constructor(value: Json, where: string) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new PolicyFault(where, `must be an object, not ${shown(value)}`);
    }
    this.#where = where;
    this.#left = new Map(Object.entries(value));
  }
  has(name: string): boolean {
    return this.#left.has(name);
  }
  take(name: string): Json {
    if (!this.#left.has(name)) throw new PolicyFault(this.#where, `${name} is missing`);
    const value = this.#left.get(name);
    this.#left.delete(name);
    return value;
  }
  end(): void {
    const [unknown] = this.#left.keys();
    if (unknown !== undefined) throw new PolicyFault(this.#where, `${shown(unknown)} is no element that belongs here`);
  }
}

function selection(members: Members, where: string, name: "Action" | "Resource", form: Form): Selection {
  const [plain, inverse] = [members.has(name), members.has(`Not${name}`)];
  if (plain === inverse) throw new PolicyFault(where, `exactly one of ${name} and Not${name} must be there`);
  const chosen = inverse ? `Not${name}` : name;
  return { patterns: texts(members.take(chosen), `${where}.${chosen}`, form), inverted: inverse };
}

function conditions(members: Members, where: string): Condition[] {
  if (!members.has("Condition")) return [];
  return entries(members.take("Condition"), `${where}.Condition`).flatMap(([name, keys]) => {
    const operator = conditionOperators.get(name);
    if (operator === undefined) {
      throw new PolicyFault(`${where}.Condition`, `${shown(name)} is none of ${[...conditionOperators.keys()].join(", ")}`);
    }
    const at = `${where}.Condition.${name}`;
    const pairs = entries(keys, at);
    if (pairs.length === 0) throw new PolicyFault(at, "at least one condition key must be there");
    return pairs.map(([key, value]) => {
      if (!keyForm.test.test(key)) throw new PolicyFault(at, `a condition key must be ${keyForm.words}, not ${shown(key)}`);
      const condition = readCondition(name, operator, key, texts(value, `${at}.${shortened(key)}`, textForm));
      if ("fault" in condition) {
        throw new PolicyFault(`${at}.${shortened(key)}`, `must be ${valueForms[operator.type]}, not ${shown(condition.fault)}`);
      }
      return condition;
    });
  });
}

const principalKinds: readonly string[] = ["RAM", "Service", "Federated"];
function principals(value: Json, where: string): TrustedPrincipal[] {
  const trusted = entries(value, where).flatMap(([kind, list]): TrustedPrincipal[] => {
    const at = `${where}.${shortened(kind)}`;
    // Terraform always writes both RAM and Service, with an empty list for the one of which there is none.
    if (Array.isArray(list) && list.length === 0 && principalKinds.includes(kind)) return [];
    switch (kind) {
      case "RAM":
        return texts(list, at, ramForm).map((text) => {
          const { account = "", name = "" } = ramForm.test.exec(text)?.groups ?? {};
          return { type: "RAM", account, name };
        });
      case "Service":
        return texts(list, at, serviceForm).map((service) => ({ type: "Service", service }));
      case "Federated":
        return texts(list, at, federatedForm).map((provider) => ({ type: "Federated", provider }));
      default:
        throw new PolicyFault(where, `${shown(kind)} is none of ${principalKinds.join(", ")}`);
    }
  });
  if (trusted.length === 0) throw new PolicyFault(where, `at least one value of ${principalKinds.join(", ")} must be there`);
  return trusted;
}

function entries(value: Json, where: string): [string, Json][] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new PolicyFault(where, `must be an object, not ${shown(value)}`);
  }
  return Object.entries(value);
}

/** A text or a list of at least one. The documentation wants numbers, times and truth values in quotation marks too. */
function texts(value: Json, where: string, form: Form): string[] {
  const list = Array.isArray(value) ? value : [value];
  if (list.length === 0) throw new PolicyFault(where, "at least one value must be there");
  return list.map((one: Json, index) => {
    const at = Array.isArray(value) ? `${where}[${index + 1}]` : where;
    if (typeof one !== "string") throw new PolicyFault(at, `must be a text in quotation marks, not ${shown(one)}`);
    if (!form.test.test(one)) throw new PolicyFault(at, `must be ${form.words}, not ${shown(one)}`);
    return one;
  });
}

function shown(value: Json): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  return typeof value === "string" ? `"${shortened(value)}"` : String(value);
}
/** What a document holds may be long and hold anything, and a message must not. */
function shortened(text: string): string {
  return JSON.stringify(text.length <= 80 ? text : `${text.slice(0, 80)}…`).slice(1, -1);
}
