import { numberedPage } from "./common-parameters.ts";
import type { Filter, Resource, ResourceKind, ResourceReader } from "./resource-kind.ts";

/** A numbered page with what the older list operations answer beside it. */
export interface NumberedList<B extends object> {
  readonly items: readonly Resource<B>[];
  readonly TotalCount: number;
  readonly PageNumber: number;
  readonly PageSize: number;
}

/**
 * Answers a numbered page of the resources that match `filter`; of several kinds, those of the first come first.
 * With `ids`, only those of them are looked at, so that the cost is theirs.
 */
export async function listNumbered<B extends object>(
  state: ResourceReader,
  kinds: ResourceKind<B> | readonly ResourceKind<B>[],
  filter: Filter,
  input: { readonly PageNumber: number; readonly PageSize: number },
  ids: readonly string[] = [],
): Promise<NumberedList<B>> {
  const page = numberedPage(input);
  const items: Resource<B>[] = [];
  let TotalCount = 0;
  for (const kind of [kinds].flat()) {
    const offset = Math.max(page.offset - TotalCount, 0);
    const limit = page.limit - items.length;
    if (ids.length > 0) {
      const matching: Resource<B>[] = [];
      for (const id of new Set(ids)) {
        const resource = await state.get(kind, id);
        if (resource !== undefined && matches(kind, resource, filter)) matching.push(resource);
      }
      items.push(...matching.slice(offset, offset + limit));
      TotalCount += matching.length;
      continue;
    }
    if (limit > 0) items.push(...(await state.list(kind, filter, { offset, limit })).map(({ resource }) => resource));
    TotalCount += await state.count(kind, filter);
  }
  return { items, TotalCount, PageNumber: input.PageNumber, PageSize: input.PageSize };
}

/** What a numbered list answers when nothing can match. */
export function listNothing(input: { readonly PageNumber: number; readonly PageSize: number }): {
  TotalCount: number;
  PageNumber: number;
  PageSize: number;
} {
  return { TotalCount: 0, PageNumber: input.PageNumber, PageSize: input.PageSize };
}

/** A page of a list that is continued by token. */
export interface TokenList<B extends object> {
  readonly items: readonly Resource<B>[];
  readonly total: number;
  /** Absent on the last page. */
  readonly next: string | undefined;
}

/** Answers at most `limit` resources that match `filter`, behind those of the page that gave `token`. */
export async function listByToken<B extends object>(
  state: ResourceReader,
  kind: ResourceKind<B>,
  filter: Filter,
  token: string | undefined,
  limit: number,
): Promise<TokenList<B>> {
  // One more than asked for tells whether anything follows.
  const listed = await state.list(kind, filter, { after: state.positionOf(token), limit: limit + 1 });
  const page = listed.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(({ resource }) => resource),
    total: await state.count(kind, filter),
    next: listed.length > page.length && last !== undefined ? state.pageToken(last.position) : undefined,
  };
}

/** Whether a resource stands in all lists of a filter. */
export function matches<B extends object>(kind: ResourceKind<B>, resource: Resource<B>, filter: Filter): boolean {
  return filter.every(([index, value]) => kind.indexes[index]?.(resource).includes(value) === true);
}
