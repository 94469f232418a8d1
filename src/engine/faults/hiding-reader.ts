import type {
  AnyKind,
  Filter,
  Listed,
  ListOptions,
  Resource,
  ResourceBase,
  ResourceKind,
  ResourceReader,
} from "../../contract/resource-kind.ts";

/** Resources that one look at a list takes up. */
const pageSize = 200;

/** What a call sees of the store while fault rules hide young resources from it. */
export class HidingReader implements ResourceReader {
  readonly #reader: ResourceReader;
  readonly #hides: (kind: AnyKind, resource: ResourceBase) => boolean;
  readonly #youngSince: number;

  /** @param youngSince virtual time; whatever was made before it is not hidden */
  constructor(reader: ResourceReader, hides: (kind: AnyKind, resource: ResourceBase) => boolean, youngSince: number) {
    this.#reader = reader;
    this.#hides = hides;
    this.#youngSince = youngSince;
  }

  async get<B extends object>(kind: ResourceKind<B>, id: string): Promise<Resource<B> | undefined> {
    const resource = await this.#reader.get(kind, id);
    return resource === undefined || this.#hides(kind, resource) ? undefined : resource;
  }

  async find(id: string): Promise<{ kind: AnyKind; resource: ResourceBase } | undefined> {
    const found = await this.#reader.find(id);
    return found === undefined || this.#hides(found.kind, found.resource) ? undefined : found;
  }

  async list<B extends object>(kind: ResourceKind<B>, filter: Filter, { offset = 0, after = 0, limit }: ListOptions): Promise<Listed<B>[]> {
    const seen: Listed<B>[] = [];
    for (let from = after; seen.length < offset + limit;) {
      const page = await this.#reader.list(kind, filter, { after: from, limit: pageSize });
      seen.push(...page.filter(({ resource }) => !this.#hides(kind, resource)));
      const last = page.at(-1);
      if (last === undefined || page.length < pageSize) break;
      from = last.position;
    }
    return seen.slice(offset, offset + limit);
  }

  async count(kind: AnyKind, filter: Filter): Promise<number> {
    const total = await this.#reader.count(kind, filter);
    let hidden = 0;
    // Lists are in the order of creation, so the young stand at the end.
    for (let end = total; end > 0;) {
      const offset = Math.max(0, end - pageSize);
      const page = await this.#reader.list<object>(kind, filter, { offset, limit: end - offset });
      hidden += page.filter(({ resource }) => this.#hides(kind, resource)).length;
      if (page[0] === undefined || page[0].resource.createdAt < this.#youngSince) break;
      end = offset;
    }
    return total - hidden;
  }

  pageToken(position: number): string {
    return this.#reader.pageToken(position);
  }
  positionOf(token: string | undefined): number {
    return this.#reader.positionOf(token);
  }
}
