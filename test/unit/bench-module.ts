/** A module of bench/, which is JavaScript without declarations. */
export function benchModule(path: string) {
  return import(new URL(`../../bench/${path}`, import.meta.url).href);
}
