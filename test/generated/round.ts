import assert from "node:assert/strict";
import type { AnyOperation } from "../../src/contract/operation.ts";
import { operations } from "../../src/services/index.ts";
import { Random } from "../support/random.ts";
import type { Key } from "../support/caller.ts";
import type { SpawnedServer } from "../support/server.ts";
import { assertReplayGivesRows } from "../store/replay.ts";
import { RawConnection } from "../wire/raw.ts";
import { describeDraft, type Draft, draftOf } from "./drafts.ts";
import { type Noise, noiseOf } from "./noise.ts";
import { type SignedRequest, Signer } from "../support/signer.ts";
import type { Stored, StoreWatch } from "./store-watch.ts";
import type { Tally } from "./tally.ts";
import { assertWellFormed, type Read, type Received } from "./well-formed.ts";

/** Each round begins in pace `instant` and goes on in `stepped`, where work stays under way until the clock is advanced. */
const instantShare = 0.4;
const requestsPerAdvance = 10;
/** Seconds of one advance. All of a round's come to hours: after two days the server would forget tokens, and the store change by itself. */
const advances = [15, 30, 30, 60, 90];
/** How often an accepted call with a ClientToken is sent again, noise hangs up before it is answered, and an answer's explanation is read. */
const repeatShare = 0.02;
const hangUpShare = 0.1;
const explainedShare = 0.05;

/** Ends of links connect only when each has been told of the other, links are activated that were frozen, circuits used that were built and paid, and calls made by sessions. */
const furthers = [
  "ModifyRouterInterfaceAttribute",
  "ConnectRouterInterface",
  "DeactivateRouterInterface",
  "ConfirmPhysicalConnection",
  "EnablePhysicalConnection",
  "AddBgpNetwork",
  "AssumeRole",
];

/** What a failure shows at most. */
const shownChanges = 12;
const shownCharacters = 2_000;

/** What a round works with. */
export interface Surroundings {
  readonly server: SpawnedServer;
  /** Root keys of the accounts. */
  readonly keys: readonly Key[];
  /** Keys of users that may do everything, one an account. */
  readonly operators: readonly Key[];
  readonly watch: StoreWatch;
  readonly tally: Tally;
}

interface Requests {
  readonly signed: number;
  readonly noise: number;
}

/** A call that was accepted, to be sent once more. */
interface Accepted {
  readonly draft: Draft;
  readonly said: unknown;
}

/** Every operation once, those that create something twice and those without which others cannot be, in another order each time. */
function* deck(random: Random): Generator<AnyOperation, never> {
  const all = [...operations, ...operations.filter(({ name }) => name.startsWith("Create") || furthers.includes(name))];
  for (;;) yield* random.shuffled(all);
}

/** Keys of users and sessions that were made in the round and sign further calls, the latest of an account. */
const learntMax = 6;

/** Some thousand requests on a store that was reset, one after the other, all decided by one seed. */
export class Round {
  readonly #around: Surroundings;
  readonly #random: Random;
  readonly #signers: ReadonlyMap<string, Signer>;
  /** By account, the operator first. */
  readonly #others: ReadonlyMap<string, Signer[]>;
  readonly #accepted: Accepted[] = [];
  #last: SignedRequest | undefined;

  constructor(around: Surroundings, seed: number) {
    this.#around = around;
    this.#random = new Random(seed);
    this.#signers = new Map(around.keys.map((key) => [key.account, new Signer(around.server.url, key)]));
    this.#others = new Map(around.operators.map((key) => [key.account, [new Signer(around.server.url, key)]]));
  }

  /** Makes so many requests. A failure says with which seed it is seen again. */
  async run(requests: Requests): Promise<void> {
    try {
      await this.#run(requests);
    } catch (error) {
      const again = `Again: LINKSPAN_TEST_SEED=${this.#random.seed} npm test -- test/generated`;
      throw new Error(`${error instanceof Error ? error.message : String(error)}\n${again}`, { cause: error });
    }
  }

