/** The time of the database's clock in milliseconds, unless the value at `place` says what time it is. */
export function nowSql(place: string): string {
  return `coalesce(${place}::float8, floor(extract(epoch FROM clock_timestamp()) * 1000)::float8)`;
}
