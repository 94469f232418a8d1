import { hash, randomBytes, timingSafeEqual } from "node:crypto";
import { Refusal } from "../contract/errors.ts";
import { adminErrors } from "../contract/gateway-errors.ts";
import { type AnyOperation, type Caller, operationKey } from "../contract/operation.ts";
import { type AnyKind, listAll } from "../contract/resource-kind.ts";
import { type RateLimit, type RateLimitedBy, type Settings } from "../contract/settings.ts";
import { day } from "../contract/time.ts";
import { accessKey, rootPrincipal, userIdOf } from "../services/ram/access-keys/access-key.ts";
import { type Account, account } from "../services/accounts/account.ts";
import { ramRole } from "../services/ram/roles/role.ts";
import { ramUser } from "../services/ram/users/user.ts";
import {
  type AccountSummary,
  accountByName,
  applySeed,
  createAccount,
  createKey,
  developmentKeysWork,
  type NewKey,
  onlyDevelopmentKeysExist,
  type Patched,
  patchResource,
  summarise,
  writableState,
} from "./administration.ts";
import { type Answer, execute, type Invocation, type Surroundings } from "./calls.ts";
import { readSettings, readSettingsDocument, writeSettingsDocument } from "./stored-settings.ts";
import { type Clock, type Pace, readClock, virtualTime, withPace, writeClock } from "./clock.ts";
import { Faults } from "./faults/faults.ts";
import { rootCaller, sessionCaller, userCaller } from "./principals.ts";
import { PermissionCache } from "./permissions.ts";
import { EventStream } from "./history/event-stream.ts";
import { History } from "./history/history.ts";
import { LongWork } from "./long-work.ts";
import { Recording } from "./recording.ts";
import { StoredResources } from "./resources.ts";
import type { SecretBox } from "./secrets.ts";
import { keepIndexes } from "./reindex.ts";
import { developmentSecrets, type Seed, type SeedAccount } from "./seed.ts";
import { readToken, type SessionClaims } from "./session-tokens.ts";
import { Snapshots } from "./snapshots/snapshots.ts";
import type { Rows, Store, WritableRows } from "./store.ts";
import { Statistics } from "./statistics.ts";
import type { Story } from "./story.ts";
import { type TaskFailureListener, TaskRunner } from "./tasks.ts";

/** How long a ClientToken is remembered at least, in virtual time. */
const tokenLifetime = 2 * day;
/** How often nonces and tokens that have expired are thrown away, in milliseconds. */
const housekeepingInterval = 60_000;
const adminTokenName = "adminToken";
const startPaceName = "startPace";

/** A signing key with what is behind it. */
export interface SigningKey {
  readonly caller: Caller;
  readonly secret: string;
  /** The key, its account and its user or role are there and enabled. */
  readonly usable: boolean;
  /** A temporary key whose time has run out. */
  readonly expired: boolean;
  /** The limits on its requests. */
  readonly rateLimits: Readonly<Record<RateLimitedBy, RateLimit | undefined>>;
}

/**
 * The middle of the house: runs calls, tasks and administration on a store.
 * It knows operations and kinds only as lists, and the database only as a `Store`.
 */
export class Engine {
  readonly operations: ReadonlyMap<string, AnyOperation>;
  readonly kinds: ReadonlyMap<string, AnyKind>;
  /** Notes which permissions calls ask for, while it is on. */
  readonly recording = new Recording();
  readonly eventStream: EventStream;
  readonly statistics: Statistics;
  /** Makes calls fail as they do in the cloud, where there are rules for it. */
  readonly faults: Faults;
  /** What was, and the way back to it. */
  readonly history: History;
  /** The whole state as files. */
  readonly snapshots: Snapshots;
  /** What is under way and takes more than a moment. */
  readonly longWork = new LongWork();
  readonly #around: Surroundings;
  readonly #store: Store;
  readonly #secrets: SecretBox;
  readonly #seed: Seed;
  readonly #exposed: boolean;
  readonly #codeFingerprint: string;
  readonly #tasks: TaskRunner;
  #housekeeping: NodeJS.Timeout | undefined;

