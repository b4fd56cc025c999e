import { LRUCache } from 'lru-cache';

/** Who asks for an answer that is not there yet. */
export interface Passenger {
  /** It has not ended. */
  readonly active: boolean;
  /** It is to make the answer. */
  lead(): void;
  served(value: unknown): void;
  refused(error: unknown): void;
}

interface Answer {
  readonly value: unknown;
}

/** Answers by key, and those that are being made. */
export class CacheStore {
  readonly #answers: LRUCache<string, Answer>;
  readonly #flights = new Map<string, Flight>();
  readonly #remembers: boolean;
  readonly #places = new WeakMap<object, number>();
  #placesGiven = 0;
  #now = 0;

  /** @param ttlMs how long an answer is good for */
  constructor(max: number, ttlMs: number | undefined) {
    // To the LRU, 0 means for ever.
    this.#remembers = ttlMs !== 0;
    // A start time of 0 means none to it, and virtual time begins there: its clock is one ahead.
    const perf = { now: () => this.#now + 1 };
    const expiry = ttlMs === undefined ? {} : { ttl: Math.ceil(ttlMs), ttlResolution: 0, perf };
    this.#answers = new LRUCache({ max, ...expiry });
  }

  /** A number for what is remembered: another one for a step that differs in more than its input. */
  placeOf(step: object): number {
    const place = this.#places.get(step) ?? this.#placesGiven++;
    this.#places.set(step, place);
    return place;
  }

  get(key: string, now: number): Answer | undefined {
    this.#now = now;
    return this.#answers.get(key);
  }

  /** Gives what forgets it again. */
  set(key: string, value: unknown, now: number): () => void {
    const answer: Answer = { value };
    this.#now = now;
    if (this.#remembers) this.#answers.set(key, answer);
    return () => {
      if (this.#answers.peek(key, { allowStale: true }) === answer) this.#answers.delete(key);
    };
  }

  isMaking(key: string): boolean {
    return this.#flights.has(key);
  }

  /** Waits for the answer, or makes it, if nobody does. */
  join(key: string, passenger: Passenger): Flight {
    const flight = this.#flights.get(key) ?? new Flight(() => this.#flights.delete(key));
    this.#flights.set(key, flight);
    flight.board(passenger);
    return flight;
  }
}

/** One answer being made: the first on board makes it, the others wait. */
export class Flight {
  readonly #ended: () => void;
  #passengers = new Set<Passenger>();
  #leader: Passenger | undefined;

  constructor(ended: () => void) {
    this.#ended = ended;
  }

  board(passenger: Passenger): void {
    this.#passengers.add(passenger);
    if (this.#leader !== undefined) return;
    this.#leader = passenger;
    passenger.lead();
  }

  landed(value: unknown): void {
    for (const passenger of this.#empty()) passenger.served(value);
  }

  crashed(error: unknown): void {
    for (const passenger of this.#empty()) passenger.refused(error);
  }

  /** One gives up; if it was the one who made the answer, the next does. */
  leave(passenger: Passenger): void {
    if (!this.#passengers.delete(passenger) || this.#leader !== passenger) return;
    const next = [...this.#passengers].find(({ active }) => active);
    this.#leader = next;
    if (next === undefined) this.#ended();
    else next.lead();
  }

  #empty(): Passenger[] {
    this.#ended();
    const waiting = [...this.#passengers].reverse().filter((passenger) => passenger !== this.#leader);
    this.#passengers = new Set();
    return waiting;
  }
}
