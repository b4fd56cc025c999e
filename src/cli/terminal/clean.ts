/** Texts of users, models and files may hold codes that a terminal would obey: they become blanks. */
export function clean(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu, ' ');
}
