import assert from "node:assert/strict";
import { test } from "node:test";
import { gone, isTransitional, movesOf, nothing } from "../../src/contract/state-table.ts";
import { kinds, operations } from "../../src/services/index.ts";

/** Every state table is whole: nothing leads nowhere, nothing is out of reach, nothing hangs. */

for (const kind of kinds) {
  const { initial, states } = kind.states;
  const moves = movesOf(kind.states);

  test(`${kind.name}: every move leads to a declared state or out of the store`, () => {
    assert.ok(moves.length > 0);
    for (const { from, event, to } of moves) {
      assert.ok(to === gone || Object.hasOwn(states, to), `${from} --${event}--> ${to}`);
    }
    for (const [from, state] of Object.entries(states)) {
      for (const [event, target] of Object.entries(state.moves)) {
        if (typeof target === "string") continue;
        assert.equal(new Set(target.oneOf).size, target.oneOf.length, `${from} --${event}`);
        assert.ok(target.oneOf.length > 1, `${from} --${event}: a choice of one is none`);
      }
    }
  });

  test(`${kind.name}: every state is reached from a first one`, () => {
    const reached = new Set(Object.values(initial));
    for (let grew = true; grew;) {
      const before = reached.size;
      for (const { from, to } of moves) if (from !== nothing && to !== gone && reached.has(from)) reached.add(to);
      grew = reached.size > before;
    }
    assert.deepEqual(
      Object.keys(states).filter((state) => !reached.has(state)),
      [],
    );
  });

  test(`${kind.name}: a state that ends by itself does so by one of its own moves`, () => {
    for (const [name, { task, moves: own }] of Object.entries(states)) {
      if (task !== undefined) assert.ok(Object.hasOwn(own, task.event), `${name} ends by ${task.event}`);
      // A state named as something under way must be ended by somebody.
      if (name.endsWith("ing")) assert.ok(task !== undefined, `${name} has no task`);
    }
  });

  test(`${kind.name}: while a task is at work no call of a client moves the resource`, () => {
    const calls = new Set(operations.map(({ name }) => name));
    for (const [name, { moves: own }] of Object.entries(states)) {
      if (!isTransitional(kind.states, name)) continue;
      assert.deepEqual(
        Object.keys(own).filter((event) => calls.has(event)),
        [],
        name,
      );
    }
  });

  test(`${kind.name}: an event that is named like a call is a call of this server, and reactions belong to events`, () => {
    const calls = new Set(operations.map(({ name }) => name));
    const events = new Set(moves.map(({ event }) => event));
    assert.deepEqual(
      [...events].filter((event) => /^[A-Z]/.test(event) && !calls.has(event)),
      [],
    );
    assert.deepEqual(
      Object.keys(kind.onEvent ?? {}).filter((event) => !events.has(event)),
      [],
    );
  });

  test(`${kind.name}: what it is part of exists, and takes it along`, () => {
    for (const { kind: whole, index, event } of kind.partOf ?? []) {
      assert.ok(kinds.some(({ name }) => name === whole) && kind.indexes[index] !== undefined, `${whole}, ${index}`);
      assert.ok(
        moves.some((move) => move.event === event && move.to === gone),
        event,
      );
    }
  });

  test(`${kind.name}: totals are kept of lists that exist`, () => {
    assert.deepEqual(
      kind.counted.filter((index) => !Object.hasOwn(kind.indexes, index)),
      [],
    );
  });
}

/** The cloud gives attachments ids like those of connections: nobody sees from an id which of them it is. */
const sharesItsPrefix = "vpn-attachment";

test("names, id prefixes and tag types of kinds are unique", () => {
  assert.ok(kinds.length >= 9);
  for (const values of [
    kinds.map(({ name }) => name),
    kinds.filter(({ name }) => name !== sharesItsPrefix).map(({ idPrefix }) => idPrefix),
    kinds.flatMap(({ tagType }) => tagType ?? []),
  ]) {
    assert.equal(new Set(values).size, values.length, values.join(", "));
  }
});

test("a write that returns before its work is done leaves something in a state that a task ends", () => {
  const startsWork = new Set(
    kinds.flatMap(({ states }) =>
      movesOf(states)
        .filter(({ to }) => to !== gone && states.states[to]?.task !== undefined)
        .map(({ event }) => event),
    ),
  );
  const asynchronous = operations.filter(({ pollWith }) => pollWith !== undefined).map(({ name }) => name);
  assert.ok(asynchronous.length >= 8);
  assert.deepEqual(
    asynchronous.filter((name) => !startsWork.has(name)),
    [],
  );
});
