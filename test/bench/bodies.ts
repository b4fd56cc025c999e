// What the steps of all engines do: next to nothing, so that what is measured is the engine.

export const increment = (value: number): number => value + 1;

export const incrementLater = async (value: number): Promise<number> => value + 1;

/** What a node of the lattice makes of its neighbours. It stays small, so that it stays an integer for V8. */
export const combineLater = async (value: number): Promise<number> => (value % 1_000_003) + 1;

export const sum = (total: number, value: number): number => total + value;

/** Items, one by one, each made when it is asked for. */
export function* counted(size: number, from: number): Generator<number, void> {
  for (let index = 0; index < size; index++) yield from + index;
}

/** The chunks of a stream, one by one, each when it is asked for. */
export async function* countLater(size: number, from: number): AsyncGenerator<number, number> {
  for (let index = 0; index < size; index++) yield from + index;
  return size;
}

/** A promise to be kept by hand. */
export function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
