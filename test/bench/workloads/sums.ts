/** The sum of `size` whole numbers that follow each other, from `from` on. */
export function sumFrom(from: number, size: number): number {
  return size * from + (size * (size - 1)) / 2;
}