  async #run({ signed, noise }: Requests): Promise<void> {
    const random = this.#random;
    const { server, watch } = this.#around;
    await this.#administer("reset");
    watch.restart();
    const cards = deck(random);
    const stepped = Math.ceil(instantShare * (signed + noise));
    for (let serial = 0; signed + noise > 0; serial++) {
      if (serial === stepped) await this.#administer("clock/pace", { pace: "stepped" });
      if (serial > stepped && random.below(requestsPerAdvance) === 0)
        await this.#administer("clock/advance", { seconds: random.pick(advances) });
      const draft = draftOf(random, cards.next().value, this.#nameable(), serial);
      if (this.#last !== undefined && random.chance(noise / (noise + signed))) {
        noise--;
        await this.#makeNoise(draft, this.#last);
        continue;
      }
      signed--;
      if (this.#accepted.length > 0 && random.chance(repeatShare)) await this.#repeat(random.pick(this.#accepted));
      else await this.#call(draft);
    }
    watch.assertLogStands();
    assertReplayGivesRows(server.folder);
    const { tasks } = (await server.admin("GET", "ready")).body;
    assert.equal(tasks.failed, 0, "no work has failed");
  }

  /** What a call may name: all there is but the keys that sign and who has them, whom it could end. */
  #nameable(): readonly Stored[] {
    const { keys, operators, watch } = this.#around;
    const signing = new Set([...keys, ...operators].map(({ id }) => id));
    const principals = new Set(watch.resources.filter(({ id }) => signing.has(id)).map((key) => key["principal"]));
    return watch.resources.filter(
      ({ id, entityId = id }) => !signing.has(id) && !principals.has(`user/${id}`) && !principals.has(`user/${entityId}`),
    );
  }
  /** Remembers the key that a call has made, if it has made one. */
  #learn({ operation, account, pairs }: Draft, said: any): void {
    const made = operation.name === "AssumeRole" ? said.Credentials : operation.name === "CreateAccessKey" ? said.AccessKey : undefined;
    if (made === undefined) return;
    const arn = pairs.find(([name]) => /^RoleArn$/i.test(name))?.[1];
    const owner = arn?.split(":")[3] ?? account;
    const key = { account: owner, id: made.AccessKeyId, secret: made.AccessKeySecret };
    const token = made.SecurityToken === undefined ? {} : { token: made.SecurityToken };
    const others = this.#others.get(owner) as Signer[];
    others.push(new Signer(this.#around.server.url, { ...key, ...token }));
    if (others.length > 1 + learntMax) others.splice(1, 1);
  }
  get #sessions(): readonly Signer[] {
    return [...this.#others.values()].flat().filter(({ key }) => key.token !== undefined);
  }

  async #administer(path: string, body?: unknown): Promise<void> {
    const { status, body: answer } = await this.#around.server.admin("POST", path, body);
    assert.equal(status, 200, JSON.stringify(answer));
    this.#around.watch.look();
  }