  constructor(options: {
    readonly store: Store;
    readonly secrets: SecretBox;
    readonly operations: readonly AnyOperation[];
    readonly kinds: readonly AnyKind[];
    /** What an empty store is filled with. */
    readonly seed: Seed;
    /** Changes with the code of the kinds; a store that other code wrote gets its indexes built anew. */
    readonly codeFingerprint: string;
    /** Folder of the snapshots, made when first needed, and the version of Linkspan that they name. */
    readonly snapshots: { readonly folder: string; readonly version: string };
    /** Others than this machine can reach the server. */
    readonly exposed?: boolean;
    readonly onTaskFailure: TaskFailureListener;
  }) {
    this.#store = options.store;
    this.#secrets = options.secrets;
    this.#seed = options.seed;
    this.#exposed = options.exposed ?? false;
    this.#codeFingerprint = options.codeFingerprint;
    this.operations = new Map(options.operations.map((operation) => [operationKey(operation.product, operation.name), operation]));
    this.kinds = new Map(options.kinds.map((kind) => [kind.name, kind]));
    this.#around = { kinds: this.kinds, secrets: this.#secrets, permissions: new PermissionCache(), recording: this.recording };
    this.eventStream = new EventStream(this.#store, this.kinds);
    this.statistics = new Statistics(this.#store, this.kinds);
    this.faults = new Faults({
      operations: this.operations,
      kinds: this.kinds,
      now: async () => (await this.clock()).now,
      release: async (rule) => {
        await this.#store.write(async (rows) => rows.releaseTasks(virtualTime(await readClock(rows), Date.now()), rule));
        this.#tasks.wake();
      },
    });
    this.#tasks = new TaskRunner(this.#store, this.kinds, this.#secrets, options.onTaskFailure, this.faults);
    const shared = { store: this.#store, around: this.#around, exposed: this.#exposed, longWork: this.longWork };
    this.history = new History({ ...shared, afterwards: () => this.#tasks.wake() });
    this.snapshots = new Snapshots({ ...shared, ...options.snapshots, afterwards: () => this.#tasks.wake() });
  }

  /** Fills an empty store, takes up the tasks of a store that was in use, and starts working. */
  async start(pace: Pace | undefined): Promise<void> {
    await this.snapshots.start();
    await this.#store.write(async (rows) => {
      const first = (await rows.meta(startPaceName)) === undefined;
      if (first || pace !== undefined) await writeClock(rows, withPace(await readClock(rows), pace ?? "fast", Date.now()));
      await keepIndexes(rows, this.kinds, this.#secrets, this.#codeFingerprint);
      // The rules that put them off ended with the server that had them.
      await rows.releaseTasks(virtualTime(await readClock(rows), Date.now()));
      if (!first) return;
      await rows.putMeta(startPaceName, pace ?? "fast");
      await applySeed(rows, this.#around, this.operations, this.#seed);
    });
    // Reads every key, so that a wrong key file is told now and not by every call.
    await this.accounts();
    this.#tasks.wake();
    this.#housekeeping = setInterval(() => void this.#forget().catch(() => undefined), housekeepingInterval);
    this.#housekeeping.unref();
  }

  /** Makes the admin token of this store; `undefined` when it has one. Only its hash is kept, so it can be shown this once. */
  issueAdminToken(): Promise<string | undefined> {
    return this.#store.write(async (rows) => {
      if ((await rows.meta(adminTokenName)) !== undefined) return undefined;
      const adminToken = randomBytes(24).toString("base64url");
      await rows.putMeta(adminTokenName, hash("sha256", adminToken));
      return adminToken;
    });
  }

  async stop(): Promise<void> {
    clearInterval(this.#housekeeping);
    this.eventStream.end();
    await this.longWork.stop();
    await this.#tasks.stop();
    await this.#store.close();
  }

  /**
   * Runs a verified call; resolves when its write is on disk.
   * @throws {Refusal} the documented error of the first thing that does not hold
   */
  async execute(invocation: Invocation, story: Story): Promise<Answer> {
    const faults = this.faults.isEmpty ? undefined : await this.faults.meet(invocation);
    try {
      const answer = await execute(this.#store, this.#around, faults === undefined ? invocation : { ...invocation, faults }, story);
      if (story.changes.length > 0) this.#tasks.wake();
      if (faults !== undefined) await this.faults.succeeded(invocation, faults, story);
      return answer;
    } finally {
      faults?.settle(story);
    }
  }

  /** What a SecurityToken says; `undefined` for one that no server with this key file has made. */
  claimsOf(securityToken: string): SessionClaims | undefined {
    return readToken(this.#secrets, securityToken);
  }

  /**
   * The key that signs as `accessKeyId`; `undefined` for an unknown one.
   * @param claims what the SecurityToken of the request says, for a temporary key
   */
  signingKey(accessKeyId: string, claims?: SessionClaims): Promise<SigningKey | undefined> {
    return this.#store.read(async (rows) => {
      const state = new StoredResources(rows, this.kinds, this.#secrets);
      if (claims !== undefined) return this.#temporaryKey(rows, state, claims);
      const key = await state.get(accessKey, accessKeyId);
      const owner = key && (await state.get(account, key.account));
      if (key === undefined || owner === undefined) return undefined;
      const user = key.principal === rootPrincipal ? undefined : await state.get(ramUser, userIdOf(key.principal));
      const isThere = key.principal === rootPrincipal || user !== undefined;
      return {
        caller: user === undefined ? rootCaller(key.account, key.id) : userCaller(user, key.id),
        secret: key.secret,
        usable: key.state === "Active" && owner.state === "Enabled" && isThere,
        expired: false,
        rateLimits: await rateLimitsOf(rows, owner.id),
      };
    });
  }
  async #temporaryKey(rows: Rows, state: StoredResources, claims: SessionClaims): Promise<SigningKey | undefined> {
    const owner = await state.get(account, claims.account);
    const role = await state.get(ramRole, claims.roleId);
    if (owner === undefined) return undefined;
    return {
      caller: sessionCaller(role ?? { account: owner.id, id: claims.roleId, name: "" }, claims.accessKeyId, claims.session),
      secret: claims.secret,
      usable: owner.state === "Enabled" && role !== undefined,
      expired: virtualTime(await readClock(rows), Date.now()) >= claims.session.expiresAt,
      rateLimits: await rateLimitsOf(rows, owner.id),
    };
  }

  // Administration

  clock(): Promise<Clock & { readonly now: number }> {
    return this.#store.read(async (rows) => {
      const clock = await readClock(rows);
      return { ...clock, now: virtualTime(clock, Date.now()) };
    });
  }
  async setPace(pace: Pace): Promise<void> {
    await this.#store.write(async (rows) => writeClock(rows, withPace(await readClock(rows), pace, Date.now())));
    this.#tasks.wake();
  }
  /** Moves virtual time forward; resolves when all that became due is done. */
  advance(milliseconds: number): Promise<void> {
    return this.#tasks.advance(milliseconds);
  }

  accounts(): Promise<AccountSummary[]> {
    return this.#read(async (state) => {
      const summaries = [];
      for (const one of await listAll(state, account, [["all", "*"]])) summaries.push(await summarise(state, one));
      return summaries;
    });
  }
  /** Makes an account with a root key. */
  createAccount(given: SeedAccount): Promise<{ account: AccountSummary; key: NewKey }> {
    return this.#write(async (state) => {
      const created = await createAccount(state, given);
      const key = await createKey(state, created.id);
      return { account: await summarise(state, created), key };
    });
  }
  createKey(name: string): Promise<NewKey> {
    return this.#write(async (state) => createKey(state, (await this.#account(state, name)).id));
  }
  /** Stops all keys of an account at once. Its resources stay. */
  disableAccount(name: string): Promise<AccountSummary> {
    return this.#write(async (state) => {
      const found = await this.#account(state, name);
      if (found.state === "Enabled") await state.move(account, found, "disableAccount");
      return summarise(state, await this.#account(state, name));
    });
  }
  /**
   * The UID of an account that is named by either. A UID is taken as it is: there may have been such an account, or be one later.
   * @throws {Refusal} for a name that no account has
   */
  async accountUid(nameOrUid: string): Promise<string> {
    if (/^\d+$/.test(nameOrUid)) return nameOrUid;
    return this.#read(async (state) => (await this.#account(state, nameOrUid)).id);
  }
  async #account(state: StoredResources, name: string): Promise<Account> {
    const found = await accountByName(state, name);
    if (found !== undefined) return found;
    throw new Refusal(adminErrors.notFound, [`account ${name}`], "`linkspan account list` tells which there are");
  }

  developmentKeysWork(): Promise<boolean> {
    return this.#read(developmentKeysWork);
  }
  onlyDevelopmentKeysExist(): Promise<boolean> {
    return this.#read(onlyDevelopmentKeysExist);
  }
  async isAdminToken(token: string): Promise<boolean> {
    const stored = await this.#store.read((rows) => rows.meta(adminTokenName));
    return stored !== undefined && timingSafeEqual(Buffer.from(hash("sha256", token)), Buffer.from(stored));
  }

  settings(): Promise<Settings> {
    return this.#store.read(readSettingsDocument);
  }
  async putSettings(settings: Settings): Promise<void> {
    await this.#store.write((rows) => writeSettingsDocument(rows, settings));
  }

  patchResource(id: string, fields: Readonly<Record<string, unknown>>): Promise<Patched> {
    return this.#write((state) => patchResource(state, id, fields));
  }

  /**
   * Back to the first start. The admin token stays and event ids go on.
   * @throws {Refusal} when this would bring public keys back to a server that others can reach
   */
  async reset(): Promise<void> {
    const secrets = this.#seed.accounts.flatMap(({ keys }) => keys.map(({ secret }) => secret));
    if (this.#exposed && secrets.some((secret) => developmentSecrets.has(secret))) {
      throw new Refusal(adminErrors.exposed, ["a reset"], "start it on 127.0.0.1 first, or with a seed file that has keys of its own");
    }
    // First, so that no call leaves a task behind that is put off by a rule which is not there any more.
    await this.faults.clear();
    await this.#store.write(async (rows) => {
      await rows.clear();
      const pace = ((await rows.meta(startPaceName)) ?? "fast") as Pace;
      await writeClock(rows, withPace({ pace: "fast", offset: 0, stoppedAt: null }, pace, Date.now()));
      await applySeed(rows, this.#around, this.operations, this.#seed);
    });
    this.recording.forget();
    this.#tasks.wake();
  }

  /** For `ready`: how the store syncs, whether it takes a write now, what is moving, and how many fault rules are on. */
  async readiness(): Promise<{
    store: ReturnType<Store["describe"]>;
    writable: boolean;
    tasks: { moving: number; failed: number };
    faultRules: number;
  }> {
    const writable = await this.#store.probe().then(
      () => true,
      () => false,
    );
    return {
      store: this.#store.describe(),
      writable,
      tasks: await this.#store.read((rows) => rows.taskTotals()),
      faultRules: this.faults.size,
    };
  }

  #read<T>(work: (state: StoredResources) => Promise<T>): Promise<T> {
    return this.#store.read((rows) => work(new StoredResources(rows, this.kinds, this.#secrets)));
  }
  #write<T>(work: (state: Awaited<ReturnType<typeof writableState>>) => Promise<T>): Promise<T> {
    return this.#store.write(async (rows: WritableRows) => work(await writableState(rows, this.#around)));
  }

  async #forget(): Promise<void> {
    await this.#store.write(async (rows) => {
      await rows.forgetNonces(Date.now());
      await rows.forgetTokens(virtualTime(await readClock(rows), Date.now()) - tokenLifetime);
    });
  }
}

async function rateLimitsOf(rows: Rows, accountId: string): Promise<SigningKey["rateLimits"]> {
  const settings = await readSettings(rows);
  return { key: settings.rateLimit("key", accountId), account: settings.rateLimit("account", accountId) };
}