  /** Sends a draft, and holds its answer and what it has done against what must be true of every call. */
  async #call(draft: Draft): Promise<void> {
    await this.#signed(draft, "", async (answer) => {
      const read = readAnswer(answer, draft);
      this.#around.tally.metSigned(draft.operation, read);
      const changes = this.#around.watch.look();
      if (read.code !== "OK") nothingHasChanged("a refused call", changes);
      else if ("read" in draft.operation) nothingHasChanged("a read", changes);
      // Others may have lost their permission by the time of the repeat.
      else if (tokenOf(draft) !== undefined && draft.by === "root") this.#accepted.push({ draft, said: read.said });
      if (read.code === "OK") this.#learn(draft, read.said);
      await this.#explain(read);
    });
  }

  /** Sends an accepted call once more: it answers what it answered before, and does nothing. */
  async #repeat({ draft, said }: Accepted): Promise<void> {
    await this.#signed(draft, "once more: ", async (answer) => {
      const read = readAnswer(answer, draft);
      this.#around.tally.metRepeat(read);
      assert.deepEqual(read.said, said, "a repeat answers what the first call answered");
      nothingHasChanged("a repeat", this.#around.watch.look());
    });
  }

  /** Sends noise: it is refused, or not answered at all where it never became a request, and does nothing. */
  async #makeNoise(draft: Draft, last: SignedRequest): Promise<void> {
    const { server, tally, watch } = this.#around;
    const material = { endpoint: server.endpoint, draft, signer: this.#signerOf(draft), sessions: this.#sessions, last };
    const noise = await noiseOf(this.#random, material);
    const hangsUp = this.#random.chance(hangUpShare);
    const told = `  noise${hangsUp ? " that hung up" : ""}: ${noise.what}\n  sent: ${shownBytes(noise)}`;
    await this.#judged(
      told,
      () => exchange(server.endpoint, noise, hangsUp),
      async (answer) => {
        assert.ok(answer !== undefined || hangsUp || noise.mayGoUnanswered, "the server closed without an answer");
        if (answer !== undefined) assert.notEqual(answer.status, 200, "noise succeeds in nothing");
        const read = answer && assertWellFormed(answer, undefined);
        tally.metNoise(read);
        nothingHasChanged("noise", watch.look());
        if (read !== undefined) await this.#explain(read);
      },
    );
  }

  /** Reads now and then what the server tells of a request: the code that was answered, and one rule at most that did not hold. */
  async #explain({ requestId, code }: Read): Promise<void> {
    if (!this.#random.chance(explainedShare)) return;
    const { status, body } = await this.#around.server.admin("GET", `requests/${requestId}`);
    assert.equal(status, 200, JSON.stringify(body));
    assert.equal(body.code, code);
    const verdicts = body.rules.map(({ held }: { held: boolean | null }) => (held === null ? "0" : held ? "+" : "-")).join("");
    assert.match(verdicts, code === "OK" ? /^\+*0*$/ : /^\+*-0*$/, "the story of the request adds up");
  }

  /** Sends a draft and runs assertions on its answer. */
  async #signed(draft: Draft, how: string, assertions: (answer: Received) => Promise<void>): Promise<void> {
    const { operation, pairs, options, appended } = draft;
    const signer = this.#signerOf(draft);
    const signed = await signer.sign(operation.product.version, operation.name, pairs, options);
    const request = appended === "" ? signed : { ...signed, path: `${signed.path}${signed.path.includes("?") ? "&" : "?"}${appended}` };
    this.#last = request;
    const { method, path, headers, body } = request;
    const told = `  ${how}${describeDraft(draft)}\n  key: ${signer.key.id}\n  sent: ${method} ${cut(path)}\n        ${cut(body)}`;
    const send = async (): Promise<Received> => {
      const response = await fetch(`${this.#around.server.url}${path}`, { method, headers, ...(method === "GET" ? {} : { body }) });
      return { status: response.status, headers: response.headers, text: await response.text() };
    };
    await this.#judged(told, send, assertions);
  }

  #signerOf({ account, by }: Draft): Signer {
    const others = this.#others.get(account) as Signer[];
    return by === "root" ? (this.#signers.get(account) as Signer) : (others[Math.floor(by * others.length)] as Signer);
  }

  /** Sends something and runs assertions on the answer. One that fails tells what was sent, the answer, and how to see it again. */
  async #judged<A extends Received | undefined>(
    told: string,
    send: () => Promise<A>,
    assertions: (answer: A) => Promise<void>,
  ): Promise<void> {
    let answer: A | undefined;
    try {
      answer = await send();
      await assertions(answer);
    } catch (error) {
      const received = answer === undefined ? "none" : `${answer.status} ${cut(answer.text)}`;
      const { server } = this.#around;
      const end = server.process.exitCode === null ? "" : `  The server has ended:\n${server.output()}\n`;
      throw new Error(`${error instanceof Error ? error.message : String(error)}\n${told}\n  answer: ${received}\n${end}`, {
        cause: error,
      });
    }
  }
}

function readAnswer(answer: Received, draft: Draft): Read {
  const { operation, pairs, appended, options } = draft;
  const names = [...pairs.map(([name]) => name), appended.split("=")[0] ?? ""];
  const read = assertWellFormed(answer, operation, names);
  // What was appended afterwards is signed only if the form has it too.
  if (appended === "") assert.notEqual(read.code, "SignatureDoesNotMatch", "what was signed as it should be is taken so");
  const wanted = /^xml$/i.test(options.format ?? "") ? "XML" : "JSON";
  // Of a request that is too large to be read nobody knows the format.
  if (answer.status !== 431) assert.equal(read.format, wanted);
  return read;
}

function tokenOf({ operation, pairs }: Draft): string | undefined {
  if (!("ClientToken" in operation.parameters)) return undefined;
  return pairs.find(([name, value]) => name.toLowerCase() === "clienttoken" && value !== "")?.[1];
}

function nothingHasChanged(after: string, changes: (() => string[]) | undefined): void {
  if (changes !== undefined) assert.fail(`after ${after} the store has changed:\n${changes().slice(0, shownChanges).join("\n")}`);
}

function cut(text: string): string {
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}… (${text.length} characters)` : text;
}
function shownBytes({ bytes }: Noise): string {
  return cut(JSON.stringify(Buffer.from(bytes).toString("latin1")));
}

/** Sends bytes on a connection of their own and says that no more will come; then reads one answer, or hangs up. */
async function exchange(endpoint: string, { bytes }: Noise, hangsUp: boolean): Promise<Received | undefined> {
  const connection = new RawConnection(endpoint);
  connection.write(bytes);
  if (hangsUp) {
    await connection.breakOff();
    return undefined;
  }
  connection.halfClose();
  try {
    return await connection.response();
  } finally {
    connection.destroy();
  }
}
